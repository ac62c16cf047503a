// Writes a case as text in the form in which cases stand in a policy or in a case file, and the edit that puts it there.
import type { YAMLSeq } from "yaml";
import type { Edit } from "../diagnostic.js";
import { oneLine, writtenCode, writtenEvidence, writtenRecords, writtenUnobtainable, writtenValues } from "../semantics/casetext.js";
import type { Analysis, Evidence, FactSymbol, FactValue, OutcomeName, PolicyCase } from "../semantics/model.js";
import { dateText } from "../syntax/dates.js";
import type { Range } from "../text.js";

type Yaml = typeof import("yaml");
// Resolved by the bundler; the YAML reader is loaded when a case file is first written to.
declare const require: (name: "yaml") => Yaml;

/** What a case expects. */
export interface NewExpectation {
  readonly determination?: string | undefined;
  readonly by?: string | undefined;
  readonly missing?: readonly string[] | undefined;
  readonly outcomes?: readonly (readonly [address: string, outcome: OutcomeName])[] | undefined;
}

/** A case to be written. A checked case of a policy fits, but for what it expects. */
export interface NewCase {
  readonly name: string;
  /** Date of service, days since 1970-01-01. */
  readonly on: number;
  /** Requested codes, each behind its system. */
  readonly codes?: readonly string[] | undefined;
  readonly lineOfBusiness?: string | undefined;
  readonly pathway?: string | undefined;
  readonly facts: ReadonlyMap<string, FactValue>;
  readonly attested: ReadonlyMap<string, OutcomeName>;
  readonly evidence?: PolicyCase["evidence"];
  readonly unobtainable?: PolicyCase["unobtainable"];
  readonly expect?: NewExpectation | undefined;
  readonly note?: string | undefined;
}

/** An edit that inserts a case, with where what it expects will stand in the new text. */
export interface NewCaseEdit extends Edit {
  readonly select: Range;
}

/** The lines of a case as a policy has them, indented by two spaces. */
export function caseLines(facts: ReadonlyMap<string, FactSymbol>, given: NewCase): readonly string[] {
  const lines = [`  case "${oneLine(given.name)}"`, `    on ${dateText(given.on)}`];
  if (given.codes !== undefined && given.codes.length > 0) lines.push(`    codes ${given.codes.map(writtenCode).join(", ")}`);
  if (given.lineOfBusiness !== undefined) lines.push(`    line of business ${given.lineOfBusiness}`);
  if (given.pathway !== undefined) lines.push(`    pathway ${given.pathway}`);
  for (const [fact, value] of inOrder(facts, given)) {
    const records = writtenRecords(fact, value);
    lines.push(`    ${fact.name} =${records.length > 0 ? "" : ` ${writtenValues(fact, value).join(", ")}`}`);
    const evidence = given.evidence?.get(fact.name) ?? [];
    for (const each of evidence) if (!isOfRecord(each, records)) lines.push(`      ${writtenEvidence(each)}`);
    records.forEach((record, i) => {
      lines.push(`      - ${record.map(([name, text]) => `${name} = ${text}`).join(", ")}`.trimEnd());
      for (const each of evidence) if (each.record === i + 1) lines.push(`        ${writtenEvidence(each)}`);
    });
  }
  for (const [address, outcome] of given.attested) lines.push(`    ${address} = ${outcome}`, ...evidenceLines(given, address));
  for (const [name, reason] of given.unobtainable ?? []) lines.push(`    ${name} = ${writtenUnobtainable(reason)}`, ...evidenceLines(given, name));
  lines.push(...expectations(given.expect).map((text) => `    expect ${text}`));
  if (given.note !== undefined && given.note !== "") lines.push(`    note ${oneLine(given.note)}`);
  return lines;
}

