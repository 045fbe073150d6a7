import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** Heap in use after collecting what is garbage. Bytes. */
export async function heapAfterCollection(): Promise<number> {
  for (let round = 0; round < 6; round += 1) {
    collect();
    // finalisers run in tasks of their own, and make more garbage
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return process.memoryUsage().heapUsed;
}
