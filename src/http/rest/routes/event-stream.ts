import {
  eventStreamQuery,
  eventStreamSchema,
  gapSchema,
} from "../../../schemas/rest/event-stream-schema.ts";
import { problem } from "../../problem.ts";
import { eventComponents } from "../event-components.ts";
import { toJsonSchema } from "../json-schema.ts";
import type { Route } from "../route.ts";

const HEADERS = {
  "content-type": "text/event-stream",
  // nginx would collect events before it hands them on
  "x-accel-buffering": "no",
};

export const eventStreamRoute: Route<typeof eventStreamQuery> = {
  method: "GET",
  path: "/events/stream",
  operationId: "streamEvents",
  summary: "Events as they come, as server-sent events",
  description:
    "A client that comes back with `Last-Event-ID` gets what it missed, as far as that is remembered; a `gap` says where " +
    "events are missing. A client that reads too slowly is told what it lost and disconnected.",
  query: eventStreamQuery,
  headers: { "last-event-id": "Id of the last event that the client has." },
  answer: {
    name: "EventStream",
    description: "A stream without an end.",
    contentType: "text/event-stream",
    schema: eventStreamSchema,
    parts: () => ({ ...eventComponents(), Gap: toJsonSchema(gapSchema, "output") }),
    hasEtag: false,
  },
  problems: ["too-many-streams"],
  handle({ query, headers, method, stream, disconnect }) {
    if (method === "HEAD") return new Response(null, { headers: HEADERS });
    const body = stream.open({
      filter: { sessionId: query.session_id, types: query.type, categories: query.category },
      lastEventId: headers.get("last-event-id") || undefined,
      disconnect,
    });
    if (body) return new Response(body, { headers: HEADERS });
    return problem("too-many-streams", { headers: { "retry-after": "30" } });
  },
};
