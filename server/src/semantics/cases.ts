// Checks cases against their policy. Cases of the policy and of case files come here in one raw form, with places.
import type * as A from "../syntax/ast.js";
import { readDate } from "../syntax/dates.js";
import { hasErrors } from "../diagnostic.js";
import { normalAddress } from "../syntax/parser.js";
import { counted, type Range } from "../text.js";
import { CODE_SYSTEMS, DETERMINATIONS, type CodeSystem, type DeterminationName, UNIT_SLIPS } from "../vocabulary.js";
import { caseCode, likelySystems, splitCode, systemByForm, wellFormed } from "./codes.js";
import { addressHelp, type Checking, didYouMean, noteUse, report } from "./context.js";
import { missingUnitHelp } from "./conditions.js";
import { checkLineOfBusiness, checkPathway } from "./criteria.js";
import { checkEvidence, type RawEvidence, type RawGrounds, unobtainableText } from "./evidence.js";
import { typeText } from "./facts.js";
import type { CaseExpectations, CriterionSymbol, Evidence, FactSymbol, FactValue, OutcomeName, PolicyCase, RecordValue, ScalarType } from "./model.js";
import { proseText } from "./prosetext.js";
import { convert, findUnit, NO_UNIT, quantityText, sameDimension, unitWords } from "./units.js";
import { nearest } from "./context.js";

/** One value as written. */
export interface RawScalar extends Range {
  readonly text: string;
  readonly quoted: boolean;
}
export interface RawFact extends RawGrounds {
  readonly name: A.Word;
  readonly values: readonly RawScalar[];
  readonly records: readonly RawRecord[];
  readonly range: Range;
}
export interface RawRecord extends Range {
  readonly fields: readonly RawFact[];
  readonly evidence?: readonly RawEvidence[] | undefined;
}
export interface RawOutcome extends RawGrounds {
  readonly address: Range & { readonly text: string };
  readonly outcome: OutcomeName | undefined;
  readonly range: Range;
}
/** A case before checking, from whatever it was written in. */
export interface RawCase {
  readonly name: A.Word | undefined;
  readonly range: Range;
  readonly on: RawScalar | undefined;
  readonly codes: readonly RawScalar[] | undefined;
  readonly lineOfBusiness: A.Word | undefined;
  readonly pathway: A.Word | undefined;
  readonly facts: readonly RawFact[];
  readonly attested: readonly RawOutcome[];
  readonly expected: readonly RawExpectation[];
  readonly note: string | undefined;
}
export interface RawExpectation {
  readonly range: Range;
  readonly determination?: A.Word | undefined;
  readonly by?: (Range & { readonly text: string }) | undefined;
  readonly missing: readonly A.Word[];
  readonly outcome?: RawOutcome | undefined;
}

/** What a case may speak of. */
export interface CaseGround {
  readonly facts: ReadonlyMap<string, FactSymbol>;
  readonly byAddress: ReadonlyMap<string, CriterionSymbol>;
  /** A figure may stand without its unit, as in YAML and JSON. */
  readonly bareNumbers: boolean;
}

/** The cases of the `cases` sections, in raw form. */
export function rawCases(checking: Checking, document: A.Document): RawCase[] {
  return document.sections.flatMap((section) => (section.kind === "cases" ? section.cases.map((node) => rawCase(checking, node)) : []));
}

function rawCase(checking: Checking, node: A.Case): RawCase {
  const pick = <K extends A.CaseEntry["kind"]>(kind: K): Extract<A.CaseEntry, { kind: K }>[] => node.entries.filter((entry): entry is Extract<A.CaseEntry, { kind: K }> => entry.kind === kind);
  const text = (range: Range): string => checking.text.text.slice(range.start, range.end);
  const date = pick("on")[0]?.date;
  const codes = pick("caseCodes");
  return {
    name: node.name,
    range: node,
    on: date && { text: date.text, quoted: false, start: date.start, end: date.end },
    codes: codes.length === 0 ? undefined : codes.flatMap((entry) => entry.codes.map((code) => ({ text: requestedText(code), quoted: false, start: code.start, end: code.end }))),
    lineOfBusiness: pick("lineOfBusiness")[0]?.value,
    pathway: pick("pathway")[0]?.value,
    facts: pick("caseFact").map((entry) => rawFact(entry, text)),
    attested: pick("attestation").map((entry) => ({ address: entry.address, outcome: entry.outcome?.outcome, range: entry, ...rawGrounds(entry) })),
    expected: pick("expect").map((entry) => ({
      range: entry,
      determination: entry.determination,
      by: entry.by,
      missing: entry.missing,
      outcome: entry.address === undefined ? undefined : { address: entry.address, outcome: entry.outcome?.outcome, range: entry },
    })),
    note: pick("caseNote").map((entry) => proseText(checking.text, entry.prose)).join(" ") || undefined,
  };
}

