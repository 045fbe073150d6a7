import { parser } from "@prometheus-io/lezer-promql";
import type { SyntaxNode } from "@lezer/common";

/** One metric as an expression asks for it, and where in the expression it stands. */
export interface Selector {
  readonly metric: string;
  /** Label → operator and quoted value. */
  readonly matchers: ReadonlyMap<string, string>;
  /** Range in brackets, if it has one. */
  readonly range: string | undefined;
  /** The function it is a direct argument of, e.g. `rate`. */
  readonly calledBy: string | undefined;
  /** Whether it is an operand of `unless`, where only its presence or its last value counts. */
  readonly besideUnless: boolean;
  /** Labels that the aggregations around it keep, the innermost first. */
  readonly groupings: readonly (readonly string[])[];
}

export interface ParsedExpression {
  /** Texts that the grammar does not know. */
  readonly errors: readonly string[];
  readonly selectors: readonly Selector[];
  /** Labels named in `by`, `on` and the like. */
  readonly groupingLabels: readonly string[];
}

/** Parses PromQL whose variables have been replaced. */
export function parsePromql(expression: string): ParsedExpression {
  const text = (node: SyntaxNode) => expression.slice(node.from, node.to);
  const errors: string[] = [];
  const selectors: Selector[] = [];
  const groupingLabels: string[] = [];
  parser.parse(expression).iterate({
    enter({ node, type }) {
      if (type.isError) errors.push(expression.slice(Math.max(0, node.from - 20), node.to + 20));
      if (node.name === "VectorSelector") selectors.push(readSelector(node, text));
      if (node.name === "GroupingLabels") groupingLabels.push(...labelNames(node, text));
    },
  });
  return { errors, selectors, groupingLabels };
}

type Text = (node: SyntaxNode) => string;

function readSelector(node: SyntaxNode, text: Text): Selector {
  const name = node.getChild("Identifier");
  const around = ancestors(node);
  const range = node.parent?.name === "MatrixSelector" ? node.parent.lastChild : null;
  return {
    metric: name ? text(name) : "",
    matchers: new Map(matchers(node, text)),
    range: range ? text(range) : undefined,
    calledBy: callOf(range ? node.parent : node, text),
    besideUnless: around.some((outer) => outer.getChild("Unless") !== null),
    groupings: around
      .filter(({ name: kind }) => kind === "AggregateExpr")
      .map((outer) => labelNames(outer.getChild("AggregateModifier")?.lastChild ?? null, text)),
  };
}

function matchers(node: SyntaxNode, text: Text): [string, string][] {
  const found = node.getChild("LabelMatchers")?.getChildren("UnquotedLabelMatcher") ?? [];
  return found.map((matcher) => {
    const label = matcher.firstChild ? text(matcher.firstChild) : "";
    return [label, text(matcher).slice(label.length)];
  });
}

function callOf(node: SyntaxNode | null, text: Text): string | undefined {
  const call = node?.parent?.name === "FunctionCallBody" ? node.parent.parent : null;
  const name = call?.getChild("FunctionIdentifier");
  return name ? text(name) : undefined;
}

function labelNames(node: SyntaxNode | null, text: Text): string[] {
  return node?.getChildren("LabelName").map(text) ?? [];
}

function ancestors(node: SyntaxNode): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (let outer = node.parent; outer; outer = outer.parent) found.push(outer);
  return found;
}
