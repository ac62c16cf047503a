// `policy letter`: the letter that tells a member or a provider what a case came to, and why.
import { readdirSync, realpathSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Explanation } from "../evaluate/model.js";
import type { Audience, Letter, OwnTemplates, Worksheet, Written } from "../render/letters/index.js";
import type { Policy, PolicyCase } from "../semantics/model.js";
import { decide, pick, reportMistakes } from "./evaluate.js";
import { EXIT, UsageError, type ExitCode } from "./exit.js";
import { readText, unreadable, writeOut } from "./files.js";
import { json } from "./output.js";
import { nearest } from "./suggest.js";
import { complain, ended, put } from "./terminal.js";

export interface WritingOptions {
  readonly case?: string | undefined;
  readonly format: "markdown" | "html" | "json";
  /** A template, or a folder of them. */
  readonly template?: string | undefined;
  readonly outputFile?: string | undefined;
  /** The day that picks the version in place of the date of service. */
  readonly asOf?: string | undefined;
  readonly stdinFilename: string;
}

export interface LetterOptions extends WritingOptions {
  readonly for: Audience;
  readonly printTemplate?: string | undefined;
}

/** A case that was decided, with the policy that decided it. */
export interface DecidedCase {
  readonly policy: Policy;
  readonly policyCase: PolicyCase;
  readonly explanation: Explanation;
}

type Letters = typeof import("../render/letters/index.js");
type Writer = (letters: Letters, decided: DecidedCase, templates: Templates) => Written<Letter | Worksheet>;

/** Writes the letter for a case; gives the exit code. */
export async function letter(paths: readonly string[], options: LetterOptions): Promise<ExitCode> {
  if (options.printTemplate !== undefined) return printTemplate(options.printTemplate);
  return written("letter", paths, options, (letters, { policy, policyCase, explanation }, { own, first }) =>
    letters.writeLetter(policy, policyCase, explanation, { audience: options.for, own, ...(first === undefined ? {} : { template: first }) }));
}

/** Writes what a command makes of one case. */
export async function written(command: "letter" | "worksheet", paths: readonly string[], options: WritingOptions, write: Writer): Promise<ExitCode> {
  if (paths.length === 0) throw new UsageError(`policy ${command} needs a policy or a case file`, `For example: policy ${command} imrt.policy --case "Ewing sarcoma of the pelvis"`);
  const decided = await decidedCase(command, paths, options);
  if (typeof decided === "number") return decided;
  const letters = await import("../render/letters/index.js");
  const templates = options.template === undefined ? { own: {}, paths: new Map<string, string>() } : templatesAt(options.template, letters);
  let result: Written<Letter | Worksheet>;
  try {
    result = write(letters, decided, templates);
  } catch (error) {
    if (error instanceof letters.TemplateProblem) throw await templateError(error, templates, letters.VARIABLES[command].map(({ name }) => name));
    throw error;
  }
  const text = options.format === "json" ? json({ [command]: result.data, markdown: result.markdown, problems: result.problems }) : options.format === "html" ? letters.writtenPage(result) : result.markdown;
  writeOut(ended(text), options.outputFile);
  if (result.problems.length > 0) complain(result.problems.map((problem) => `policy: ${problem}`).join("\n"));
  return EXIT.ok;
}

async function decidedCase(command: string, paths: readonly string[], { case: name, asOf, stdinFilename }: WritingOptions): Promise<DecidedCase | ExitCode> {
  const ran = await decide(paths, { format: "pretty", case: name === undefined ? [] : [name], fhir: [], stdinFilename, asOf });
  if (typeof ran === "number") return ran;
  const chosen = await pick(ran.all, name === undefined ? [] : [name]);
  if (chosen.length > 1) {
    const names = [...new Set(chosen.map(({ policyCase }) => policyCase.name))];
    if (names.length === 1) throw new UsageError(`There are ${chosen.length} cases “${names[0]!}”`, "Give them names of their own, or name the case file.");
    throw new UsageError(`A ${command} is for one case, and there are ${chosen.length}`, `Choose one with --case, for example --case ${JSON.stringify(names[0])}.`);
  }
  reportMistakes(ran.all, chosen);
  const [run] = chosen;
  const policy = run?.policy ?? ran.policy;
  const explanation = run?.result.explanation;
  if (run === undefined || policy === undefined || explanation === undefined) return EXIT.findings;
  return { policy, policyCase: run.policyCase, explanation };
}