const isOfRecord = ({ record }: Evidence, records: readonly unknown[]): boolean => record !== undefined && record >= 1 && record <= records.length;
const evidenceLines = ({ evidence }: NewCase, name: string): readonly string[] => (evidence?.get(name) ?? []).map((each) => `      ${writtenEvidence(each)}`);

/** The facts of a case in the order in which the policy declares them. */
function inOrder(facts: ReadonlyMap<string, FactSymbol>, given: NewCase): readonly (readonly [FactSymbol, FactValue])[] {
  return [...facts.values()].flatMap((fact) => {
    const value = given.facts.get(fact.name);
    return value === undefined ? [] : [[fact, value] as const];
  });
}

function expectations(expect: NewExpectation | undefined): readonly string[] {
  if (expect === undefined) return [];
  const { determination, by, missing = [], outcomes = [] } = expect;
  const first = determination === undefined ? [] : [`${determination}${by === undefined ? "" : ` by ${by}`}${missing.length === 0 ? "" : ` missing ${missing.join(", ")}`}`];
  return [...first, ...outcomes.map(([address, outcome]) => `${address} ${outcome}`)];
}

/** Inserts a case behind the last one of a policy; the `cases` section is made where there is none. */
export function newCaseInPolicy(analysis: Analysis, given: NewCase): NewCaseEdit {
  const { text, document, facts } = analysis;
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  const lines = caseLines(facts, given);
  const section = document.sections.filter((each) => each.kind === "cases").at(-1);
  if (section === undefined) {
    const end = text.trimEnd().length;
    return edit({ start: end, end: text.length }, `${eol}${eol}cases${eol}${lines.join(eol)}${eol}`, lines, eol);
  }
  const [last, before] = [section.cases.at(-1), section.cases.at(-2)];
  const at = endOfLine(text, behind(text, last ?? section.heading));
  // Cases that are set apart by a blank line stay so.
  const apart = last !== undefined && before !== undefined && /\n[^\S\n]*\r?\n/u.test(text.slice(behind(text, before), last.start));
  return edit({ start: at, end: at }, `${eol}${apart ? eol : ""}${lines.join(eol)}`, lines, eol);
}

/** Inserts cases behind the last one of a policy. */
export function newCasesInPolicy(analysis: Analysis, given: readonly NewCase[]): Edit | undefined {
  const [first, ...rest] = given;
  if (first === undefined) return undefined;
  const { start, end, text } = newCaseInPolicy(analysis, first);
  const eol = analysis.text.includes("\r\n") ? "\r\n" : "\n";
  const apart = text.startsWith(`${eol}${eol}  `) ? eol : "";
  const lines = rest.map((each) => `${eol}${apart}${caseLines(analysis.facts, each).join(eol)}`).join("");
  return { start, end, text: text.endsWith(eol) ? `${text.slice(0, -eol.length)}${lines}${eol}` : `${text}${lines}` };
}

/** The end of what a node holds, without white space behind it. */
const behind = (text: string, range: Range): number => range.start + text.slice(range.start, range.end).trimEnd().length;

function endOfLine(text: string, from: number): number {
  const found = text.slice(from).search(/[\r\n]/u);
  return found < 0 ? text.length : from + found;
}

