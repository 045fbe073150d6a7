/**
 * Observes an application that is not edited: `node --import @rlm-toolkit/observability/register app.js`.
 *
 * @packageDocumentation
 */
import { observeProcess } from "./observe-process.ts";

observeProcess();
