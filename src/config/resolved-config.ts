import type { Resolved } from "./option-path.ts";
import type { DefaultedPath } from "./option-table.ts";
import type { ObservabilityOptions } from "./options.ts";

/**
 * `ObservabilityOptions` with every section present and every default filled in. What has no default
 * (an endpoint, a key, a version) is `undefined` while nobody sets it.
 */
export type ResolvedConfig = Resolved<ObservabilityOptions, DefaultedPath>;
