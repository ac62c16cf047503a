// The words of the status bar. They know nothing of the editor, so that they can be tested by themselves.
import type { StatusResult } from "../../server/src/lsp/protocol.js";

/** What one item of the status bar says: its text, the same for screen readers, and more when it is pointed at. */
export interface StatusText {
  readonly text: string;
  readonly label: string;
  readonly tooltip: string;
}

/** "LA.CP.MP.69 · effective 2025-06-19 · in force today" */
export function versionText({ number, title, effective, ends, inForce }: StatusResult): StatusText {
  const force = inForce === "today" ? "in force today"
    : inForce === "later" ? (effective === undefined ? "not in force yet" : `in force from ${effective}`)
      : inForce === "no longer" ? (ends === undefined ? "not in force any more" : `not in force since ${ends}`) : undefined;
  const dated = effective === undefined ? "no effective date" : inForce === "later" ? undefined : `effective ${effective}`;
  const text = [number ?? "Policy without number", dated, force].filter((part) => part !== undefined).join(" · ");
  return {
    text,
    label: `Policy ${text.replaceAll(" · ", ", ")}`,
    tooltip: `${[number, title].filter((part) => part !== undefined).join(" ") || "Policy without number and title"}\n${effective === undefined ? "The header has no effective date." : `Effective ${effective}${ends === undefined ? "" : `, ends ${ends}`}`}\nGo to the header of the policy`,
  };
}

/** "3 of 4 cases pass", with a sign that says at a glance whether all do. */
export function casesText({ cases, errors }: StatusResult): StatusText {
  const { passed, failed, notEvaluated, total } = cases;
  if (errors > 0) {
    const words = `${errors} ${errors === 1 ? "error" : "errors"}, cases not evaluated`;
    return { text: `$(error) ${words}`, label: `The policy has ${words}`, tooltip: "The cases are not evaluated until the errors of the policy are mended.\nShow the errors" };
  }
  if (total === 0) return { text: "$(beaker) No cases", label: "The policy has no cases", tooltip: "The policy has no cases yet.\nWrite one" };
  const words = `${passed} of ${total} ${total === 1 ? "case passes" : "cases pass"}`;
  const silent = total - passed - failed - notEvaluated;
  const rest = [
    failed > 0 ? `${failed} ${failed === 1 ? "does" : "do"} not come to what is expected` : "",
    notEvaluated > 0 ? `${notEvaluated} ${notEvaluated === 1 ? "has" : "have"} mistakes and ${notEvaluated === 1 ? "is" : "are"} not evaluated` : "",
    silent > 0 ? `${silent} ${silent === 1 ? "expects" : "expect"} nothing` : "",
  ].filter((part) => part !== "");
  const sign = failed + notEvaluated > 0 ? "$(testing-failed-icon)" : passed === total ? "$(testing-passed-icon)" : "$(beaker)";
  return { text: `${sign} ${words}`, label: `${words}${rest.length === 0 ? "" : `; ${rest.join("; ")}`}`, tooltip: `${words}${rest.map((part) => `\n${part}`).join("")}\nRun all cases in the Test Explorer` };
}
