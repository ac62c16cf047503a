// What if a fact were another: changes on top of a case, checked as cases are, so that a wrong unit gets the same message.
import { checkCases, type RawCase, type RawFact, type RawOutcome, type RawScalar } from "../semantics/cases.js";
import { type Checking, MOST_ADVICE } from "../semantics/context.js";
import type { Analysis, FactSymbol, FactValue, OutcomeName, PolicyCase } from "../semantics/model.js";
import { dateText } from "../syntax/dates.js";
import type { Range } from "../text.js";

/** A value as a person writes it; for a list of records one entry for each; null where it is not known. */
export type GivenValue = string | readonly Readonly<Record<string, string>>[] | null;

/** What is to be other than in the case. Null takes away what the case gives. */
export interface CaseChanges {
  readonly on?: string | undefined;
  /** A list with commas. */
  readonly codes?: string | null | undefined;
  readonly lineOfBusiness?: string | null | undefined;
  readonly pathway?: string | null | undefined;
  readonly facts?: Readonly<Record<string, GivenValue>> | undefined;
  /** Attested criteria by address. */
  readonly criteria?: Readonly<Record<string, OutcomeName | null>> | undefined;
}

/** Why a change was not made. */
export interface ChangeProblem {
  readonly kind: "fact" | "criterion" | "request";
  /** Name of the fact, address of the criterion, or `on`, `codes`, `line of business`, `pathway`. */
  readonly name: string;
  readonly message: string;
  readonly help?: string | undefined;
}

export interface ChangedCase {
  readonly policyCase: PolicyCase;
  readonly problems: readonly ChangeProblem[];
}

/** A case that gives nothing but its date of service. */
export function blankCase(uri: string, on: number): PolicyCase {
  const nowhere = { start: 0, end: 0 };
  const nothing = { missing: [], outcomes: [] };
  return { name: "New case", range: nowhere, nameRange: nowhere, uri, on, facts: new Map(), factRanges: new Map(), attested: new Map(), expect: nothing, sound: true };
}

/** A case with changes made to it. What is wrong with a change is told, and that change is left out. */
export function changedCase(analysis: Analysis, base: PolicyCase, changes: CaseChanges): ChangedCase {
  const sheet = new Sheet();
  const given = Object.entries(changes.facts ?? {}).filter(([, value]) => isWritten(value));
  const answers = Object.entries(changes.criteria ?? {}).filter((entry): entry is [string, OutcomeName] => entry[1] !== null);
  const on = changes.on === undefined ? dateText(base.on) : changes.on;
  const raw: RawCase = {
    name: undefined,
    range: { start: 0, end: 0 },
    on: sheet.about("request", "on", () => sheet.scalar(on)),
    codes: isText(changes.codes) ? sheet.about("request", "codes", () => sheet.list(changes.codes!)) : undefined,
    lineOfBusiness: isText(changes.lineOfBusiness) ? sheet.about("request", "line of business", () => sheet.word(changes.lineOfBusiness!)) : undefined,
    pathway: isText(changes.pathway) ? sheet.about("request", "pathway", () => sheet.word(changes.pathway!)) : undefined,
    facts: given.map(([name, value]) => sheet.about("fact", name, () => sheet.fact(name, analysis.facts.get(name), value!))),
    attested: answers.map(([address, outcome]) => sheet.about("criterion", address, () => sheet.answer(address, outcome))),
    expected: [],
    note: undefined,
  };
  const checking: Checking = {
    text: { text: sheet.text, comments: [] }, found: [], uses: [], facts: new Map(analysis.facts), definitions: new Map(), byAddress: new Map(analysis.byAddress),
    criterionReferences: { count: 0 }, advice: { left: MOST_ADVICE },
  };
  const checked = checkCases(checking, [raw], { facts: analysis.facts, byAddress: analysis.byAddress, bareNumbers: true }, base.uri)[0]!;
  const problems = checking.found.filter((found) => found.severity === "error").flatMap((found) => {
    const stretch = sheet.stretches.find((each) => each.start <= found.start && found.start < each.end);
    return stretch === undefined ? [] : [{ kind: stretch.kind, name: stretch.name, message: found.message, help: found.help }];
  });
  const failed = (kind: ChangeProblem["kind"], name: string): boolean => problems.some((problem) => problem.kind === kind && problem.name === name);

  const facts = new Map<string, FactValue>(base.facts);
  for (const [name, value] of Object.entries(changes.facts ?? {})) {
    const read = checked.facts.get(name);
    if (!isWritten(value)) facts.delete(name);
    else if (read !== undefined && !failed("fact", name)) facts.set(name, read);
  }
  const attested = new Map<string, OutcomeName>(base.attested);
  for (const [address, outcome] of Object.entries(changes.criteria ?? {})) {
    if (outcome === null) attested.delete(address);
    else if (!failed("criterion", address)) attested.set(address, outcome);
  }
  const taken = <T>(name: string, change: string | null | undefined, read: T | undefined, before: T | undefined): T | undefined =>
    change === undefined || failed("request", name) ? before : isText(change) ? read : undefined;
  return {
    problems,
    policyCase: {
      ...base,
      on: failed("request", "on") ? base.on : checked.on,
      codes: taken("codes", changes.codes, checked.codes, base.codes),
      lineOfBusiness: taken("line of business", changes.lineOfBusiness, checked.lineOfBusiness, base.lineOfBusiness),
      pathway: taken("pathway", changes.pathway, checked.pathway, base.pathway),
      facts,
      attested,
      // What stood for the answer of the case does not stand for another one.
      ...(base.evidence === undefined ? {} : { evidence: unchanged(base.evidence, changes) }),
      ...(base.unobtainable === undefined ? {} : { unobtainable: unchanged(base.unobtainable, changes) }),
      expect: { missing: [], outcomes: [] },
    },
  };
}

