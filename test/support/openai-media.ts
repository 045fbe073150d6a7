/** Answers of the image and audio APIs as they were recorded, shortened. */
export const BASE64 =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=";

const IMAGE_USAGE = {
  total_tokens: 1372,
  input_tokens: 300,
  output_tokens: 1072,
  input_tokens_details: { image_tokens: 200, text_tokens: 100 },
  output_tokens_details: { image_tokens: 1056, text_tokens: 16 },
};

export const IMAGES = {
  created: 1_750_000_000,
  background: "opaque",
  data: [{ b64_json: BASE64, revised_prompt: 'A "cat" in a [box]' }, { b64_json: BASE64 }],
  output_format: "png",
  quality: "low",
  size: "1024x1024",
  usage: IMAGE_USAGE,
};

/** The stream of one image, made or edited. */
export function imageEvents(kind: "image_generation" | "image_edit"): readonly object[] {
  const image = { b64_json: BASE64, created_at: 1_750_000_000, size: "1024x1024", quality: "low" };
  return [
    { type: `${kind}.partial_image`, ...image, partial_image_index: 0 },
    { type: `${kind}.partial_image`, ...image, partial_image_index: 1 },
    { type: `${kind}.completed`, ...image, usage: IMAGE_USAGE },
  ];
}

const TRANSCRIPT_USAGE = {
  type: "tokens",
  total_tokens: 59,
  input_tokens: 14,
  input_token_details: { text_tokens: 4, audio_tokens: 10 },
  output_tokens: 45,
};

export const TRANSCRIPT = { text: "Guten Tag, schöne Welt.", usage: TRANSCRIPT_USAGE };

export const VERBOSE_TRANSCRIPT = {
  task: "transcribe",
  language: "german",
  duration: 3.2,
  text: "Guten Tag.",
  segments: [{ id: 0, seek: 0, start: 0, end: 3.2, text: "Guten Tag.", tokens: [50_364] }],
  usage: { type: "duration", seconds: 4 },
};

export const TRANSCRIPT_EVENTS = [
  { type: "transcript.text.delta", delta: "Guten Tag, " },
  { type: "transcript.text.delta", delta: "schöne Welt." },
  { type: "transcript.text.done", text: "Guten Tag, schöne Welt.", usage: TRANSCRIPT_USAGE },
] as const;

export const SPEECH_EVENTS = [
  { type: "speech.audio.delta", audio: BASE64 },
  { type: "speech.audio.delta", audio: BASE64 },
  {
    type: "speech.audio.done",
    usage: { input_tokens: 14, output_tokens: 101, total_tokens: 115 },
  },
] as const;

export const MODERATION = {
  id: "modr-970d409ef3bef3b70c73d8232df86e7d",
  model: "omni-moderation-latest",
  results: [{ flagged: true, categories: { violence: true }, category_scores: { violence: 0.86 } }],
};

export const COMPACTION = {
  id: "resp_001",
  object: "response.compaction",
  created_at: 1_764_967_971,
  output: [
    { id: "msg_000", type: "message", role: "user", content: [], status: "completed" },
    { id: "cmp_001", type: "compaction", encrypted_content: "gAAAAABpM0Yj" },
  ],
  usage: {
    input_tokens: 139,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: 438,
    output_tokens_details: { reasoning_tokens: 64 },
    total_tokens: 577,
  },
};