/** A requested code with its system. One that does not fit the system named earlier in its list goes by its own form. */
function requestedText({ system, from }: A.CodePattern): string {
  if (system === undefined) return from;
  const inherited = system.start === system.end;
  return inherited && (CODE_SYSTEMS as readonly { readonly word: string }[]).some(({ word }) => word === system.text) && !wellFormed(from, system.text as CodeSystem) ? from : `${system.text} ${from}`;
}

const rawEvidence = (evidence: readonly A.CaseEvidence[]): readonly RawEvidence[] | undefined =>
  (evidence.length === 0 ? undefined : evidence.map(({ start, keyword, source, page, date, note }) => ({ source, page, date, note, start, end: keyword.end })));

function rawGrounds({ evidence, unobtainable }: A.CaseFact | A.CaseAttestation): RawGrounds {
  if (unobtainable === undefined && evidence.length === 0) return NO_GROUNDS;
  return { evidence: rawEvidence(evidence), unobtainable: unobtainable && { reason: unobtainable.reason?.text ?? "", start: unobtainable.start, end: unobtainable.end } };
}
const NO_GROUNDS: RawGrounds = {};

function rawFact(entry: A.CaseFact, text: (range: Range) => string): RawFact {
  const values = entry.values.map((value) => (value.kind === "textLiteral" ? { text: value.text, quoted: true, start: value.start, end: value.end } : { text: text(value), quoted: false, start: value.start, end: value.end }));
  return { name: entry.name, values, records: entry.records.map((record) => ({ fields: record.fields.map((field) => rawFact(field, text)), evidence: rawEvidence(record.evidence), start: record.start, end: record.end })), range: entry, ...rawGrounds(entry) };
}

/** Checks raw cases; each comes back, and the sound ones can be evaluated. */
export function checkCases(checking: Checking, raw: readonly RawCase[], ground: CaseGround, uri: string): PolicyCase[] {
  const names = new Map<string, Range>();
  return raw.map((each) => {
    const before = checking.found.length;
    const checked = checkCase(checking, each, ground, uri, names);
    return { ...checked, sound: !hasErrors(checking.found.slice(before)) };
  });
}

function checkCase(checking: Checking, raw: RawCase, ground: CaseGround, uri: string, names: Map<string, Range>): PolicyCase {
  const nameRange = raw.name ?? { start: raw.range.start, end: Math.min(raw.range.end, raw.range.start + 4) };
  const name = raw.name?.text.trim() || "unnamed case";
  const twin = names.get(name);
  if (twin !== undefined) report(checking, "duplicate-case", nameRange, `Two cases are called "${name}".`, { help: "Give each case a name of its own; it is how results name it.", related: [{ ...twin, message: "The first stands here." }] });
  else names.set(name, { start: nameRange.start, end: nameRange.end });

  const facts = new Map<string, FactValue>();
  const factRanges = new Map<string, Range>();
  const grounds: Grounds = { on: raw.on && readDate(raw.on.text, raw.on.start).day, evidence: new Map(), unobtainable: new Map() };
  for (const fact of raw.facts) readFact(checking, fact, ground, facts, factRanges, grounds);
  const attested = new Map<string, OutcomeName>();
  for (const answer of raw.attested) readAttestation(checking, answer, ground, attested, grounds);
  if (raw.lineOfBusiness !== undefined) checkLineOfBusiness(checking, raw.lineOfBusiness);
  if (raw.pathway !== undefined) checkPathway(checking, raw.pathway);
  return {
    name,
    range: { start: raw.range.start, end: raw.range.end },
    nameRange: { start: nameRange.start, end: nameRange.end },
    uri,
    on: dateOfService(checking, raw, nameRange, name),
    codes: raw.codes?.map((code) => requestedCode(checking, code)).filter((code): code is string => code !== undefined),
    lineOfBusiness: raw.lineOfBusiness?.text,
    pathway: raw.pathway?.text,
    facts,
    factRanges,
    attested,
    ...(grounds.evidence.size === 0 ? {} : { evidence: grounds.evidence }),
    ...(grounds.unobtainable.size === 0 ? {} : { unobtainable: grounds.unobtainable }),
    expect: readExpectations(checking, raw, ground, nameRange, name),
    note: raw.note,
    sound: true,
  };
}

