/** Where two JSON values differ, as lines `path: left → right`; at most `limit`. */
export function differences(left, right, limit = 6) {
  const found = [];
  compare(left, right, { path: "", found, limit });
  return found;
}

function compare(left, right, { path, found, limit }) {
  if (found.length >= limit || left === right) return;
  if (!isObject(left) || !isObject(right) || Array.isArray(left) !== Array.isArray(right)) {
    found.push(`${path || "it"}: ${shorten(left)} → ${shorten(right)}`);
    return;
  }
  for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
    compare(left[key], right[key], { path: path === "" ? key : `${path}.${key}`, found, limit });
  }
}

function isObject(value) {
  return typeof value === "object" && value !== null;
}

function shorten(value) {
  const shown = JSON.stringify(value) ?? "nothing";
  return shown.length > 160 ? `${shown.slice(0, 160)}…` : shown;
}
