import type { Output } from "../terminal.ts";

/** A block of lines at the end of the output that is drawn over in place. Needs a terminal. */
export class Screen {
  readonly #output: Output;
  #drawnLines = 0;

  constructor(output: Output) {
    this.#output = output;
  }

  draw(lines: readonly string[]): void {
    // a terminal that doesn't know its size says 0
    const columns = this.#output.columns || 80;
    const rows = this.#output.rows || 24;
    // a line that wraps, or one that scrolls away, can't be drawn over
    const visible = lines.slice(0, rows - 1).map((line) => line.slice(0, columns - 1));
    const toStart = this.#drawnLines > 0 ? `\u001b[${this.#drawnLines}A` : "";
    const text = visible.map((line) => `\u001b[2K${line}\n`).join("");
    this.#output.write(`${toStart}${text}\u001b[0J`);
    this.#drawnLines = visible.length;
  }

  /** Takes the block away; what is written next stands in its place. */
  clear(): void {
    this.draw([]);
  }
}
