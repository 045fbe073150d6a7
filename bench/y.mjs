import { setImmediate } from "node:timers/promises";
import { CHAT, STREAM } from "./provider.js";
import { subjects } from "./subjects.js";
globalThis.T = [];
const [kind, n0, ...variants] = process.argv.slice(2);
const U = "http://127.0.0.1:14318";
const ours = await subjects.ours(U);
const bare = await subjects.bare(U);
const floor = await subjects.floor(U);
// floor registers globals: run it first? use own
const req = kind === "chat" ? CHAT : STREAM;
const n = +n0;
const all = [["bare", bare, ""], ["floor", floor, ""], ...variants.map((v) => [v, ours, v])];
const t = Object.fromEntries(all.map((a) => [a[0], []]));
for (let r = -3; r < 15; r++)
  for (const [name, s, flags] of all) {
    globalThis.T = flags.split(",");
    const c = process.cpuUsage();
    for (let i = 0; i < n; i++) {
      await s.call(req);
      if (i % 10 === 0) await setImmediate();
    }
    await s.flush();
    const u = process.cpuUsage(c);
    if (r >= 0) t[name].push((u.user + u.system) / n);
  }
const med = (v) => v.toSorted((a, b) => a - b)[v.length >> 1];
for (const [k, v] of Object.entries(t))
  console.log(
    k.padEnd(30),
    med(v).toFixed(1).padStart(8),
    med(v.map((x, i) => x - t.bare[i]))
      .toFixed(1)
      .padStart(8),
    Math.min(...v)
      .toFixed(1)
      .padStart(8),
  );
process.exit(0);
