// Reads case files, YAML or JSON with positions, into the one raw form of cases, and checks them against their policy.
import type { Document as YamlDocument, Node as YamlNode, Pair, Scalar, YAMLMap, YAMLSeq } from "yaml";
import type { Diagnostic } from "../diagnostic.js";
import type { Word } from "../syntax/ast.js";
import type { Range } from "../text.js";
import { checkCases, type RawCase, type RawExpectation, type RawFact, type RawOutcome, type RawRecord, type RawScalar } from "./cases.js";
import { type Checking, didYouMean, MOST_ADVICE, nearest, orderedUses, report, shown } from "./context.js";
import { CASE_FILE } from "./casenames.js";
import { evidenceOfText, type RawEvidence, type RawUnobtainable, unobtainableText } from "./evidence.js";
import type { Analysis, OutcomeName, PolicyCase, SymbolUse } from "./model.js";

/** A case file after reading and checking. */
export interface CaseFile {
  readonly cases: readonly PolicyCase[];
  readonly diagnostics: readonly Diagnostic[];
  /** Facts and criteria of the policy where the file names them. */
  readonly uses: readonly SymbolUse[];
}

type Yaml = typeof import("yaml");
// Resolved by the bundler; the YAML reader is loaded on the first case file.
declare const require: (name: "yaml") => Yaml;

const LARGEST_CASE_FILE = 8 * 1024 * 1024;

/** True for `imrt.case.yaml`, `imrt.more.case.json`. */
export function isCaseFile(name: string): boolean {
  return CASE_FILE.test(name);
}

