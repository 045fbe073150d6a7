/**
 * True if somewhere in the text `length` characters or more follow each other that keys and encoded data are made of:
 * letters, digits and `+ / - _ .`. Looks at one character in `length`, and around it: most texts have no such run, and
 * this says so for a fraction of what a search costs.
 */
export function hasRun(text: string, length: number): boolean {
  for (let at = length - 1; at < text.length; at += length) {
    let before = at;
    while (before > at - length && isPart(text.charCodeAt(before))) before -= 1;
    let end = at;
    while (end - before <= length && isPart(text.charCodeAt(end))) end += 1;
    if (end - before > length) return true;
  }
  return false;
}

function isPart(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    // - . / and digits
    (code >= 45 && code <= 57) ||
    (code >= 65 && code <= 90) ||
    code === 43 ||
    code === 95
  );
}
