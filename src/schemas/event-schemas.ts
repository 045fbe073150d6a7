import * as z from "zod";
import {
  categoryOf,
  type Event,
  type EventData,
  type EventOf,
  type EventType,
} from "../events/index.ts";
import { agentEvents } from "./agent-event-schemas.ts";
import type { Exact } from "./exact.ts";
import { hitlEvents } from "./hitl-event-schemas.ts";
import { llmEvents } from "./llm-event-schemas.ts";
import { amount, text } from "./scalars.ts";
import { sessionEvents } from "./session-event-schemas.ts";
import { systemEvents } from "./system-event-schemas.ts";
import { toolEvents } from "./tool-event-schemas.ts";

const dataSchemas = {
  ...llmEvents,
  ...agentEvents,
  ...toolEvents,
  ...hitlEvents,
  ...sessionEvents,
  ...systemEvents,
} satisfies Record<EventType, z.ZodType>;

const envelope = {
  id: text.min(1),
  timestamp: amount,
  sessionId: text.exactOptional(),
  correlationId: text.exactOptional(),
  causationId: text.exactOptional(),
  traceId: text.regex(/^[0-9a-f]{32}$/).exactOptional(),
  spanId: text.regex(/^[0-9a-f]{16}$/).exactOptional(),
};

const { id, ...links } = envelope;

/** The event types whose data is not what these schemas read. */
type Drifted = {
  [T in keyof typeof dataSchemas]: T extends EventType
    ? Exact<(typeof dataSchemas)[T], EventData[T]> extends true
      ? never
      : T
    : T;
}[keyof typeof dataSchemas];
type Envelope = Omit<EventOf<EventType>, "type" | "category" | "data">;
type None<T extends never> = T;
type True<T extends true> = T;
/** Compiles only while schemas and types are the same; the error names the types that drifted. */
export type Undrifted = readonly [
  None<Drifted>,
  True<Exact<z.ZodObject<typeof envelope>, Envelope>>,
];

/** Reads an event of one type. Fields that it doesn't know are left out. */
export function eventSchema(type: EventType): z.ZodType<Event> {
  const schema = z.object({
    id,
    type: z.literal(type),
    category: z.literal(categoryOf[type]),
    ...links,
    data: dataSchemas[type],
  });
  // that category and data are those of the type is `Undrifted`, and lost where `type` is any
  return schema as unknown as z.ZodType<Event>;
}
