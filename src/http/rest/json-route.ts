import type * as z from "zod";
import { conditionalJson } from "./etag.ts";
import type { Call, Route, RouteAnswer } from "./route.ts";

type Answered<Answer extends z.ZodType> = z.output<Answer> | Response;

export interface JsonRoute<Query extends z.ZodObject, Answer extends z.ZodType> extends Omit<
  Route<Query>,
  "answer" | "handle"
> {
  readonly answer: Pick<RouteAnswer, "name" | "description"> & { readonly schema: Answer };
  /** What two answers that say the same have in common; default all. */
  readonly essence?: (answer: z.output<Answer>) => unknown;
  /** What is answered with, or a problem. */
  handle(call: Call<z.output<Query>>): Answered<Answer> | Promise<Answered<Answer>>;
}

/** A route that answers in JSON; `GET` with an `ETag`. */
export function jsonRoute<Query extends z.ZodObject, Answer extends z.ZodType<object>>(
  route: JsonRoute<Query, Answer>,
): Route<Query> {
  const { essence, ...described } = route;
  const hasEtag = route.method === "GET";
  return {
    ...described,
    answer: { ...route.answer, contentType: "application/json", hasEtag },
    async handle(call) {
      const answer = await route.handle(call);
      if (answer instanceof Response) return answer;
      if (!hasEtag) return Response.json(answer);
      return conditionalJson(call.headers, {
        text: JSON.stringify(answer),
        essence: essence && JSON.stringify(essence(answer)),
      });
    },
  };
}
