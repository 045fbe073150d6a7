/** The parts of Grafana's classic dashboard JSON that this package looks into. */
export interface DashboardJson {
  readonly uid: string;
  readonly title: string;
  readonly schemaVersion: number;
  readonly panels: PanelJson[];
  readonly templating: { readonly list: VariableJson[] };
  readonly annotations: { readonly list: AnnotationJson[] };
  readonly links: readonly LinkJson[];
  readonly [field: string]: unknown;
}

export interface PanelJson {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  gridPos: GridPosition;
  readonly targets?: TargetJson[];
  readonly collapsed?: boolean;
  /** Panels of a closed row. */
  readonly panels?: PanelJson[];
  readonly [field: string]: unknown;
}

export interface GridPosition {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

export interface TargetJson {
  refId: string;
  readonly expr: string;
  readonly instant?: boolean;
  readonly range?: boolean;
  readonly exemplar?: boolean;
  readonly [field: string]: unknown;
}

export interface VariableJson {
  readonly name: string;
  readonly type: string;
  readonly query?: unknown;
  readonly [field: string]: unknown;
}

export interface AnnotationJson {
  readonly name: string;
  readonly expr?: string;
  readonly [field: string]: unknown;
}

export interface LinkJson {
  readonly type: string;
  readonly tags: readonly string[];
  readonly [field: string]: unknown;
}

/** Every panel, rows and the panels of closed rows included. */
export function allPanels(dashboard: DashboardJson): PanelJson[] {
  return dashboard.panels.flatMap((panel) => [panel, ...(panel.panels ?? [])]);
}
