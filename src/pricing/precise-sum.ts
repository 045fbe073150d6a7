/**
 * A sum that shows no drift, whatever is added to it and taken away. Neumaier's compensated sum: what an addition rounds
 * off is kept and added at the end.
 */
export class PreciseSum {
  #sum = 0;
  #roundedOff = 0;

  /** What is taken away is added as less than nothing. */
  add(value: number): void {
    const next = this.#sum + value;
    this.#roundedOff +=
      Math.abs(this.#sum) >= Math.abs(value) ? this.#sum - next + value : value - next + this.#sum;
    this.#sum = next;
  }

  get value(): number {
    return this.#sum + this.#roundedOff;
  }
}
