import {
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  VariableRefresh,
  VariableSort,
} from "@grafana/grafana-foundation-sdk/dashboard";

import { productMetrics } from "../semconv/index.ts";
import { select, type LabelOf, type Matchers, type Queryable } from "../semconv/promql.ts";
import { dataSource } from "./panels/target.ts";

interface LabelVariable<M extends Queryable> {
  readonly label: LabelOf<M>;
  readonly title: string;
  readonly metric: M;
  /** Narrows the choice by the variables before this one. */
  readonly where?: Matchers<M>;
}

/** Several values may be picked; the start is all of them. */
function labelVariable<M extends Queryable>(variable: LabelVariable<M>): QueryVariableBuilder {
  const query = `label_values(${select(variable.metric, variable.where)}, ${variable.label})`;
  return (
    new QueryVariableBuilder(variable.label)
      .label(variable.title)
      .datasource(dataSource)
      .query(query)
      .definition(query)
      .refresh(VariableRefresh.OnTimeRangeChanged)
      // oxlint-disable-next-line unicorn/no-array-sort -- an option of the builder
      .sort(VariableSort.AlphabeticalAsc)
      .multi(true)
      .includeAll(true)
      .allValue(".+")
      .current({ selected: true, text: ["All"], value: ["$__all"] })
  );
}

/** `datasource`, `job`, `instance`, `provider`, `model`: each narrows the next. */
export function variables(): (DatasourceVariableBuilder | QueryVariableBuilder)[] {
  const { buildInfo, requests } = productMetrics;
  const target = { job: '=~"$job"', instance: '=~"$instance"' } as const;
  return [
    new DatasourceVariableBuilder("datasource").label("Data source").type("prometheus"),
    labelVariable({ label: "job", title: "Job", metric: buildInfo }),
    labelVariable({
      label: "instance",
      title: "Instance",
      metric: buildInfo,
      where: { job: target.job },
    }),
    labelVariable({ label: "provider", title: "Provider", metric: requests, where: target }),
    labelVariable({
      label: "model",
      title: "Model",
      metric: requests,
      where: { ...target, provider: '=~"$provider"' },
    }),
  ];
}
