/** What every panel says of itself. */
export interface PanelSpec {
  /** Names the panel in links for good; its id is made from this. */
  readonly slug: string;
  readonly title: string;
  /** Full sentences. */
  readonly description: string;
  /** Columns of 24. */
  readonly span: number;
  /** Default depends on the kind of panel. */
  readonly height?: number;
}

export interface MeasuredPanelSpec extends PanelSpec {
  /** A constant of `@grafana/grafana-foundation-sdk/units`. */
  readonly unit: string;
}
