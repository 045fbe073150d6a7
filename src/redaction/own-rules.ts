import { type PatternRule, redacted } from "./rules/pattern-rule.ts";

/** Rules of the application's own: each find of a pattern becomes a mark with its name. */
export function ownRules(patterns: Readonly<Record<string, RegExp | string>>): PatternRule[] {
  return Object.entries(patterns).map(([name, pattern]) => {
    const everywhere = everyFind(pattern);
    const mark = redacted(name);
    // a find of nothing takes nothing out
    return (text) => text.replace(everywhere, (found) => (found === "" ? found : mark));
  });
}

/** A copy: the application's own keeps its place. */
function everyFind(pattern: RegExp | string): RegExp {
  if (typeof pattern === "string") return new RegExp(pattern, "gu");
  return new RegExp(pattern.source, `${pattern.flags.replaceAll(/[gy]/g, "")}g`);
}
