/** Decimal places of a dollar that a sum is told to; the price of one token has fewer. */
const DECIMALS = 12;

/**
 * A sum of money that shows no drift. Neumaier's compensated sum: what an addition rounds off is kept and added at the
 * end, so that a million prices of a fraction of a cent come to what a decimal sum of them comes to.
 */
export class UsdSum {
  #sum = 0;
  #roundedOff = 0;

  add(usd: number): void {
    const next = this.#sum + usd;
    this.#roundedOff +=
      Math.abs(this.#sum) >= Math.abs(usd) ? this.#sum - next + usd : usd - next + this.#sum;
    this.#sum = next;
  }

  /** US dollars. */
  get usd(): number {
    return roundedUsd(this.#sum + this.#roundedOff);
  }
}

/** To the decimal places that money is told to; what is not a number stays so. */
export function roundedUsd(usd: number): number {
  return Number(usd.toFixed(DECIMALS));
}