const NAMED_POLICY = /^\s*["']?policy["']?\s*:\s*["']?([^"'\r\n,#]+?)["']?\s*,?\s*(?:#.*)?$/mu;

/**
 * The policies a case file may belong to, most likely first: the one it names with `policy:`, else `imrt.more.policy` and
 * `imrt.policy` for `imrt.more.case.yaml`. Names are relative to the folder of the case file.
 */
export function policyNamesFor(fileName: string, text: string): readonly string[] {
  const named = NAMED_POLICY.exec(text);
  if (named !== null) return [named[1]!.trim()];
  const parts = fileName.replace(/^.*[\\/]/u, "").replace(CASE_FILE, "").split(".");
  return parts.map((_, i) => `${parts.slice(0, parts.length - i).join(".")}.policy`);
}

/** The most likely of `policyNamesFor`. */
export function policyNameFor(fileName: string, text: string): string {
  return policyNamesFor(fileName, text)[0]!;
}

/** The number of the policy that a case file names in place of its file (`policy: CP.EX.1`): the version in force decides each case. */
export function policyNumberFor(text: string): string | undefined {
  const named = NAMED_POLICY.exec(text)?.[1]!.trim();
  return named === undefined || /[\\/\s]|\.policy$/iu.test(named) ? undefined : named;
}

/** Reads and checks a case file. Without an analysis, the policy is reported as missing. Never throws. */
export function readCaseFile(text: string, uri: string, analysis: Analysis | undefined): CaseFile {
  const checking: Checking = { text: { text, comments: [] }, found: [], uses: [], facts: new Map(analysis?.facts), definitions: new Map(), byAddress: new Map(analysis?.byAddress), criterionReferences: { count: 0 }, advice: { left: MOST_ADVICE } };
  const start = { start: 0, end: Math.min(text.length, Math.max(1, text.search(/[\r\n]|$/u))) };
  if (text.length > LARGEST_CASE_FILE) {
    report(checking, "file-too-large", start, `The file holds ${text.length} characters; more than ${LARGEST_CASE_FILE} are not read.`, { help: "Split the file." });
    return { cases: [], diagnostics: checking.found, uses: [] };
  }
  const reader: Reader = { checking, yaml: require("yaml"), text };
  const raw = readDocument(reader, start);
  const unread = checking.found.filter((found) => found.severity === "error");
  if (analysis === undefined) {
    report(checking, "policy-not-found", start, "The policy of these cases was not found.", { help: policyNumberFor(text) === undefined ? `Put the file beside its policy (\`${policyNamesFor(uri, text).join("` or `")}\`), or name the policy with \`policy:\`.`
      : `Put a policy with the number ${policyNumberFor(text)} into the folder of this file, or name its file with \`policy:\`.` });
    return { cases: [], diagnostics: checking.found, uses: [] };
  }
  const cases = checkCases(checking, raw, { facts: analysis.facts, byAddress: analysis.byAddress, bareNumbers: true }, uri)
    .map((each) => (unread.some((found) => found.start >= each.range.start && found.start <= each.range.end) ? { ...each, sound: false } : each));
  return { cases, diagnostics: shown(checking.found), uses: orderedUses(checking.uses) };
}

interface Reader {
  readonly checking: Checking;
  readonly yaml: Yaml;
  readonly text: string;
}

/** The place of a YAML node. */
export const rangeOf = (node: { range?: readonly [number, number, number] | null | undefined } | null | undefined, otherwise: Range): Range =>
  (node?.range ? { start: node.range[0], end: Math.max(node.range[0], node.range[1]) } : otherwise);

/** A stretch of at least one character that lies in one line of the text. */
export function within(text: string, from: number, to: number): Range {
  // What is missing at the end of the file is said of its last character.
  const start = Math.max(0, Math.min(from, text.trimEnd().length - 1));
  const line = text.slice(start + 1).search(/[\r\n]/u);
  return { start, end: Math.max(start + 1, Math.min(to, text.length, line < 0 ? text.length : start + 1 + line)) };
}

function invalid(reader: Reader, range: Range, message: string, help: string): void {
  report(reader.checking, "invalid-case-file", range, message, { help });
}

/** What is wrong with a file that is no YAML or JSON, by the code of the YAML reader, and what to do. */
export const YAML_ERRORS: Readonly<Record<string, readonly [string, string]>> = {
  MISSING_CHAR: ["The file is not valid YAML or JSON: a quotation mark, bracket, comma or colon is missing.", "Look at this line and the ones above it for what is opened and not closed."],
  BAD_INDENT: ["The file is not valid YAML: the indentation of this line fits no line above it.", "Indent it like the lines it belongs with."],
  TAB_AS_INDENT: ["A tab stands in the indentation.", "Use spaces instead."],
  DUPLICATE_KEY: ["This key stands twice at the same place.", "Keep one of them."],
  BLOCK_AS_IMPLICIT_KEY: ["The file is not valid YAML: a value goes on where a new line is expected.", "Put text that holds a colon in quotation marks, and begin every key on a line of its own."],
  MULTILINE_IMPLICIT_KEY: ["The file is not valid YAML: a key is not followed by a colon.", "Write the key, a colon, a space and the value on one line."],
  MULTIPLE_DOCS: ["The file holds several documents.", "Write one list of cases, without lines of `---`."],
  other: ["The file is not valid YAML or JSON.", "Check indentation, quotation marks and colons near here."],
};

function readDocument(reader: Reader, start: Range): RawCase[] {
  let document: YamlDocument.Parsed;
  try {
    document = reader.yaml.parseDocument(reader.text, { uniqueKeys: true, prettyErrors: false, keepSourceTokens: false, stringKeys: true });
  } catch {
    // The reader recurses on nesting; what is nested beyond its stack is no case file.
    invalid(reader, start, "The file is nested too deeply to be read.", "A case file holds a list of cases.");
    return [];
  }
  for (const error of document.errors.slice(0, 20)) {
    invalid(reader, { ...within(reader.text, error.pos[0], error.pos[1]) }, ...(YAML_ERRORS[error.code] ?? YAML_ERRORS["other"]!));
  }
  if (document.errors.length > 0) return [];
  const { contents } = document;
  if (contents === null || (reader.yaml.isScalar(contents) && contents.value === null)) return [];
  if (reader.yaml.isSeq(contents)) return readCases(reader, contents);
  if (!reader.yaml.isMap(contents)) {
    invalid(reader, rangeOf(contents as YamlNode, start), "A case file holds a list of cases.", "Write `cases:` and the cases below it, each beginning with `- name:`.");
    return [];
  }
  if (!contents.has("cases")) return [readCase(reader, contents as YAMLMap)];
  const cases: RawCase[] = [];
  for (const { key, value, keyRange } of entries(reader, contents as YAMLMap)) {
    if (key === "cases") {
      if (reader.yaml.isSeq(value)) cases.push(...readCases(reader, value));
      else invalid(reader, rangeOf(value as YamlNode, keyRange), "`cases` is a list.", "Begin each case with `- name:`.");
    } else if (key !== "policy") {
      unknownKey(reader, key, keyRange, ["policy", "cases"]);
    }
  }
  return cases;
}

function readCases(reader: Reader, list: YAMLSeq): RawCase[] {
  return list.items.flatMap((item) => {
    if (reader.yaml.isMap(item)) return [readCase(reader, item)];
    invalid(reader, rangeOf(item as YamlNode, rangeOf(list, { start: 0, end: 1 })), "A case has a name, a date of service and facts.", "Write `name:`, `on:`, `facts:` and `expect:`.");
    return [];
  });
}

interface Entry {
  readonly key: string;
  readonly keyRange: Range;
  readonly value: unknown;
}

function entries(reader: Reader, map: YAMLMap): Entry[] {
  return map.items.flatMap((pair: Pair): Entry[] => {
    const keyRange = rangeOf(pair.key as YamlNode, rangeOf(map, { start: 0, end: 1 }));
    if (reader.yaml.isAlias(pair.value)) {
      invalid(reader, rangeOf(pair.value, keyRange), "Anchors and aliases are not read in case files.", "Write the value out.");
      return [];
    }
    return [{ key: String((pair.key as Scalar | null)?.value ?? ""), keyRange, value: pair.value }];
  });
}

function unknownKey(reader: Reader, key: string, range: Range, keys: readonly string[]): void {
  report(reader.checking, "unknown-case-key", range, `\`${key}\` means nothing here.`, didYouMean(key, keys, `Keys are ${keys.join(", ")}.`));
}

const CASE_KEYS = ["name", "on", "codes", "line of business", "pathway", "facts", "criteria", "expect", "note"];

function readCase(reader: Reader, map: YAMLMap): RawCase {
  const range = rangeOf(map, { start: 0, end: 1 });
  let name: Word | undefined;
  let on: RawScalar | undefined;
  let codes: readonly RawScalar[] | undefined;
  let lineOfBusiness: Word | undefined;
  let pathway: Word | undefined;
  let note: string | undefined;
  const facts: RawFact[] = [];
  const attested: RawOutcome[] = [];
  const expected: RawExpectation[] = [];
  for (const { key, keyRange, value } of entries(reader, map)) {
    switch (key) {
      case "name": name = word(reader, value, keyRange); break;
      case "on": on = scalar(reader, value, keyRange); break;
      case "codes": codes = scalars(reader, value, keyRange); break;
      case "line of business": lineOfBusiness = word(reader, value, keyRange); break;
      case "pathway": pathway = word(reader, value, keyRange); break;
      case "note": note = word(reader, value, keyRange)?.text; break;
      case "facts": facts.push(...readFacts(reader, value, keyRange)); break;
      case "criteria": attested.push(...readOutcomes(reader, value, keyRange, true)); break;
      case "expect": expected.push(...readExpect(reader, value, keyRange)); break;
      case "policy": break;
      default: unknownKey(reader, key, keyRange, CASE_KEYS);
    }
  }
  return { name, range, on, codes, lineOfBusiness, pathway, facts, attested, expected, note };
}

function scalar(reader: Reader, value: unknown, otherwise: Range): RawScalar | undefined {
  if (!reader.yaml.isScalar(value)) {
    invalid(reader, rangeOf(value as YamlNode, otherwise), "One value is needed here.", "Write the value behind the colon.");
    return undefined;
  }
  if (value.value === null || value.value === undefined) {
    invalid(reader, otherwise, "The value is missing.", "Write it behind the colon, or take the line out if it is not known.");
    return undefined;
  }
  const quoted = value.type === "QUOTE_DOUBLE" || value.type === "QUOTE_SINGLE";
  const text = typeof value.value === "string" ? value.value : (value.source ?? String(value.value));
  return { text, quoted, ...rangeOf(value, otherwise) };
}

function word(reader: Reader, value: unknown, otherwise: Range): Word | undefined {
  const read = scalar(reader, value, otherwise);
  return read && { kind: "word", text: read.text, start: read.start, end: read.end };
}

function scalars(reader: Reader, value: unknown, otherwise: Range): RawScalar[] {
  const values = reader.yaml.isSeq(value) ? value.items : [value];
  return values.map((each) => scalar(reader, each, otherwise)).filter((each): each is RawScalar => each !== undefined);
}

function readFacts(reader: Reader, value: unknown, otherwise: Range): RawFact[] {
  if (!reader.yaml.isMap(value)) {
    invalid(reader, rangeOf(value as YamlNode, otherwise), "`facts` holds facts by name.", "Write `age: 9 years` and the like below it.");
    return [];
  }
  return readFields(reader, value);
}

/** Facts of a case or fields of a record. One whose value could not be read has been reported and is left out. */
function readFields(reader: Reader, map: YAMLMap): RawFact[] {
  return entries(reader, map).flatMap(({ key, keyRange, value }) => {
    const before = reader.checking.found.length;
    const fact = readFact(reader, key, keyRange, value);
    return reader.checking.found.length === before ? [fact] : [];
  });
}

function readFact(reader: Reader, key: string, keyRange: Range, given: unknown, fields = false): RawFact {
  const name: Word = { kind: "word", text: key, start: keyRange.start, end: keyRange.end };
  const range = { start: keyRange.start, end: rangeOf(given as YamlNode, keyRange).end };
  const answer = fields ? undefined : readAnswer(reader, "value", given, keyRange);
  if (answer !== undefined) {
    const { hasValue, value, valueRange, evidence, unobtainable } = answer;
    const inner = !hasValue ? undefined : readFact(reader, key, valueRange, value, true);
    return { name, values: inner?.values ?? [], records: inner?.records ?? [], range, evidence, unobtainable };
  }
  if (reader.yaml.isSeq(given) && given.items.some((item) => reader.yaml.isMap(item))) {
    const records: RawRecord[] = given.items.flatMap((item) => {
      const at = rangeOf(item as YamlNode, keyRange);
      if (!reader.yaml.isMap(item)) {
        invalid(reader, at, "Records and values stand in one list.", "Make every entry a record.");
        return [];
      }
      return [readRecord(reader, key, item, at)];
    });
    return { name, values: [], records, range };
  }
  if (reader.yaml.isSeq(given) && given.items.length === 0) return { name, values: [{ text: "none", quoted: false, ...rangeOf(given, keyRange) }], records: [], range };
  return { name, values: scalars(reader, given, keyRange), records: [], range };
}

/** A record; beside its fields it may hold evidence, unless a field has that name. */
function readRecord(reader: Reader, list: string, map: YAMLMap, at: Range): RawRecord {
  const type = reader.checking.facts.get(list)?.type;
  if (!map.has("evidence") || (type?.kind === "records" && type.fields.some(({ name }) => name === "evidence"))) return { fields: readFields(reader, map), ...at };
  let evidence: readonly RawEvidence[] | undefined;
  const fields = entries(reader, map).flatMap(({ key, keyRange, value }) => {
    if (key === "evidence") {
      evidence = readEvidenceOf(reader, value, keyRange);
      return [];
    }
    const before = reader.checking.found.length;
    const fact = readFact(reader, key, keyRange, value, true);
    return reader.checking.found.length === before ? [fact] : [];
  });
  return { fields, evidence, ...at };
}

// ── Answers with evidence ─────────────────────────────────────────────────────────────────────────────────────────────
const UNABLE = "unable to obtain";
const EVIDENCE_KEYS = ["source", "page", "date", "note"];

interface Answer {
  /** What is answered, if anything is. */
  readonly hasValue: boolean;
  readonly value: unknown;
  readonly valueRange: Range;
  readonly evidence?: readonly RawEvidence[] | undefined;
  readonly unobtainable?: RawUnobtainable | undefined;
}

/** `unable to obtain`, or `{ value: 54 years, evidence: … }`; undefined for an answer in its plain form. `main` is `value` or `outcome`. */
function readAnswer(reader: Reader, main: "value" | "outcome", given: unknown, otherwise: Range): Answer | undefined {
  if (reader.yaml.isScalar(given)) {
    const reason = typeof given.value === "string" ? unobtainableText(given.value) : undefined;
    return reason === undefined ? undefined : { hasValue: false, value: undefined, valueRange: otherwise, unobtainable: { reason, ...rangeOf(given, otherwise) } };
  }
  if (!reader.yaml.isMap(given)) return undefined;
  const keys = [main, "evidence", UNABLE];
  const parts = entries(reader, given);
  // A map that has none of these keys, not even misspelt, is no answer of this form.
  if (!parts.some(({ key }) => nearest(key, keys) !== undefined)) return undefined;
  let value: unknown;
  let hasValue = false;
  let valueRange = otherwise;
  let evidence: readonly RawEvidence[] | undefined;
  let evidenceRange: Range | undefined;
  let unobtainable: RawUnobtainable | undefined;
  let unread = false;
  for (const { key, keyRange, value: part } of parts) {
    if (key === main) {
      value = part;
      valueRange = keyRange;
      hasValue = true;
    } else if (key === "evidence") {
      evidence = readEvidenceOf(reader, part, keyRange);
      evidenceRange = keyRange;
    } else if (key === UNABLE) {
      unobtainable = readUnable(reader, part, keyRange);
    } else {
      unknownKey(reader, key, keyRange, keys);
      unread = true;
    }
  }
  const reason = reader.yaml.isScalar(value) && typeof value.value === "string" ? unobtainableText(value.value) : undefined;
  if (reason !== undefined) {
    unobtainable ??= { reason, ...rangeOf(value as Scalar, valueRange) };
    hasValue = false;
  }
  if (!hasValue && unobtainable === undefined && !unread) {
    report(reader.checking, "misplaced-evidence", evidenceRange ?? otherwise, "Evidence is given, and no answer that it is for.", { help: `Write the answer behind \`${main}:\`, or \`${UNABLE}: true\`.` });
  }
  return { value: hasValue ? value : undefined, hasValue, valueRange, evidence, unobtainable };
}

function readUnable(reader: Reader, value: unknown, keyRange: Range): RawUnobtainable | undefined {
  const read = scalar(reader, value, keyRange);
  if (read === undefined || (!read.quoted && /^(?:false|no)$/iu.test(read.text))) return undefined;
  return { reason: !read.quoted && /^(?:true|yes)$/iu.test(read.text) ? "" : read.text.replace(/\s+/gu, " ").trim(), start: keyRange.start, end: read.end };
}

/** One piece of evidence or a list of them; a text is read as an `evidence` line of a policy is. */
function readEvidenceOf(reader: Reader, value: unknown, keyRange: Range): RawEvidence[] {
  const items = reader.yaml.isSeq(value) ? value.items : [value];
  return items.flatMap((item): RawEvidence[] => {
    const at = rangeOf(item as YamlNode, keyRange);
    if (reader.yaml.isMap(item)) return [readEvidenceMap(reader, item, at)];
    const read = scalar(reader, item, keyRange);
    return read === undefined ? [] : [evidenceOfText(reader.checking.found, read, reader.text)];
  });
}

function readEvidenceMap(reader: Reader, map: YAMLMap, at: Range): RawEvidence {
  const parts: { [part: string]: RawScalar | undefined } = {};
  let first: Range | undefined;
  for (const { key, keyRange, value } of entries(reader, map)) {
    first ??= keyRange;
    if (EVIDENCE_KEYS.includes(key)) parts[key] = scalar(reader, value, keyRange);
    else unknownKey(reader, key, keyRange, EVIDENCE_KEYS);
  }
  return { source: parts["source"], page: parts["page"], date: parts["date"], note: parts["note"], ...(first ?? within(reader.text, at.start, at.end)) };
}

const OUTCOMES: Readonly<Record<string, OutcomeName>> = { met: "met", "not met": "not met", unknown: "unknown", true: "met", false: "not met", yes: "met", no: "not met" };

/** Outcomes by address; those that a case attests may carry evidence. */
function readOutcomes(reader: Reader, value: unknown, otherwise: Range, attested = false): RawOutcome[] {
  if (!reader.yaml.isMap(value)) {
    invalid(reader, rangeOf(value as YamlNode, otherwise), "Criteria are given by address.", "Write `I.B: met` and the like below it.");
    return [];
  }
  return entries(reader, value).map(({ key, keyRange, value: whole }) => {
    const answer = attested ? readAnswer(reader, "outcome", whole, keyRange) : undefined;
    const grounds = answer && { evidence: answer.evidence, unobtainable: answer.unobtainable };
    const address = { text: key, ...keyRange };
    const range = { start: keyRange.start, end: rangeOf(whole as YamlNode, keyRange).end };
    if (answer !== undefined && !answer.hasValue) return { address, outcome: undefined, range, ...grounds };
    const given = answer === undefined ? whole : answer.value;
    const text = scalar(reader, given, answer?.valueRange ?? keyRange);
    const outcome = text === undefined || !Object.hasOwn(OUTCOMES, text.text) ? undefined : OUTCOMES[text.text];
    if (text !== undefined && outcome === undefined) invalid(reader, text, `A criterion is met, not met or unknown, not \`${text.text}\`.`, "Write met, not met or unknown.");
    return { address, outcome, range, ...grounds };
  });
}

const EXPECT_KEYS = ["determination", "by", "missing", "criteria"];

function readExpect(reader: Reader, value: unknown, otherwise: Range): RawExpectation[] {
  const range = { start: otherwise.start, end: rangeOf(value as YamlNode, otherwise).end };
  if (reader.yaml.isScalar(value)) return [{ range, determination: word(reader, value, otherwise), missing: [] }];
  if (!reader.yaml.isMap(value)) {
    invalid(reader, range, "`expect` says what the case comes to.", "Write `expect: approve`, or `determination:`, `by:`, `missing:` and `criteria:` below it.");
    return [{ range, missing: [] }];
  }
  let determination: Word | undefined;
  let by: Word | undefined;
  let missing: readonly Word[] = [];
  const outcomes: RawExpectation[] = [];
  for (const { key, keyRange, value: given } of entries(reader, value)) {
    switch (key) {
      case "determination": determination = word(reader, given, keyRange); break;
      case "by": by = word(reader, given, keyRange); break;
      case "missing": missing = scalars(reader, given, keyRange).map((each) => ({ kind: "word", text: each.text, start: each.start, end: each.end })); break;
      case "criteria": outcomes.push(...readOutcomes(reader, given, keyRange).map((outcome) => ({ range: outcome.range, missing: [], outcome }))); break;
      default: unknownKey(reader, key, keyRange, EXPECT_KEYS);
    }
  }
  const at = determination ?? by ?? range;
  return [{ range: { start: at.start, end: at.end }, determination, by, missing }, ...outcomes];
}