/** What is gathered beside the answers of a case. */
interface Grounds {
  /** The date of service, where there is one. */
  readonly on: number | undefined;
  readonly evidence: Map<string, readonly Evidence[]>;
  readonly unobtainable: Map<string, string>;
}

function dateOfService(checking: Checking, raw: RawCase, nameRange: Range, name: string): number {
  if (raw.on === undefined) {
    report(checking, "missing-date-of-service", nameRange, `The case "${name}" has no date of service.`, { help: "Write `on 2025-07-01`; ages, windows and code validity are computed as of it." });
    return 0;
  }
  const date = readDate(raw.on.text, raw.on.start);
  if (date.day !== undefined && date.precision === "day") return date.day;
  report(checking, "invalid-date", raw.on, `\`${raw.on.text}\` is no day of the calendar.`, { help: "Write the day as `2025-07-01`." });
  return 0;
}

function requestedCode(checking: Checking, raw: RawScalar): string | undefined {
  const { system, code } = splitCode(raw.text);
  if (system === undefined ? systemByForm(code, []) !== undefined : wellFormed(code, system)) return caseCode(raw.text);
  report(checking, "malformed-code", raw, `\`${raw.text}\` does not have the form of a code.`, { help: "Write codes as `CPT 77385` or `HCPCS G6015`." });
  return undefined;
}

// ── Facts ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
function readFact(checking: Checking, raw: RawFact, ground: CaseGround, facts: Map<string, FactValue>, ranges: Map<string, Range>, grounds: Grounds): void {
  const fact = ground.facts.get(raw.name.text);
  if (fact === undefined) {
    report(checking, "unknown-fact", raw.name, `The policy has no fact \`${raw.name.text}\`.`, didYouMean(raw.name.text, [...ground.facts.keys()], "Declare it in the policy under `facts`, or take it out of the case.", checking.advice));
    return;
  }
  noteUse(checking, raw.name, fact);
  const first = ranges.get(fact.name);
  if (first !== undefined) {
    report(checking, "duplicate-fact", raw.name, `The case gives \`${fact.name}\` twice.`, { help: "Keep one of them.", related: [{ ...first, message: "It is given here first." }] });
    return;
  }
  ranges.set(fact.name, { start: raw.range.start, end: raw.range.end });
  readGrounds(checking, fact.name, raw, grounds, raw.records);
  if (isUnobtainable(checking, fact.name, raw, grounds, raw.values[0] ?? raw.records[0])) return;
  const value = readValue(checking, fact, raw, ground);
  if (value !== undefined) facts.set(fact.name, value);
}

/** Notes the evidence of an answer, and of the records it holds. */
function readGrounds(checking: Checking, name: string, raw: RawGrounds, grounds: Grounds, records: readonly RawRecord[] = []): void {
  const evidence = checkEvidence(checking, raw.evidence, grounds.on);
  records.forEach((record, i) => { if (record.evidence !== undefined) evidence.push(...checkEvidence(checking, record.evidence, grounds.on, i + 1)); });
  if (evidence.length > 0) grounds.evidence.set(name, evidence);
}

/** Notes that an answer could not be obtained; one that is given all the same is reported. */
function isUnobtainable(checking: Checking, name: string, { unobtainable }: RawGrounds, grounds: Grounds, given: Range | undefined): boolean {
  if (unobtainable === undefined) return false;
  if (given !== undefined) wrong(checking, unobtainable, `\`${name}\` is given, and is said to be impossible to obtain.`, "Keep one of them.");
  grounds.unobtainable.set(name, unobtainable.reason);
  return true;
}