/** The edit of an insertion; selected is the first line that says what is expected, or else the name. */
function edit(place: Range, text: string, lines: readonly string[], eol: string): NewCaseEdit {
  const wanted = lines.find((line) => /^\s*"?expect\b/u.test(line)) ?? lines[0]!;
  const at = place.start + text.indexOf(lines.join(eol)) + lines.slice(0, lines.indexOf(wanted)).reduce((sum, line) => sum + line.length + eol.length, 0);
  return { ...place, text, select: { start: at + wanted.search(/\S/u), end: at + wanted.length } };
}

// ── Case files ────────────────────────────────────────────────────────────────────────────────────────────────────────
/** Inserts a case behind the last one of a case file, YAML or JSON as the file is; undefined where the file holds no list of cases. */
export function newCaseInFile(text: string, facts: ReadonlyMap<string, FactSymbol>, given: NewCase): NewCaseEdit | undefined {
  const { isMap, isScalar, isSeq, parseDocument } = require("yaml");
  const document = parseDocument(text, { prettyErrors: false, stringKeys: true });
  if (document.errors.length > 0) return undefined;
  const { contents } = document;
  const list = isSeq(contents) ? contents : isMap(contents) ? contents.get("cases", true) : undefined;
  if (!isSeq(list)) return isMap(contents) && (list === undefined || (isScalar(list) && list.value === null)) && !contents.has("name") ? firstInFile(text, contents.has("cases"), facts, given) : undefined;
  return list.flow === true ? inJson(text, list, facts, given) : inYaml(text, list, facts, given);
}

function firstInFile(text: string, hasKey: boolean, facts: ReadonlyMap<string, FactSymbol>, given: NewCase): NewCaseEdit | undefined {
  if (text.trimStart().startsWith("{")) return undefined;
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  const lines = yamlLines(facts, given, "  ");
  const key = /^cases[^\S\r\n]*:.*$/mu.exec(text);
  if (hasKey && key === null) return undefined;
  const at = key === null ? text.trimEnd().length : key.index + key[0].length;
  const head = key === null ? `${at === 0 ? "" : eol}cases:` : "";
  return edit({ start: at, end: at }, `${head}${eol}${lines.join(eol)}`, lines, eol);
}

function inYaml(text: string, list: YAMLSeq, facts: ReadonlyMap<string, FactSymbol>, given: NewCase): NewCaseEdit | undefined {
  const last = list.items.at(-1) as { readonly range?: readonly [number, number, number] | null } | undefined;
  if (last?.range == null) return undefined;
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  const dash = /(?:^|\n)([^\S\r\n]*)-[^\S\r\n]+$/u.exec(text.slice(0, last.range[0]));
  const lines = yamlLines(facts, given, dash?.[1] ?? "  ");
  const at = endOfLine(text, last.range[0] + text.slice(last.range[0], last.range[1]).trimEnd().length);
  return edit({ start: at, end: at }, `${eol}${lines.join(eol)}`, lines, eol);
}

/** The lines of a case as an entry of a YAML case file. */
export function yamlLines(facts: ReadonlyMap<string, FactSymbol>, given: NewCase, indent: string): readonly string[] {
  const lines = [`- name: ${plain(oneLine(given.name))}`, `  on: ${dateText(given.on)}`];
  if (given.codes !== undefined) lines.push(`  codes: [${given.codes.map((code) => plain(writtenCode(code))).join(", ")}]`);
  if (given.lineOfBusiness !== undefined) lines.push(`  line of business: ${plain(given.lineOfBusiness)}`);
  if (given.pathway !== undefined) lines.push(`  pathway: ${plain(given.pathway)}`);
  const values = inOrder(facts, given);
  if (values.length > 0) lines.push("  facts:");
  for (const [fact, value] of values) {
    const records = writtenRecords(fact, value);
    const written = writtenValues(fact, value).map(unquoted);
    const isList = fact.type.kind === "list" || fact.type.kind === "records";
    const none = isList && (value as readonly unknown[]).length === 0;
    const evidence = given.evidence?.get(fact.name) ?? [];
    const own = evidence.filter((each) => !isOfRecord(each, records));
    // With evidence, the value stands behind a key of its own.
    const deeper = own.length === 0 ? "" : "  ";
    lines.push(...(own.length === 0 ? [] : [`    ${fact.name}:`]), `    ${deeper}${own.length === 0 ? fact.name : "value"}:${records.length > 0 ? "" : none ? " []" : isList ? ` [${written.map(plain).join(", ")}]` : ` ${plain(written[0] ?? "")}`}`);
    records.forEach((record, i) => {
      const parts = record.map(([name, text]) => `${name}: ${plain(unquoted(text))}`);
      const below = evidence.filter((each) => each.record === i + 1);
      lines.push(`    ${deeper}  - { ${[...parts, ...(below.length === 0 ? [] : [`evidence: [${below.map(flowEvidence).join(", ")}]`])].join(", ")} }`);
    });
    lines.push(...yamlEvidence(own, "      "));
  }
  const absent = [...given.unobtainable ?? []];
  const isFact = ([name]: readonly [string, string]): boolean => facts.has(name);
  if (values.length === 0 && absent.some(isFact)) lines.push("  facts:");
  for (const each of absent.filter(isFact)) lines.push(...yamlAbsent(given, each));
  if (given.attested.size > 0 || !absent.every(isFact)) lines.push("  criteria:");
  for (const [address, outcome] of given.attested) {
    const evidence = given.evidence?.get(address) ?? [];
    lines.push(...(evidence.length === 0 ? [`    ${plain(address)}: ${outcome}`] : [`    ${plain(address)}:`, `      outcome: ${outcome}`, ...yamlEvidence(evidence, "      ")]));
  }
  for (const each of absent.filter((one) => !isFact(one))) lines.push(...yamlAbsent(given, each));
  const { determination, by, missing = [], outcomes = [] } = given.expect ?? {};
  if (given.expect !== undefined) lines.push("  expect:");
  if (determination !== undefined) lines.push(`    determination: ${determination}`);
  if (by !== undefined) lines.push(`    by: ${plain(by)}`);
  if (missing.length > 0) lines.push(`    missing: [${missing.map(plain).join(", ")}]`);
  if (outcomes.length > 0) lines.push("    criteria:", ...outcomes.map(([address, outcome]) => `      ${plain(address)}: ${outcome}`));
  if (given.note !== undefined && given.note !== "") lines.push(`  note: ${plain(oneLine(given.note))}`);
  return lines.map((line) => `${indent}${line}`);
}

const evidenceParts = ({ source, page, date, note }: Evidence): readonly (readonly [key: string, text: string])[] =>
  [["source", source] as const, ...(page === undefined ? [] : [["page", page] as const]), ...(date === undefined ? [] : [["date", dateText(date)] as const]), ...(note === undefined ? [] : [["note", note] as const])];
const flowEvidence = (evidence: Evidence): string => `{ ${evidenceParts(evidence).map(([key, text]) => `${key}: ${plain(text.replace(/\s+/gu, " ").trim())}`).join(", ")} }`;
const yamlEvidence = (evidence: readonly Evidence[], indent: string): readonly string[] => (evidence.length === 0 ? [] : [`${indent}evidence:`, ...evidence.map((each) => `${indent}  - ${flowEvidence(each)}`)]);

function yamlAbsent({ evidence }: NewCase, [name, reason]: readonly [string, string]): readonly string[] {
  const own = evidence?.get(name) ?? [];
  if (own.length === 0 && reason === "") return [`    ${plain(name)}: unable to obtain`];
  return [`    ${plain(name)}:`, `      unable to obtain: ${reason === "" ? "true" : JSON.stringify(reason)}`, ...yamlEvidence(own, "      ")];
}

/** A value of YAML, in quotation marks where it would else be read as something else. */
function plain(text: string): string {
  return /^[\p{L}\p{N}][\p{L}\p{N}_ .%/()+*-]*$/u.test(text) && text === text.trim() && !/^(?:null|true|false)$/iu.test(text) ? text : JSON.stringify(text);
}

const unquoted = (written: string): string => (written.startsWith('"') ? written.slice(1, -1) : written);

function inJson(text: string, list: YAMLSeq, facts: ReadonlyMap<string, FactSymbol>, given: NewCase): NewCaseEdit | undefined {
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  const last = list.items.at(-1) as { readonly range?: readonly [number, number, number] | null } | undefined;
  const from = last?.range?.[0];
  const indent = from === undefined ? "    " : /(?:^|\n)([^\S\r\n]*)$/u.exec(text.slice(0, from))?.[1] ?? "";
  const lines = JSON.stringify(jsonCase(facts, given), undefined, 2).split("\n").map((line) => `${indent}${line}`);
  if (last === undefined) {
    if (list.range == null) return undefined;
    const at = list.range[0] + 1;
    return edit({ start: at, end: at }, `${eol}${lines.join(eol)}${eol}`, lines, eol);
  }
  if (last.range == null) return undefined;
  return edit({ start: last.range[1], end: last.range[1] }, `,${eol}${lines.join(eol)}`, lines, eol);
}

const jsonParts = (evidence: Evidence): unknown => Object.fromEntries(evidenceParts(evidence));
/** The evidence of a fact or criterion; that of single records stands with them. */
function jsonEvidence({ evidence, facts }: NewCase, name: string): { readonly evidence: readonly unknown[] } | undefined {
  const value = facts.get(name);
  const own = (evidence?.get(name) ?? []).filter((each) => !isOfRecord(each, Array.isArray(value) ? value : []));
  return own.length === 0 ? undefined : { evidence: own.map(jsonParts) };
}
function recordEvidence({ evidence }: NewCase, fact: FactSymbol, record: number): readonly (readonly [string, unknown])[] {
  const own = (evidence?.get(fact.name) ?? []).filter((each) => each.record === record);
  return own.length === 0 ? [] : [["evidence", own.map(jsonParts)]];
}

/** A case as an entry of a JSON case file. */
export function jsonCase(facts: ReadonlyMap<string, FactSymbol>, given: NewCase): unknown {
  const plainValues = inOrder(facts, given).map(([fact, value]): readonly [string, unknown] => {
    const written = writtenValues(fact, value).map(unquoted);
    if (fact.type.kind === "records") return [fact.name, writtenRecords(fact, value).map((record, i) => Object.fromEntries([...record.map(([name, text]) => [name, unquoted(text)] as const), ...recordEvidence(given, fact, i + 1)]))];
    if (fact.type.kind === "list") return [fact.name, (value as readonly unknown[]).length === 0 ? [] : written];
    return [fact.name, written[0]];
  });
  const absent = [...given.unobtainable ?? []].map(([name, reason]) => [name, { "unable to obtain": reason === "" ? true : reason, ...jsonEvidence(given, name) }] as const);
  const grounded = ([name, answer]: readonly [string, unknown], main: string): readonly [string, unknown] => {
    const evidence = jsonEvidence(given, name);
    return [name, evidence === undefined ? answer : { [main]: answer, ...evidence }];
  };
  const values = [...plainValues.map((each) => grounded(each, "value")), ...absent.filter(([name]) => facts.has(name))];
  const criteria = [...[...given.attested].map((each) => grounded(each, "outcome")), ...absent.filter(([name]) => !facts.has(name))];
  const { determination, by, missing = [], outcomes = [] } = given.expect ?? {};
  return {
    name: oneLine(given.name),
    on: dateText(given.on),
    ...(given.codes === undefined ? {} : { codes: given.codes.map(writtenCode) }),
    ...(given.lineOfBusiness === undefined ? {} : { "line of business": given.lineOfBusiness }),
    ...(given.pathway === undefined ? {} : { pathway: given.pathway }),
    ...(values.length === 0 ? {} : { facts: Object.fromEntries(values) }),
    ...(criteria.length === 0 ? {} : { criteria: Object.fromEntries(criteria) }),
    ...(given.expect === undefined ? {} : { expect: { determination, by, ...(missing.length === 0 ? {} : { missing }), ...(outcomes.length === 0 ? {} : { criteria: Object.fromEntries(outcomes) }) } }),
    ...(given.note === undefined || given.note === "" ? {} : { note: oneLine(given.note) }),
  };
}
