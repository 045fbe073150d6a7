// One subject in a process of its own, run with `--expose-gc`: a page of metrics, asked for again and again.
import { setTimeout } from "node:timers/promises";
import { scrapeSubjects, seriesOf } from "./scrape-subjects.js";

/** Between two scrapes. */
const REST_MS = 20;
/** A process is scraped for days: the first pages load and compile, and are not counted. */
const WARM_UP_ROUNDS = 5;

process.once("message", ({ name, wanted, rounds, page }) => void run(name, wanted, rounds, page));

async function run(name, wanted, rounds, like) {
  const scrape = await scrapeSubjects[name](wanted, like);
  const times = [];
  const stalls = [];
  let page = "";
  for (let round = -WARM_UP_ROUNDS; round < rounds; round += 1) {
    globalThis.gc();
    await setTimeout(REST_MS);
    const stopWatching = watchLoop();
    const startedAt = performance.now();
    page = await scrape();
    const timeMs = performance.now() - startedAt;
    const stallMs = await stopWatching();
    if (round < 0) continue;
    times.push(timeMs);
    stalls.push(stallMs);
  }
  process.send({ times, stalls, page, series: seriesOf(page) });
}

/** Turns of the event loop, one after the other; gives the longest wait between two of them, in ms. */
function watchLoop() {
  let last = performance.now();
  let longest = 0;
  let watching = true;
  const turn = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    if (watching) setImmediate(turn);
  };
  setImmediate(turn);
  return async () => {
    // the turn that the page itself has held up is one of them
    await setTimeout(1);
    watching = false;
    return longest;
  };
}
