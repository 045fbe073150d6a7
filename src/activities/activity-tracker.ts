import { randomUUID } from "node:crypto";
import {
  type ActivityScope,
  type CallStore,
  type ContentPolicy,
  GuardedEnclosure,
  monotonicNow,
  type Now,
} from "../calls/index.ts";
import type { Diagnostics } from "../diagnostics/index.ts";
import { errorName } from "../errors/index.ts";
import {
  type ActivityAround,
  createEvent,
  type Enclosure,
  type EndedActivity,
  type Links,
  type Publish,
} from "../events/index.ts";
import { endedEvent, type RunnableActivity, startedEvent } from "./activity-events.ts";
import { ActivityRecorder, type Given } from "./activity-recorder.ts";
import { nameFrom, type Surroundings } from "./describe-activity.ts";
import { OpenActivities } from "./open-activities.ts";
import { RunningActivity, RunningScope } from "./running-activity.ts";
import { endingOfActivity, type Watch } from "./watch.ts";
import { watchResult } from "./watch-result.ts";

export interface ActivityTrackerOptions {
  readonly store: CallStore;
  readonly publish: Publish;
  readonly around: ActivityAround;
  readonly diagnostics: Diagnostics;
  /** What may be seen of what tools and searches are given and give back; nothing unless content is captured. */
  readonly content?: ContentPolicy | undefined;
  readonly now?: Now;
}

/** An activity that is about to run, with all that is known of it. */
interface Beginning {
  readonly activity: RunnableActivity;
  readonly parent: ActivityScope | undefined;
  readonly startedAtMs: number;
  readonly enclosure: Enclosure<EndedActivity>;
  readonly links: Links;
  readonly recorder: ActivityRecorder | undefined;
}

const NO_CONTENT: ReturnType<ActivityRecorder["finish"]> = {};

/** Runs an application's agents, tools, retrievals and workflows, and tells what comes of them. */
export class ActivityTracker {
  readonly #options: ActivityTrackerOptions;
  readonly #now: Now;
  readonly #open = new OpenActivities();
  #stopped = false;

  constructor(options: ActivityTrackerOptions) {
    this.#options = options;
    this.#now = options.now ?? monotonicNow;
  }

  /**
   * Runs `fn` exactly once, with its result or error. What fails here reaches nobody. `given` says what it works on, and is
   * asked only where content is captured; without it nothing is recorded of what comes out, either.
   */
  run<T>(
    describe: (surroundings: Surroundings) => RunnableActivity,
    fn: () => T,
    given?: () => Given,
  ): T {
    const watch = this.#stopped ? undefined : this.#begin(describe, given);
    if (watch === undefined) return fn();
    let result: T;
    try {
      result = watch.run(fn);
    } catch (error) {
      watch.end(endingOfActivity(error));
      throw error;
    }
    return watchResult(result, watch);
  }

  /** Says that one agent hands over to another. */
  switchAgent(to: string, from: string | undefined): void {
    if (this.#stopped || to === from) return;
    const { context, activity: parent } = this.#options.store;
    const names = { from: nameFrom(from), to: nameFrom(to) };
    this.#options.publish(
      createEvent("agent_switched", { ...names, context }, this.#now(), {
        sessionId: context.sessionId,
        correlationId: parent?.correlationId ?? randomUUID(),
        causationId: parent?.startedId,
      }),
    );
  }

  /** No more activities: those under way are ended as abandoned, so that none is lost. */
  shutdown(): void {
    this.#stopped = true;
    this.#open.endAll();
  }

  #begin(
    describe: (surroundings: Surroundings) => RunnableActivity,
    given: (() => Given) | undefined,
  ): Watch | undefined {
    try {
      return this.#start(describe, given && this.#recorderOf(given));
    } catch (error) {
      this.#notObserved(error);
      return undefined;
    }
  }

  #recorderOf(given: () => Given): ActivityRecorder | undefined {
    const { content } = this.#options;
    if (content?.showsText !== true) return undefined;
    const recorder = new ActivityRecorder(content);
    recorder.given(given());
    return recorder;
  }

  #start(
    describe: (surroundings: Surroundings) => RunnableActivity,
    recorder: ActivityRecorder | undefined,
  ): Watch {
    const { store, around, diagnostics } = this.#options;
    const { context, activity: parent } = store;
    const activity = describe({ context, parent });
    const startedAtMs = this.#now();
    const correlationId = parent?.correlationId ?? randomUUID();
    const span = around.open(activity, startedAtMs, correlationId, parent?.enclosure);
    const enclosure = new GuardedEnclosure(span, diagnostics);
    const { traceId, spanId } = enclosure;
    const links = { correlationId, sessionId: context.sessionId, traceId, spanId };
    const beginning = { activity, parent, startedAtMs, enclosure, links, recorder };
    const startedId = this.#announce(beginning);
    const running = this.#track(beginning, startedId);
    const scope = new RunningScope(
      running,
      {
        correlationId,
        startedId,
        enclosure: span,
        agent: activity.kind === "agent" ? activity.data.agent : parent?.agent,
        sessionId: context.sessionId,
      },
      activity.kind === "agent" ? undefined : parent,
    );
    this.#open.add(running, scope);
    const inside = store.inside(scope);
    return {
      run: (fn) => inside(() => enclosure.run(fn)),
      returned:
        recorder && activity.kind === "tool" ? (value) => recorder.returned(value) : undefined,
      end: (ending) => running.end(ending),
    };
  }

  /** Knows nothing of the scope: see {@link RunningScope}. */
  #track(
    { activity, startedAtMs, enclosure, links, recorder }: Beginning,
    causationId: string,
  ): RunningActivity {
    const running = new RunningActivity((ending, tally) => {
      this.#open.delete(running);
      try {
        const atMs = this.#now();
        const durationMs = atMs - startedAtMs;
        const { forSpan, forEvent } = recorder?.finish() ?? NO_CONTENT;
        enclosure.close({ ending, durationMs, content: forSpan });
        const end = { ending, durationMs, atMs, tally, content: forEvent };
        this.#options.publish(endedEvent(activity, end, { ...links, causationId }));
      } catch (error) {
        this.#notObserved(error);
      }
    });
    return running;
  }

  /** Publishes what leads to the activity and that it has started; returns the id of the latter. */
  #announce({ activity, parent, startedAtMs, links }: Beginning): string {
    const { publish } = this.#options;
    let causationId = parent?.startedId;
    if (activity.kind === "tool") {
      parent?.toolCalled();
      causationId = parent?.askedForToolsId ?? causationId;
      const requested = createEvent("tool_execution_requested", activity.data, startedAtMs, {
        ...links,
        causationId,
      });
      publish(requested);
      causationId = requested.id;
    }
    if (activity.kind === "agent") this.#announceSwitch(activity.data.agent, parent, links);
    const started = startedEvent(activity, startedAtMs, { ...links, causationId });
    publish(started);
    return started.id;
  }

  #announceSwitch(to: string, parent: ActivityScope | undefined, links: Links): void {
    if (parent?.agent === undefined || parent.sessionId !== links.sessionId) return;
    const { agent: from, startedId: causationId } = parent;
    if (from === to) return;
    const { context } = this.#options.store;
    this.#options.publish(
      createEvent("agent_switched", { from, to, context }, this.#now(), { ...links, causationId }),
    );
  }

  #notObserved(error: unknown): void {
    const { diagnostics } = this.#options;
    const message = `an activity could not be observed (${errorName(error)})`;
    diagnostics.warnOnce("activities", "not observed", message);
    diagnostics.dropped("activities", "not_observed", 1);
  }
}
