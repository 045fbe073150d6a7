import * as z from "zod";
import type { EventObjects } from "../events/object-docs.ts";

/** What JSON Schemas define once and refer to, by the names of the events page. */
export const named = z.registry<{ id: keyof EventObjects }>();
