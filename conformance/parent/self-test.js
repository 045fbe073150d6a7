import { marksOf } from "./table.js";

/** Observers that are broken on purpose, and a check that has to fail with each. */
const faults = [
  { broken: "reads-ahead", subject: "openai-6", scenario: "C29-pulls", side: "T" },
  { broken: "awaits-eagerly", subject: "openai-6", scenario: "C02-as-response", side: "T" },
  { broken: "leaves-rejections", subject: "openai-6", scenario: "C36-settled", side: "T" },
  { broken: "asks-for-usage", subject: "openai-6", scenario: "C28-stream-body", side: "T" },
  { broken: "blind", subject: "openai-6", scenario: "C18-full", side: "O" },
  { broken: "counts-twice", subject: "openai-6", scenario: "C39-twice", side: "O" },
  { broken: "loses-failures", subject: "openai-6", scenario: "C19-break", side: "O" },
];

/** Runs each fault in the way of `cell`; true when all were caught. */
export async function selfTest(cellOf, runCell) {
  let caughtAll = true;
  for (const { broken, subject, scenario, side } of faults) {
    const result = await runCell(cellOf(subject), { broken, only: [scenario] });
    const caught = marksOf(result).some(
      (mark) => mark.id === scenario && mark.side === side && mark.state === "miss",
    );
    caughtAll &&= caught;
    console.log(
      `${caught ? "✓" : "✗"} an observer that ${broken.replaceAll("-", " ")} is ${caught ? "" : "NOT "}caught by ${side} of ${scenario}`,
    );
  }
  return caughtAll;
}