function unchanged<T>(kept: ReadonlyMap<string, T>, { facts = {}, criteria = {} }: CaseChanges): ReadonlyMap<string, T> {
  return new Map([...kept].filter(([name]) => !Object.hasOwn(facts, name) && !Object.hasOwn(criteria, name)));
}

const isText = (value: string | null | undefined): value is string => typeof value === "string" && value.trim() !== "";
const isWritten = (value: GivenValue): boolean => (typeof value === "string" ? value.trim() !== "" : value !== null);

/** The changes as one text, so that the checker has places to speak of. */
class Sheet {
  text = "";
  readonly stretches: (Range & { readonly kind: ChangeProblem["kind"]; readonly name: string })[] = [];

  /** Notes what the text that `write` adds is about. */
  about<T>(kind: ChangeProblem["kind"], name: string, write: () => T): T {
    const start = this.text.length;
    const made = write();
    this.stretches.push({ kind, name, start, end: this.text.length });
    return made;
  }

  put(text: string): Range {
    const start = this.text.length;
    this.text += `${text}\n`;
    return { start, end: start + text.length };
  }

  word(text: string): { readonly kind: "word"; readonly text: string } & Range {
    return { kind: "word", text: text.trim(), ...this.put(text.trim()) };
  }

  scalar(text: string, quoted = false): RawScalar {
    return { text: text.trim(), quoted, ...this.put(text.trim()) };
  }

  /** The entries of a list; they stand in the text with their commas. */
  list(text: string): RawScalar[] {
    const { start } = this.put(text);
    return [...text.matchAll(/[^,]+/gu)].filter((match) => match[0].trim() !== "").map((match) => {
      const from = start + match.index + match[0].search(/\S/u);
      return { text: match[0].trim(), quoted: false, start: from, end: from + match[0].trim().length };
    });
  }

  fact(name: string, fact: FactSymbol | undefined, value: Exclude<GivenValue, null>): RawFact {
    const start = this.text.length;
    const word = this.word(name);
    const range = (): Range => ({ start, end: this.text.length });
    if (typeof value === "string") {
      const one = fact?.type.kind === "text";
      const values = one ? [this.scalar(value, true)] : this.list(value);
      return { name: word, values, records: [], range: range() };
    }
    const fields = fact?.type.kind === "records" ? fact.type.fields : [];
    const records = value.map((record) => {
      const from = this.text.length;
      const written = Object.entries(record).filter(([, text]) => text.trim() !== "").map(([field, text]) => this.fact(field, fields.find((each) => each.name === field), text));
      return { fields: written, start: from, end: Math.max(from + 1, this.text.length) };
    });
    if (records.length === 0) return { name: word, values: [this.scalar("none")], records, range: range() };
    return { name: word, values: [], records, range: range() };
  }

  answer(address: string, outcome: OutcomeName): RawOutcome {
    const range = this.put(address);
    return { address: { text: address, ...range }, outcome, range };
  }
}
