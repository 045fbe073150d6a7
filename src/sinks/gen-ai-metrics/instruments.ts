import type { Counter, Histogram, Meter } from "@opentelemetry/api";
import type {
  OperationKind,
  OtelHistogramDefinition,
  SemconvProfile,
  TokenCounter,
  TokenHistogram,
} from "../../semconv/index.ts";

/** The instruments of one version of the conventions. */
export interface Instruments {
  readonly durations: Readonly<Record<OperationKind, Histogram>>;
  readonly timeToFirstChunk: Histogram;
  readonly tokenHistograms: Readonly<Record<OperationKind, readonly BoundHistogram[]>>;
  readonly tokenCounters: readonly BoundCounter[];
}

/** OTel's meter, or what does the same. */
export type InstrumentMaker = Pick<Meter, "createHistogram" | "createCounter">;

type BoundHistogram = TokenHistogram & { readonly histogram: Histogram };
type BoundCounter = TokenCounter & { readonly counter: Counter };

export function createInstruments(meter: InstrumentMaker, profile: SemconvProfile): Instruments {
  const known = new Map<string, Histogram>();

  /** Several operations share one. */
  function histogram(definition: OtelHistogramDefinition): Histogram {
    const existing = known.get(definition.name);
    if (existing) return existing;
    const created = createHistogram(meter, definition);
    known.set(definition.name, created);
    return created;
  }

  const { durations, tokenHistograms } = profile;
  const tokens = tokenHistograms.map((row) => ({ ...row, histogram: histogram(row.definition) }));
  const tokensOf = (kind: OperationKind) => tokens.filter(({ kinds }) => kinds.includes(kind));
  return {
    durations: {
      inference: histogram(durations.inference),
      embeddings: histogram(durations.embeddings),
      other: histogram(durations.other),
    },
    timeToFirstChunk: histogram(profile.timeToFirstChunk),
    tokenHistograms: {
      inference: tokensOf("inference"),
      embeddings: tokensOf("embeddings"),
      other: tokensOf("other"),
    },
    tokenCounters: profile.tokenCounters.map((row) => {
      const { name, unit, description } = row.definition;
      return { ...row, counter: meter.createCounter(name, { unit, description }) };
    }),
  };
}

export function createHistogram(
  meter: InstrumentMaker,
  definition: OtelHistogramDefinition,
): Histogram {
  return meter.createHistogram(definition.name, {
    unit: definition.unit,
    description: definition.description,
    advice: { explicitBucketBoundaries: [...definition.buckets] },
  });
}
