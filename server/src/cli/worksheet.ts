// `policy worksheet`: every criterion of a case with outcome, reasons, answers and evidence, for the reviewer to sign.
import type { ExitCode } from "./exit.js";
import { type WritingOptions, written } from "./letter.js";

/** Writes the worksheet for a case; gives the exit code. */
export async function worksheet(paths: readonly string[], options: WritingOptions): Promise<ExitCode> {
  return written("worksheet", paths, options, (letters, { policy, policyCase, explanation }, { own, first }) =>
    letters.writeWorksheet(policy, policyCase, explanation, { own, ...(first === undefined ? {} : { template: first }) }));
}
