// `policy preview` and `policy diagram`: a policy as the published document in HTML, and its logic as a drawing in SVG.
import type { Explanation } from "../evaluate/model.js";
import { counted } from "../text.js";
import { EXIT, UsageError, type ExitCode } from "./exit.js";
import { pick } from "./evaluate.js";
import { writeOut } from "./files.js";
import { findUnits } from "./inputs.js";
import { type Loaded, load } from "./load.js";
import { reportProblems } from "./problems.js";
import { complain } from "./terminal.js";

export interface PreviewOptions {
  readonly outputFile?: string | undefined;
  readonly conditions?: boolean | undefined;
  readonly stdinFilename: string;
}

export interface DiagramOptions {
  readonly outputFile?: string | undefined;
  readonly case?: string | undefined;
  readonly statement?: string | undefined;
  readonly stdinFilename: string;
}

type LoadedPolicy = Loaded & { readonly policy: NonNullable<Loaded["policy"]> };

/** Writes the policy as a page that prints; gives the exit code. */
export async function preview(path: string, options: PreviewOptions): Promise<ExitCode> {
  const loaded = await loadOne(path, options.stdinFilename);
  if (loaded === undefined) return EXIT.usage;
  const { previewPage } = await import("../render/preview.js");
  writeOut(previewPage(loaded.policy.analysis, { conditions: options.conditions === true }), options.outputFile);
  return codeOf(loaded);
}

/** Writes the criteria as a drawing, with the outcomes of a case where one is named; gives the exit code. */
export async function diagram(path: string, options: DiagramOptions): Promise<ExitCode> {
  const loaded = await loadOne(path, options.stdinFilename);
  if (loaded === undefined) return EXIT.usage;
  const { analysis } = loaded.policy;
  if (options.statement !== undefined && !analysis.statements.some((statement) => statement.address === options.statement)) {
    throw new UsageError(`${path} has no statement ${options.statement}`, `Its statements are ${analysis.statements.map((statement) => statement.address).slice(0, 20).join(", ")}.`);
  }
  const explanation = options.case === undefined ? undefined : await explain(loaded, options.case);
  const { diagram: draw } = await import("../render/diagram.js");
  const drawn = draw(analysis, { standalone: true, explanation, statement: options.statement, most: Number.MAX_SAFE_INTEGER });
  writeOut(`${drawn.svg}\n`, options.outputFile);
  return codeOf(loaded);
}

async function loadOne(path: string, stdinFilename: string): Promise<LoadedPolicy | undefined> {
  const { units, problems } = await findUnits([path], { ignore: [], stdinFilename });
  if (problems.length > 0) return void reportProblems(problems);
  if (units.length > 1) throw new UsageError(`${path} names several policies`, "Give one policy.");
  const loaded = await load(units[0]!);
  if (loaded.problems.length > 0) return void reportProblems(loaded.problems);
  if (loaded.policy === undefined) throw new UsageError(`The policy of ${path} was not found`, "Give the policy itself.");
  return { ...loaded, policy: loaded.policy };
}

async function explain(loaded: LoadedPolicy, name: string): Promise<Explanation> {
  const { runCases } = await import("./cases.js");
  const [run] = await pick(runCases(loaded, () => true), [name]);
  const explanation = run?.result.explanation;
  if (explanation === undefined) throw new UsageError(`The case “${name}” is not evaluated: ${run?.result.reason ?? "the policy has errors"}`, "`policy lint` shows the errors.");
  return explanation;
}

/** What is broken is drawn as far as it can be read; it is said, and the exit code tells. */
function codeOf({ policy }: LoadedPolicy): ExitCode {
  const errors = policy.diagnostics.filter((found) => found.severity === "error").length;
  if (errors === 0) return EXIT.ok;
  complain(`${policy.source.path} has ${counted(errors, "error")}; what is broken may be missing. \`policy lint\` shows ${errors === 1 ? "it" : "them"}.`);
  return EXIT.findings;
}
