import * as text from "@grafana/grafana-foundation-sdk/text";

import { panelId } from "../panel-id.ts";

export interface TextSpec {
  readonly slug: string;
  readonly title: string;
  readonly markdown: string;
  readonly height: number;
}

/** A line or two of Markdown over the full width. */
export function textPanel(spec: TextSpec): text.PanelBuilder {
  return new text.PanelBuilder()
    .id(panelId(spec.slug))
    .title(spec.title)
    .mode(text.TextMode.Markdown)
    .content(spec.markdown)
    .transparent(true)
    .span(24)
    .height(spec.height);
}