async function printTemplate(name: string): Promise<ExitCode> {
  const { TEMPLATES } = await import("../render/letters/index.js");
  const text = Object.hasOwn(TEMPLATES, name) ? TEMPLATES[name] : undefined;
  if (text === undefined) {
    const names = Object.keys(TEMPLATES);
    const meant = await nearest(name, names);
    throw new UsageError(`There is no template “${name}”`, meant === undefined ? `Templates are ${names.join(", ")}.` : `Did you mean “${meant}”?`);
  }
  put(text);
  return EXIT.ok;
}

// ── The plan's own templates ──────────────────────────────────────────────────────────────────────────────────────────
interface Templates {
  readonly own: OwnTemplates;
  /** Files by the names of templates. */
  readonly paths: ReadonlyMap<string, string>;
  /** The template to begin with, where a file was named. */
  readonly first?: string | undefined;
}

const EXTENSION = ".liquid";
/** More templates in a folder are not read. */
const MOST_TEMPLATES = 100;

/** The templates of a folder, or a file with those beside it. Nothing outside of the folder is ever read. */
function templatesAt(path: string, { LARGEST_TEMPLATE }: Letters): Templates {
  let folder: boolean;
  try {
    folder = statSync(path).isDirectory();
  } catch (error) {
    throw unreadable(path, error);
  }
  const place = folder ? path : dirname(path);
  const names = filesIn(place).filter((name) => name.endsWith(EXTENSION));
  if (folder && names.length === 0) throw new UsageError(`${path} holds no templates`, `A template is a file approve${EXTENSION}, pend${EXTENSION}, refer${EXTENSION}, none${EXTENSION} or worksheet${EXTENSION}.`);
  const own: Record<string, string> = {};
  const paths = new Map<string, string>();
  const read = (name: string, file: string): void => {
    const content = readText(file);
    if ("tooLarge" in content || content.text.length > LARGEST_TEMPLATE) throw new UsageError(`${file} is too large for a template`, `A template has at most ${LARGEST_TEMPLATE} characters.`);
    own[name] = content.text;
    paths.set(name, file);
  };
  for (const name of names.slice(0, MOST_TEMPLATES)) {
    const file = join(place, name);
    if (isFileIn(place, file)) read(name.slice(0, -EXTENSION.length), file);
  }
  if (folder) return { own, paths };
  const file = basename(path);
  const first = file.endsWith(EXTENSION) ? file.slice(0, -EXTENSION.length) : file;
  read(first, path);
  return { own, paths, first };
}

function filesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch (error) {
    throw unreadable(folder, error);
  }
}

/** True for a file that stands in the folder; not for a link that leads out of it. */
function isFileIn(folder: string, path: string): boolean {
  try {
    return statSync(path).isFile() && dirname(realpathSync(path)) === realpathSync(folder);
  } catch {
    return false;
  }
}

/** What is wrong with a template, at its place in the file, with what to do. */
async function templateError({ message, template, line, column, hint, unknown }: InstanceType<Letters["TemplateProblem"]>, { paths }: Templates, known: readonly string[]): Promise<UsageError> {
  const place = `${paths.get(template) ?? `the built-in template ${template}`}:${line}:${column}`;
  const names = [...new Set(known.map((name) => name.replace(/\[\]/gu, "").split(".").at(-1)!))];
  const whole = [...new Set(known.filter((name) => !name.includes("[]")))];
  const last = unknown?.split(".").at(-1) ?? "";
  const meant = unknown === undefined ? undefined : (await nearest(unknown, whole)) ?? (await nearest(last, names.filter((name) => name !== last)));
  return new UsageError(`${place}: ${message}`, meant === undefined ? hint : `Did you mean “${meant}”? ${hint}`);
}
