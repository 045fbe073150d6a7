// An application that calls in a worker thread.
import { Worker } from "node:worker_threads";

new Worker(new URL("calls.js", import.meta.url));
