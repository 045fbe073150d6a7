/** A word, or parts of one in quotation marks, in which a backslash takes the next character as it is. */
const WORD = /(?:"(?:\\.|[^"\\])*"|[^\s"])+/g;
/** What loads a module before the program; its name comes with `=`, or as the next word. */
const PRELOAD = /^(?:-r|--(?:require|import|loader|experimental-loader))(=|$)/;

/** The words of `NODE_OPTIONS`, but for the modules that the application has loaded before itself. */
export function withoutPreloads(nodeOptions: string): string {
  const kept: string[] = [];
  let isModule = false;
  for (const word of nodeOptions.match(WORD) ?? []) {
    // Node.js takes `--experimental_loader`, too
    const preload = PRELOAD.exec(word.replaceAll("_", "-"));
    if (!isModule && preload === null) kept.push(word);
    isModule = !isModule && preload?.[1] === "";
  }
  return kept.join(" ");
}