function readValue(checking: Checking, fact: FactSymbol, raw: RawFact, ground: CaseGround): FactValue | undefined {
  const { type } = fact;
  const none = raw.values.length === 1 && raw.values[0]!.text === "none" && !raw.values[0]!.quoted;
  if (type.kind === "unknown") return undefined;
  if (type.kind === "records") {
    if (none && raw.records.length === 0) return [];
    if (raw.values.length > 0 || raw.records.length === 0) {
      wrong(checking, raw.values[0] ?? raw.name, `\`${fact.name}\` is ${typeText(type)}.`, ground.bareNumbers ? `Give it a list of entries with ${type.fields.map((field) => field.name).join(", ")}, or \`none\`.` : `Write each record on a line of its own below, \`- ${type.fields[0]!.name} = …\`, or \`${fact.name} = none\`.`);
      return undefined;
    }
    return readRecords(checking, fact, raw, ground);
  }
  if (raw.records.length > 0) {
    wrong(checking, raw.records[0]!, `\`${fact.name}\` is ${typeText(type)}, not a list of records.`, "Write its value on the line of its name.");
    return undefined;
  }
  if (type.kind === "list") {
    if (none) return [];
    if (raw.values.length === 0) return missingValue(checking, fact, raw);
    const values = raw.values.map((value) => readScalar(checking, fact, type.of, value, ground));
    return values.some((value) => value === undefined) ? undefined : (values as (number | string)[]).map((value, i) => (type.of.kind === "choice" ? raw.values[i]!.text : value));
  }
  if (raw.values.length === 0) return missingValue(checking, fact, raw);
  if (raw.values.length > 1) {
    if (type.kind === "number" && withThousands(checking, fact, raw)) return undefined;
    wrong(checking, raw.values[1]!, `\`${fact.name}\` takes one value, and ${raw.values.length} are given.`, "Make the fact a `list of`, or give one value.");
    return undefined;
  }
  return readScalar(checking, fact, type, raw.values[0]!, ground);
}

/** Reports `1,000`, which is read as two values. */
function withThousands(checking: Checking, fact: FactSymbol, raw: RawFact): boolean {
  const range = { start: raw.values[0]!.start, end: raw.values.at(-1)!.end };
  const written = checking.text.text.slice(range.start, range.end);
  if (!/^\d{1,3}(?:,\d{3})+(?!\d|,\d)/u.test(written)) return false;
  const plain = written.replace(/,(?=\d{3})/gu, "");
  wrong(checking, range, `\`${fact.name}\` takes one value, and \`${written}\` is read as ${raw.values.length}: figures have no commas between thousands.`, `Write \`${plain}\`.`, plain);
  return true;
}

function missingValue(checking: Checking, fact: FactSymbol, raw: RawFact): undefined {
  wrong(checking, raw.name, `\`${fact.name}\` has no value.`, `It is ${typeText(fact.type)}. Leave the line out if it is not known.`);
}

function wrong(checking: Checking, range: Range, message: string, help: string, replacement?: string): void {
  report(checking, "wrong-value", range, message, { help, replacement });
}

function readRecords(checking: Checking, fact: FactSymbol, raw: RawFact, ground: CaseGround): readonly RecordValue[] {
  const fields = fact.type.kind === "records" ? fact.type.fields : [];
  return raw.records.map((record) => {
    const values: Record<string, number | string | boolean> = {};
    const seen = new Set<string>();
    for (const given of record.fields) {
      const field = fields.find((candidate) => candidate.name === given.name.text);
      if (field === undefined) {
        report(checking, "unknown-fact", given.name, `The records of \`${fact.name}\` have no field \`${given.name.text}\`.`, didYouMean(given.name.text, fields.map((each) => each.name), `The fields are ${fields.map((each) => each.name).join(", ")}.`));
        continue;
      }
      noteUse(checking, given.name, field);
      if (seen.has(field.name)) {
        report(checking, "duplicate-fact", given.name, `The record gives \`${field.name}\` twice.`, { help: "Keep one of them." });
        continue;
      }
      seen.add(field.name);
      if (given.unobtainable !== undefined || (field.type.kind !== "text" && given.values.length === 1 && unobtainableText(given.values[0]!.text) !== undefined)) {
        wrong(checking, given.unobtainable ?? given.values[0]!, `\`${field.name}\` of a record cannot be recorded as unable to obtain.`, `Leave it out of the record, and say why in the evidence of the record or of \`${fact.name}\`.`);
        continue;
      }
      const value = readValue(checking, field, given, ground);
      if (value !== undefined && !Array.isArray(value)) values[field.name] = value as number | string | boolean;
    }
    return values;
  });
}

const NUMBER_AND_UNIT = /^([+-]?\d+(?:\.\d+)?)\s*(.*)$/su;

