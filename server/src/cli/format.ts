// `policy format`: brings policies into the canonical layout.
import { createTwoFilesPatch, FILE_HEADERS_ONLY } from "diff";
import { withEdits } from "../diagnostic.js";
import { formatPolicy } from "../format/format.js";
import type { FormatOptions } from "../format/model.js";
import { parse } from "../syntax/parse.js";
import { counted } from "../text.js";
import { EXIT, UsageError, type ExitCode } from "./exit.js";
import { LARGEST_FILE, readText, writeText } from "./files.js";
import { displayed, findUnits, type Input, type Unit } from "./inputs.js";
import { reportProblems } from "./problems.js";
import { clearProgress, complain, print, progress, put } from "./terminal.js";

export interface FormatCommandOptions {
  readonly check?: boolean | undefined;
  readonly diff?: boolean | undefined;
  readonly renumber?: boolean | undefined;
  readonly lineWidth?: number | undefined;
  readonly wrap: boolean;
  readonly ignore: readonly string[];
  readonly stdinFilename: string;
}

/** A text before and after. */
interface Changed {
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

/** Formats files, folders and globs in place; standard input is printed formatted. Gives the exit code. */
export async function format(paths: readonly string[], options: FormatCommandOptions): Promise<ExitCode> {
  const { units, problems } = await findUnits(paths.length === 0 ? ["."] : paths, options);
  const input = paths.includes("-") ? displayed(options.stdinFilename) : undefined;
  const shows = options.check === true || options.diff === true;
  const policies = units.filter((unit) => unit.listed);
  const step = progress("Formatted", policies.length);
  const changed: string[] = [];
  let patches = "";
  for (const [i, unit] of policies.entries()) {
    step(i);
    try {
      for (const { path, before, after } of await formattedUnit(unit, options)) {
        if (path === input && !shows) put(after);
        if (before === after) continue;
        changed.push(path);
        if (options.diff === true) patches += createTwoFilesPatch(`a/${path}`, `b/${path}`, before, after, undefined, undefined, { context: 3, headerOptions: FILE_HEADERS_ONLY });
        else if (!shows && path !== input) writeText(path, before, after);
      }
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      problems.push(error);
    }
  }
  clearProgress();
  if (options.diff === true) put(patches);
  else if (options.check === true && changed.length > 0) print(changed.join("\n"));
  if (input === undefined || policies.length > 1) complain(summary(changed.length, policies.length, shows));
  if (problems.length > 0) return reportProblems(problems);
  return shows && changed.length > 0 ? EXIT.findings : EXIT.ok;
}

function summary(changed: number, of: number, shows: boolean): string {
  if (of === 0) return "There is no policy to format.";
  if (changed === 0) return of === 1 ? "The policy is formatted already." : `All ${of} policies are formatted already.`;
  return `${counted(changed, "file")} ${shows ? "would be formatted" : "formatted"}.`;
}

function contentOf({ path, content }: Input): string {
  const read = content ?? readText(path);
  if ("text" in read) return read.text;
  throw new UsageError(`${path} is too large: more than ${LARGEST_FILE / 1024 / 1024} MB are not read`);
}

async function formattedUnit(unit: Unit, options: FormatCommandOptions): Promise<readonly Changed[]> {
  const { path } = unit.policy;
  const before = contentOf(unit.policy);
  const layout: Partial<FormatOptions> = { wrap: options.wrap, ...(options.lineWidth === undefined ? {} : { lineWidth: options.lineWidth }) };
  if (options.renumber === true) return renumbered(unit, before, layout);
  return [{ path, before, after: withEdits(before, formatPolicy(parse(before), layout)) }];
}

/** The policy with its labels in order, and its case files, which name them. */
async function renumbered(unit: Unit, before: string, layout: Partial<FormatOptions>): Promise<readonly Changed[]> {
  const { path } = unit.policy;
  const { analyze } = await import("../semantics/analyze.js");
  const { formatRenumbered } = await import("../format/renumber.js");
  const analysis = analyze(before, path);
  const { edits, moved, inTheWay } = formatRenumbered(analysis, layout);
  if (inTheWay.length > 0) complain(`${path}: the labels stay as they are, because ${inTheWay.join(", ")} is named and does not exist; it would be another criterion then.`);
  const changed: Changed[] = [{ path, before, after: withEdits(before, edits) }];
  if (moved.size === 0) return changed;
  const { caseFileAddressEdits } = await import("../semantics/addresses.js");
  const { readCaseFile } = await import("../semantics/casefile.js");
  for (const caseFile of unit.caseFiles) {
    const text = contentOf(caseFile);
    const edits = caseFileAddressEdits(text, readCaseFile(text, caseFile.path, analysis), moved);
    if (caseFile.versions !== undefined && edits.length > 0) {
      complain(`${path}: the labels stay as they are, because ${caseFile.path} names criteria of several versions.`);
      return [{ path, before, after: withEdits(before, formatPolicy(analysis.parsed, layout)) }];
    }
    changed.push({ path: caseFile.path, before: text, after: withEdits(text, edits) });
  }
  return changed;
}
