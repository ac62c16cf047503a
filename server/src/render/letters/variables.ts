// The variables of templates with what they hold: the reference in docs/letters.md is held against this, and this against what is written.

export interface Variable {
  /** `statements[].rules[].words` */
  readonly name: string;
  readonly words: string;
}

const named = (list: Readonly<Record<string, string>>, before = ""): readonly Variable[] => Object.entries(list).map(([name, words]) => ({ name: `${before}${name}`, words }));

const POLICY = named({ number: "number of the policy", title: "its title", plan: "the health plan", effective: "first day in force, “June 19, 2025”", ends: "last day in force", revised: "date of the last revision" }, "policy.");
const APPROVAL = named({ duration: "for how long, “6 months”", until: "last day of the approval", quantities: "limits, “2 syringes per 28 days”" }, "approval.");
const source = (before: string, what: string): readonly Variable[] => [{ name: before, words: what }, ...named({ number: "number of the reference", text: "the reference" }, `${before}[].`)];
const record = (before: string): readonly Variable[] => [
  { name: before, words: "what the record says" },
  ...named({ question: "the question", answer: "the answer", text: "both in one line", entries: "for a list of several entries, each in one line", evidence: "where it was found; for members always empty" }, `${before}[].`),
  ...named({ source: "document or record", page: "page", date: "its date", note: "remark", text: "all of it in one line" }, `${before}[].evidence[].`),
];
const lacking = (before: string, what: string): readonly Variable[] => [
  { name: before, words: what },
  ...named({ question: "the question", answers: "what can be answered, where that is one of a few", sections: "sections of the policy that ask", first: "whether to ask it first: with few such answers the case could be approved", unobtainable: "whether the case says that it could not be obtained", reason: "why not" }, `${before}[].`),
];

/** The variables of the templates approve, pend, refer and none. */
const LETTER: readonly Variable[] = [
  ...named({
    kind: "the template: approve, pend, refer or none", determination: "as `policy evaluate` names it", audience: "member or provider",
    cause: "why a case is referred: “not in force”, “not covered by the statements”, “limited”, “open list” or “not met”; else empty",
  }),
  { name: "policy", words: "the policy in the version that decided" }, ...POLICY,
  ...named({ case: "name of the case", date: "date of service, “July 1, 2025”", service: "what the statement speaks of, else the policy’s title", requested: "requested services in the words of the policy’s table of codes" }),
  { name: "statements", words: "the statements that bear on the determination, the one that decided first" },
  ...named({ section: "its address", words: "its words", says: "“medically necessary”, “investigational”, …", when: "when it holds: “at least one of these rules is met”; empty where it is no list", outcome: "met, not met, not known, or left to a clinician", rules: "its rules that decided, those of a list behind it" }, "statements[]."),
  ...named({
    section: "address of the criterion", under: "headings above it", words: "its words", outcome: "met, not met, not known, or left to a clinician", asks: "for a list, what it asks of its items", items: "for a list, how many items it has",
    because: "exception, waiver, “must not be”, or empty", level: "0, or how deep in a list", indent: "white space for that depth",
  }, "statements[].rules[]."),
  ...record("statements[].rules[].record"), ...lacking("statements[].rules[].lacking", "what the record does not say"), ...source("statements[].rules[].sources", "references that the criterion or a heading above it cites"),
  ...lacking("needed", "for pend: what is needed to decide"),
  { name: "approval", words: "for approve: duration and limits, where the policy states them; else empty" }, ...APPROVAL,
  ...source("sources", "references cited by the rules told"),
];

/** The variables of the template worksheet. */
const WORKSHEET: readonly Variable[] = [
  { name: "policy", words: "the policy in the version that decided" }, ...POLICY,
  ...named({ case: "name of the case", date: "date of service", determination: "approve, pend, refer, or no statement applies", reason: "the reason in a sentence", remarks: "what else to know of the request", request: "the request" }),
  ...named({ codes: "requested codes", line: "line of business", pathway: "pathway" }, "request."),
  { name: "approval", words: "duration and limits of an approval; else empty" }, ...APPROVAL,
  { name: "statements", words: "all statements in order" },
  ...named({ section: "its address", words: "its words", says: "what it determines", outcome: "met, not met, not known, left to a clinician, or does not apply", scope: "why it does not apply, or may not", rows: "its criteria in order" }, "statements[]."),
  ...named({ section: "address", label: "label", words: "words", outcome: "as above", group: "whether it is a group without label", level: "depth", indent: "white space for that depth", why: "reasons", notes: "notes of the policy" }, "statements[].rows[]."),
  ...record("statements[].rows[].record"), ...lacking("statements[].rows[].lacking", "what the record does not say"), ...source("statements[].rows[].sources", "references cited"),
  ...lacking("missing", "what could still decide the case"),
  ...source("sources", "references cited by the criteria"),
];

export const VARIABLES: { readonly letter: readonly Variable[]; readonly worksheet: readonly Variable[] } = { letter: LETTER, worksheet: WORKSHEET };
