// The analysis of one policy for commands that write something made from it.
import { diagnosticText } from "../render/codeframe.js";
import type { Analysis } from "../semantics/model.js";
import { EXIT, UsageError, type ExitCode } from "./exit.js";
import { findUnits } from "./inputs.js";
import { load } from "./load.js";
import { reportProblems } from "./problems.js";
import { complain, errorColours, outputWidth } from "./terminal.js";

/** A policy without errors, or the exit code after its errors have been told. */
export async function policyOf(path: string, stdinFilename: string): Promise<{ readonly path: string; readonly analysis: Analysis } | ExitCode> {
  const { units, problems } = await findUnits([path], { ignore: [], stdinFilename });
  if (problems.length > 0) return reportProblems(problems);
  if (units.length !== 1 || !units[0]!.listed) throw new UsageError(`${path} is not one policy`, "Give the .policy file.");
  const loaded = await load({ ...units[0]!, caseFiles: [] });
  if (loaded.problems.length > 0) return reportProblems(loaded.problems);
  const { source, diagnostics, analysis } = loaded.policy!;
  if (analysis.policy !== undefined) return { path: source.path, analysis };
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  complain(`${errors.map((found) => diagnosticText(source, found, { colours: errorColours(), width: outputWidth() })).join("\n\n")}\n`);
  return EXIT.findings;
}