function readScalar(checking: Checking, fact: FactSymbol, type: ScalarType, raw: RawScalar, ground: CaseGround): number | string | boolean | undefined {
  switch (type.kind) {
    case "yes/no":
      if (raw.text === "yes" || raw.text === "true") return true;
      if (raw.text === "no" || raw.text === "false") return false;
      wrong(checking, raw, `\`${fact.name}\` is yes or no, not \`${raw.text}\`.`, "Write yes or no; leave the fact out if it is not known.");
      return undefined;
    case "number": return readNumber(checking, fact, type, raw, ground);
    case "date": {
      const date = readDate(raw.text, raw.start);
      if (date.day !== undefined && date.precision === "day") return date.day;
      wrong(checking, raw, `\`${fact.name}\` is a date, and \`${raw.text}\` is no day of the calendar.`, "Write the day as 2025-03-05.");
      return undefined;
    }
    case "text": return raw.text;
    case "choice": {
      const index = type.choices.indexOf(raw.text);
      if (index >= 0) return index;
      checking.advice.left -= type.choices.length;
      const meant = checking.advice.left < 0 ? undefined : nearest(raw.text, type.choices);
      wrong(checking, raw, `\`${fact.name}\` cannot be \`${raw.text}\`.`, meant === undefined ? `It is ${typeText(type)}.` : `Did you mean \`${meant}\`?`, meant);
      return undefined;
    }
    case "code": {
      const { system: named, code } = splitCode(raw.text);
      if (type.systems.some((system: CodeSystem) => (named === undefined || named === system) && wellFormed(code, system))) return caseCode(raw.text, type.systems);
      wrong(checking, raw, `\`${raw.text}\` is no code of ${type.systems.join(" or ")}.`, likelySystems(code).length > 0 ? `It has the form of a code of ${likelySystems(code).join(" or ")}.` : "Check the code.");
      return undefined;
    }
    case "unknown": return undefined;
  }
}

function readNumber(checking: Checking, fact: FactSymbol, type: Extract<ScalarType, { kind: "number" }>, raw: RawScalar, ground: CaseGround): number | undefined {
  const match = NUMBER_AND_UNIT.exec(raw.text.trim());
  const example = quantityText(type.from ?? 10, type.unit);
  if (match === null || (raw.quoted && !ground.bareNumbers)) {
    wrong(checking, raw, `\`${fact.name}\` is ${typeText(type)}, not \`${raw.text}\`.`, `Write a figure${type.unit === NO_UNIT ? "" : " with its unit"}, such as \`${example}\`.`);
    return undefined;
  }
  const unitText = match[2]!.trim();
  let value = Number(match[1]);
  if (unitText === "") {
    if (type.unit !== NO_UNIT && !ground.bareNumbers) {
      const { help, replacement } = missingUnitHelp(raw.text, type.unit);
      wrong(checking, raw, `\`${fact.name}\` is ${typeText(type)}, and \`${raw.text}\` has no unit.`, help, replacement);
      return undefined;
    }
  } else {
    const unit = findUnit(unitText);
    if (unit === undefined) {
      const meant = UNIT_SLIPS.get(unitText.toLowerCase()) ?? nearest(unitText, unitWords());
      wrong(checking, raw, `\`${unitText}\` is no unit.`, meant === undefined ? `\`${fact.name}\` is ${typeText(type)}.` : `Did you mean \`${match[1]} ${meant}\`?`, meant && `${match[1]} ${meant}`);
      return undefined;
    }
    if (!sameDimension(unit, type.unit) || (type.unit === NO_UNIT && unit.ucum !== "1")) {
      wrong(checking, raw, `\`${fact.name}\` is ${typeText(type)}, and ${unit.text} measure${unit.text.endsWith("s") ? "" : "s"} something else.`, `Write a figure in ${type.unit.text || "no unit"}.`);
      return undefined;
    }
    value = convert(value, unit, type.unit);
  }
  if ((type.from !== undefined && value < type.from) || (type.to !== undefined && value > type.to)) {
    wrong(checking, raw, `\`${fact.name}\` runs ${type.from === undefined ? "" : `from ${type.from} `}${type.to === undefined ? "" : `to ${type.to}`}, so it cannot be ${quantityText(value, type.unit)}.`, "Check the figure and its unit.");
    return undefined;
  }
  return value;
}

// ── Attestations and expectations ─────────────────────────────────────────────────────────────────────────────────────
function criterionAt(checking: Checking, address: Range & { readonly text: string }, ground: CaseGround): CriterionSymbol | undefined {
  const text = normalAddress(address.text);
  const symbol = ground.byAddress.get(text);
  if (symbol === undefined) report(checking, "unknown-label", address, `The policy has no criterion \`${text}\`.`, addressHelp(checking, text));
  else noteUse(checking, address, symbol);
  return symbol;
}

