import * as z from "zod";

export const text = z.string();
export const amount = z.number();
/** A whole number that is not negative. */
export const count = z.int().nonnegative();
export const milliseconds = z.number().nonnegative();
