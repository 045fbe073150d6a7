import { PreciseSum } from "./precise-sum.ts";

/** Decimal places of a dollar that a sum is told to; the price of one token has fewer. */
const DECIMALS = 12;

/** A sum of money: a million prices of a fraction of a cent come to what a decimal sum of them comes to. */
export class UsdSum extends PreciseSum {
  /** US dollars. */
  get usd(): number {
    return roundedUsd(this.value);
  }
}

/** To the decimal places that money is told to, never minus nothing; what is not a number stays so. */
export function roundedUsd(usd: number): number {
  return Number(usd.toFixed(DECIMALS)) + 0;
}
