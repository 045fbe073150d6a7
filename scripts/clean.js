// A build adds files and never removes any: without this, a deleted source would still ship.
import { rmSync } from "node:fs";

rmSync("dist", { recursive: true, force: true });
