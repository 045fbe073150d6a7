/** Which build of the package this code is of: its version, which `scripts/bundle.js` puts here. */
export const BUILD: string = "source";
