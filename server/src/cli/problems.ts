// Telling the user of usage mistakes and files that could not be read.
import { EXIT, type ExitCode, type UsageError } from "./exit.js";
import { complain, errorColours } from "./terminal.js";

/** Prints each problem on standard error; gives the exit code. */
export function reportProblems(problems: readonly UsageError[]): ExitCode {
  const colours = errorColours();
  const lines = problems.flatMap((problem) => [`${colours.red("policy:")} ${problem.message}`, ...(problem.hint === undefined ? [] : [`        ${problem.hint}`])]);
  if (lines.length > 0) complain(lines.join("\n"));
  return problems.length > 0 ? EXIT.usage : EXIT.ok;
}