function readAttestation(checking: Checking, raw: RawOutcome, ground: CaseGround, attested: Map<string, OutcomeName>, grounds: Grounds): void {
  const symbol = criterionAt(checking, raw.address, ground);
  if (symbol === undefined || (raw.outcome === undefined && raw.unobtainable === undefined)) return;
  if (!symbol.attested) {
    report(checking, "computed-criterion", raw.address, `${symbol.address} is ${symbol.items.length > 0 ? `decided by its ${counted(symbol.items.length, "item")}` : "computed from its condition"}, so it cannot be attested.`, { help: symbol.items.length > 0 ? "Attest its items, or give their facts." : "Give the facts that its `when` asks for." });
    return;
  }
  if (attested.has(symbol.address) || grounds.unobtainable.has(symbol.address)) {
    report(checking, "duplicate-fact", raw.address, `The case attests ${symbol.address} twice.`, { help: "Keep one of them." });
    return;
  }
  readGrounds(checking, symbol.address, raw, grounds);
  if (!isUnobtainable(checking, symbol.address, raw, grounds, raw.outcome === undefined ? undefined : raw.address) && raw.outcome !== undefined) attested.set(symbol.address, raw.outcome);
}

const determinationWords: readonly string[] = DETERMINATIONS.map((determination) => determination.word);
const REQUEST_WORDS: readonly string[] = ["codes", "line of business", "pathway"];

function readExpectations(checking: Checking, raw: RawCase, ground: CaseGround, nameRange: Range, name: string): CaseExpectations {
  let determination: CaseExpectations["determination"];
  let by: CaseExpectations["by"];
  const missing: { name: string; range: Range }[] = [];
  const outcomes: { address: string; outcome: OutcomeName; range: Range }[] = [];
  for (const each of raw.expected) {
    if (each.determination !== undefined) {
      const word = each.determination.text;
      const range = { start: each.range.start, end: each.range.end };
      if (!determinationWords.includes(word)) {
        const deny = /^den(?:y|ied)$/u.test(word) ? { help: "The tool never denies: where criteria are not met it refers the case to a clinician, `expect refer`.", replacement: "refer" } : /^no(?:ne|thing)?\b/u.test(word) ? { help: "Write `expect no statement applies`.", replacement: "no statement applies" } : didYouMean(word, determinationWords, "Write `expect approve`, `expect pend`, `expect refer`, `expect no statement applies`, or `expect I.B met`.");
        report(checking, "unknown-expectation", each.determination, `A case comes to approve, pend, refer or no statement applies, not to \`${word}\`.`, deny);
      } else if (determination !== undefined) {
        report(checking, "unknown-expectation", each.range, "The case expects two determinations.", { help: "Keep one of them." });
      } else {
        determination = { value: word as DeterminationName, range };
      }
    }
    if (each.by !== undefined) {
      const symbol = criterionAt(checking, each.by, ground);
      if (symbol !== undefined) by = { address: symbol.address, range: { start: each.by.start, end: each.by.end } };
    }
    for (const word of each.missing) {
      if (REQUEST_WORDS.includes(word.text) || ground.facts.has(word.text)) {
        const fact = ground.facts.get(word.text);
        if (fact !== undefined) noteUse(checking, word, fact);
      } else if (ground.byAddress.has(word.text)) {
        noteUse(checking, word, ground.byAddress.get(word.text)!);
      } else {
        report(checking, "unknown-fact", word, `The policy has no fact or criterion \`${word.text}\`.`, didYouMean(word.text, [...ground.facts.keys(), ...ground.byAddress.keys(), ...REQUEST_WORDS], "Name facts, addresses of attested criteria, codes, line of business or pathway."));
        continue;
      }
      missing.push({ name: word.text, range: { start: word.start, end: word.end } });
    }
    if (each.outcome?.outcome !== undefined) {
      const symbol = criterionAt(checking, each.outcome.address, ground);
      if (symbol !== undefined) outcomes.push({ address: symbol.address, outcome: each.outcome.outcome, range: { start: each.range.start, end: each.range.end } });
    }
  }
  if (raw.expected.length === 0) report(checking, "case-without-expectation", nameRange, `The case "${name}" expects nothing, so it tests nothing.`, { help: "Write `expect approve`, `expect pend` or `expect refer`." });
  return { determination, by, missing, outcomes };
}

/** Names what a fact asks, for messages and explanations. */
export function questionOf(fact: FactSymbol): string {
  return fact.question ?? fact.name.replace(/_/gu, " ");
}
