import { type Span, SpanKind } from "@opentelemetry/api";
import type {
  Activity,
  ActivityAround,
  ActivityContent,
  ActivityEnding,
  Enclosure,
  EndedActivity,
} from "../../events/index.ts";
import {
  type AttributeList,
  setAttribute,
  attribute,
  type SemconvProfile,
  semconvProfiles,
} from "../../semconv/index.ts";
import { activityAttributes } from "./activity-attributes.ts";
import { addActivityContent } from "./content-attributes.ts";
import { EnclosingSpan, startSpan } from "./enclosing-span.ts";
import { createGuard, type Guard, type SpanDiagnostics } from "./guard.ts";
import type { SpanStarter } from "./span-starter.ts";
import { toHrTime } from "./span-time.ts";

const NOTHING: Enclosure<EndedActivity> = { run: (fn) => fn(), close: () => {} };

/**
 * Encloses each activity in a span, active while it runs: `invoke_agent {name}`, `execute_tool {name}`,
 * `invoke_workflow {name}`, `retrieval {data source}` by the GenAI conventions, `approval {action}` and `alert {name}`.
 * A tracer, span or context manager that throws never reaches the application; it is counted as handler `spans`.
 */
export function createActivityAround(
  tracer: SpanStarter,
  diagnostics?: SpanDiagnostics,
  profile: SemconvProfile = semconvProfiles["v1.41"],
): ActivityAround {
  const guard = createGuard(diagnostics);
  return {
    open(activity, startTimeMs, correlationId, parent) {
      const span = guard(() => {
        const options = {
          kind: activity.kind === "retrieval" ? SpanKind.CLIENT : SpanKind.INTERNAL,
          startTime: toHrTime(startTimeMs),
          attributes: activityAttributes(activity, correlationId, profile),
        };
        return startSpan(tracer, nameOf(activity), options, parent);
      });
      return span ? new ActivitySpan(span, startTimeMs, guard) : NOTHING;
    },
  };
}

function nameOf(activity: Activity): string {
  switch (activity.kind) {
    case "agent":
      return `invoke_agent ${activity.data.agent}`;
    case "tool":
      return `execute_tool ${activity.data.tool}`;
    case "retrieval":
      return `retrieval ${activity.data.dataSource}`;
    case "workflow":
      return `invoke_workflow ${activity.data.workflow}`;
    case "approval":
      return `approval ${activity.data.action}`;
    case "alert":
      return `alert ${activity.data.name}`;
  }
}

class ActivitySpan extends EnclosingSpan implements Enclosure<EndedActivity> {
  readonly #startTimeMs: number;

  constructor(span: Span, startTimeMs: number, guard: Guard) {
    super(span, guard);
    this.#startTimeMs = startTimeMs;
  }

  close({ ending, durationMs, content }: EndedActivity): void {
    this.end({
      endTimeMs: this.#startTimeMs + durationMs,
      attributes: () => endAttributes(ending, content),
      // aborted and abandoned are somebody's decision, no error of the activity
      ...(ending.outcome === "error" && { errorType: ending.errorType }),
    });
  }
}

function endAttributes(
  ending: ActivityEnding,
  content: ActivityContent | undefined,
): AttributeList {
  const attributes: AttributeList = [attribute.outcome, ending.outcome];
  if (ending.outcome === "success") {
    setAttribute(attributes, attribute.approvalDecision, ending.decision);
  }
  if (content) addActivityContent(attributes, content);
  return attributes;
}
