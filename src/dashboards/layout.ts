import type { GridPosition, PanelJson } from "./dashboard-json.ts";

const COLUMNS = 24;

/** Places panels from left to right, line by line. The lines of a closed row take no room below it. */
export function layOut(panels: readonly PanelJson[], startY = 0): void {
  let line: GridPosition = { x: 0, y: startY, w: 0, h: 0 };
  for (const panel of panels) {
    const { w, h } = panel.type === "row" ? { w: COLUMNS, h: 1 } : panel.gridPos;
    if (w > COLUMNS)
      throw new Error(`Panel "${panel.title}" is ${w} columns wide; there are ${COLUMNS}`);
    if (line.w + w > COLUMNS) line = { x: 0, y: line.y + line.h, w: 0, h: 0 };
    panel.gridPos = { x: line.w, y: line.y, w, h };
    line = { ...line, w: line.w + w, h: Math.max(line.h, h) };
    if (panel.panels) layOut(panel.panels, line.y + 1);
  }
}
