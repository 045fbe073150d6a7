/** Loads a package as an ES module of this folder would. */
export const load = (specifier) => import(specifier);
