// The one table of the language's words: sections, keywords, combinator phrases, determinations, units, code systems.
// Tokens, completion, keyword hover, the TextMate grammar and parts of the reference are made from it.

/** A word or phrase of the language with what it means, as hover and completion show it. */
export interface Term {
  readonly word: string;
  readonly meaning: string;
}

const term = (word: string, meaning: string): Term => ({ word, meaning });

export const SECTIONS = [
  term("facts", "The facts a case may give: name, type and the question that asks for it."),
  term("define", "Named conditions and values, to be used in criteria."),
  term("criteria", "The medical-necessity criteria: labelled prose, with conditions beside it."),
  term("notes", "Notes to the criteria and footnotes to the codes."),
  term("codes", "The coding table: code system, code, description and status."),
  term("revisions", "The revision log: date of revision, approval and effect, and what changed."),
  term("references", "The numbered references that citations such as [47] point at."),
  term("cases", "Sample cases with their expected determination; they run with the policy."),
] as const;

export type SectionName = "facts" | "define" | "criteria" | "notes" | "codes" | "revisions" | "references" | "cases";

export const HEADER_FIELDS = [
  term("plan", "The health plan whose policy it is."),
  term("line of business", "The lines of business it applies to, a comma list."),
  term("revised", "Date of the last revision."),
  term("approved", "Date of approval."),
  term("effective", "First date of service the policy applies to."),
  term("ends", "Last date of service the policy applies to."),
  term("next review", "Date by which the policy is to be reviewed again."),
  term("jurisdiction", "State or region the policy is for."),
] as const;

export type HeaderKey =
  | "plan" | "line of business" | "revised" | "approved" | "effective" | "ends" | "next review" | "jurisdiction";

/** Header fields that hold a date. */
export const DATE_FIELDS: ReadonlySet<string> = new Set(["revised", "approved", "effective", "ends", "next review"]);

/** US lines of business as payers name them. */
export const LINES_OF_BUSINESS = ["Medicaid", "Medicare", "Marketplace", "Commercial", "CHIP", "Dual"] as const;

/** Request pathways of utilization management. */
export const PATHWAYS = [
  term("initial", "A first request."),
  term("continuation", "A request to go on with what was approved before."),
  term("repeat", "A request to do the same again."),
  term("retrospective", "A request made after the service."),
  term("discharge", "A review of whether the service should end."),
] as const;

/** Keywords that begin a line in `criteria`. */
export const CLAUSE_KEYWORDS = [
  term("when", "The condition that computes the criterion. Several `when` lines must all hold."),
  term("unless", "An exception: with it met, the criterion is not met."),
  term("except when", "The same as `unless`."),
  term("waived when", "A waiver: with it met, the criterion is met without its condition or items."),
  term("if", "A guard: the criterion or group applies only where the condition holds."),
  term("note", "A remark for the reader; it decides nothing."),
  term("applies to", "The requests a statement speaks about: codes, line of business, age, pathway."),
  term("approval duration", "How long an approval by this statement lasts, from the date of service on: `approval duration 6 months`."),
  term("quantity limit", "How much an approval by this statement covers: `quantity limit 2 syringes per 28 days`."),
] as const;

/** Words of conditions. */
export const CONDITION_WORDS = [
  term("and", "Met when both sides are met; not met when either is not met; otherwise unknown."),
  term("or", "Met when either side is met; not met when both are not met; otherwise unknown."),
  term("not", "Met when what follows is not met, and the reverse. Unknown stays unknown."),
  term("between", "Within the two limits, both included."),
  term("is", "Compares a fact with a choice, or with yes, no, known, unknown, met."),
  term("in", "One of the values that follow. Codes may be categories (C69.-) or ranges (C70.0-C72.9)."),
  term("include", "The list holds the value. With `any of` at least one, with `all of` every one."),
  term("within", "A window of time: `within the past 6 months`, `within 30 days after surgery_date`."),
  term("past", "Back from the date of service, which is included."),
  term("before", "Earlier than the date that follows."),
  term("after", "Later than the date that follows."),
  term("where", "Filters the records of a list; takes everything to its right."),
  term("exists", "Met when at least one record matches."),
  term("count of", "How many records match."),
  term("at least", "Greater than or equal to (≥)."),
  term("at most", "Less than or equal to (≤)."),
  term("more than", "Greater than (>)."),
  term("less than", "Less than (<)."),
  term("exactly", "Equal to."),
  term("criterion", "Another criterion of this policy by its address: `criterion I.B`, `criterion I is not met`."),
  term("known", "The fact is given in the case."),
  term("unknown", "The fact is not given in the case."),
  term("date of service", "The date of the case; everything is computed as of it."),
] as const;

/** Words of fact types. */
export const TYPE_WORDS = [
  term("yes/no", "A question with the answer yes or no."),
  term("number", "A number without a unit, such as a score; limits may follow: `from 0 to 27`."),
  term("date", "A calendar date, 2025-03-05."),
  term("text", "Words that no condition interprets beyond equality."),
  term("one of", "One of the choices that follow."),
  term("list of", "Several values, or several records whose fields are indented below."),
] as const;

/** Words that begin a line below a fact. */
export const MAPPING_WORDS = [
  term("from fhir", "Where FHIR R4 data hold the fact, as a FHIRPath in quotation marks: `from fhir \"Patient.birthDate\"`. Several lines are tried in order. In a list of records, that of the list gives the elements, and those of its fields start from the element."),
] as const;

/** What a case may say in place of an answer. */
export const ANSWER_WORDS = [
  term("unable to obtain", "The answer was asked for and could not be had; the reason may follow, `unable to obtain, the hospital did not answer`. It counts as unknown, never as no."),
] as const;

/** Words of the `cases` section. */
export const CASE_WORDS = [
  term("case", "A sample request with the facts of one member."),
  term("on", "The date of service: everything is computed as of it."),
  term("codes", "The codes requested."),
  term("line of business", "The member's line of business."),
  term("pathway", "The pathway of the request: initial, continuation, repeat, …"),
  term("expect", "What the case must come to: approve, pend, refer or no statement applies, or the outcome of one criterion."),
  term("evidence", "Where the answer on the line above comes from: the source, then its page, date and a `note`, as in `evidence MRI report, page 3, 2025-03-01`."),
  term("note", "A remark for the reader."),
] as const;

/** What a case comes to. There is no denial: only a clinician may deny. */
export const DETERMINATIONS = [
  term("approve", "The criteria of medical necessity are met."),
  term("pend", "Facts are missing that decide the case."),
  term("refer", "The criteria are not met, or an open list or a limiting statement decides: a clinician must look."),
  term("no statement applies", "Every statement is for other requests than this one: the policy says nothing about it. No denial; another policy may."),
] as const;

export type DeterminationName = "approve" | "pend" | "refer" | "no statement applies";

/** What a statement says when it is met. */
export type StatementKind = "necessary" | "not-necessary" | "investigational" | "excluded" | "see-policy";

/** Phrases that give a statement its kind; the first that matches counts, so negations stand first. */
export const STATEMENT_PHRASES: readonly { readonly kind: StatementKind; readonly pattern: RegExp; readonly term: Term }[] = [
  {
    kind: "not-necessary",
    pattern: /\b(?:not|never|neither|nor|cannot|isn't|aren't|rarely|seldom)\b(?:[\s,"“*_]+(?!investigational|experimental|unproven)\w+){0,6}?[\s,"“*_]+medically\s+necessary\b|\bnon-?medically\s+necessary\b|\bmedically\s+unnecessary\b|\b(?:does|do)\s+not\s+meet\s+(?:the\s+definition\s+of\s+)?medical\s+necessity\b|\b(?:fails?\s+to\s+meet|lacks?|without)\s+(?:the\s+definition\s+of\s+)?medical\s+necessity\b/i,
    term: term("not medically necessary", "A statement of what the plan does not find necessary. Met, it refers the case to a clinician."),
  },
  {
    kind: "necessary",
    pattern: /\bmedically\s+necessary\b|\bmeets?\s+(?:the\s+definition\s+of\s+)?medical\s+necessity\b/i,
    term: term("medically necessary", "A statement of medical necessity. Met, the request can be approved."),
  },
  {
    kind: "investigational",
    pattern: /\b(?:investigational|experimental|unproven)\b/i,
    term: term("investigational", "A statement that evidence is insufficient. Met, it refers the case to a clinician."),
  },
  {
    kind: "excluded",
    pattern: /\bnot\s+an?\s+covered\s+benefit\b|\bbenefit[\s-]exclu(?:sion|ded)\b|\bexcluded\s+from\s+coverage\b/i,
    term: term("not a covered benefit", "A statement that the benefit excludes the service. Met, it refers the case to a clinician."),
  },
  {
    kind: "see-policy",
    pattern: /\b(?:see|refer\s+to)\s+(?:policy\s+|clinical\s+policy\s+)?[A-Z]{2,}[A-Z0-9]*(?:\.[A-Z0-9]+)+/u,
    term: term("see policy", "Another policy decides. Met, it refers the case to a clinician."),
  },
];

/** Words that turn a sentence about medical necessity round, or leave open which way it goes. */
export const TURNED_NECESSITY = /\b(?:not|no|never|neither|nor|cannot|(?<!\bwith\s+(?:or|and)\s+)without(?!\s+(?:(?:or|and)\s+with\b|contrast\b))|lacks?|fails?|rarely|seldom|insufficient|unproven|investigational|experimental|alternative|exclu\w+|even|unnecessary)\b|n't\b|\bnon[-\s]?(?:medical|medically|necessary|covered)\b/i;

/** "for all other indications" at the end of a statement: it is met when no statement of medical necessity is. */
export const ALL_OTHERS = /\b(?:for|in|under)\s+(?:all|any)\s+other\s+(?:indications?|uses?|conditions?|diagnos[ei]s|circumstances?|reasons?|purposes?)(?:\s+(?:than\s+those\s+)?(?:listed\s+)?above)?\s*[.;:]?\s*(?:\[[\d,\s–-]+\]\s*)*$/i;

/** How many items of a list must be met. */
export type CombinatorOp = "all" | "any" | "none" | "at-least" | "exactly";

const NUMBER_WORDS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
const NUMBER = `(\\d{1,2}|${NUMBER_WORDS.slice(1).join("|")})(?:\\s*\\(\\d{1,2}\\))?`;

/** Reads `3` or `three`. */
export function numberWord(word: string): number {
  const index = NUMBER_WORDS.indexOf(word.toLowerCase());
  return index >= 0 ? index : Number.parseInt(word, 10);
}

/** A pattern of this table without its capturing groups, to be joined with others. */
export function withoutCaptures(pattern: string): string {
  // By hand, because this runs at every start and an expression with lookbehind takes its time to prepare.
  let result = "";
  for (let i = 0; i < pattern.length; i++) {
    result += pattern[i];
    if (pattern[i] === "\\") result += pattern[++i] ?? "";
    else if (pattern[i] === "(" && pattern[i + 1] !== "?") result += "?:";
  }
  return result;
}

/** Wordings of combinators as policies use them; the first that matches counts. A group, where there is one, is N. */
export const COMBINATORS: readonly { readonly op: CombinatorOp; readonly pattern: string; readonly example: string; readonly meaning: string }[] = [
  { op: "none", pattern: String.raw`(?:none|neither)\s+of\s+(?:the\s+)?following`, example: "none of the following", meaning: "Met when no item is met." },
  { op: "none", pattern: String.raw`(?:in\s+the\s+)?absence\s+of\s+(?:any|all|either)\s+(?:of\s+)?(?:the\s+)?following`, example: "absence of any of the following", meaning: "Met when no item is met." },
  { op: "none", pattern: String.raw`(?:without(?:\s+(?:evidence|signs?|a\s+history)\s+of)?|free\s+(?:of|from)|lack\s+of|no\s+(?:history|evidence|signs?)\s+of|(?:do(?:es)?|did|must|should|may)\s+not\s+(?:currently\s+)?have)\s+(?:any|either)(?:\s+one)?\s+(?:of\s+)?(?:the\s+)?following`, example: "without any of the following", meaning: "Met when no item is met." },
  { op: "at-least", pattern: String.raw`(?:at\s+least|a?\s*minimum\s+(?:of\s+)?)\s*${NUMBER}\s+(?:of\s+)?(?:the\s+)?following`, example: "at least 2 of the following", meaning: "Met when at least that many items are met." },
  { op: "at-least", pattern: String.raw`(?:any\s+)?${NUMBER}\s+or\s+more\s+(?:of\s+)?(?:the\s+)?following`, example: "two or more of the following", meaning: "Met when at least that many items are met." },
  { op: "exactly", pattern: String.raw`(?:exactly|only)\s+${NUMBER}\s+(?:of\s+)?(?:the\s+)?following`, example: "exactly one of the following", meaning: "Met when exactly that many items are met." },
  { op: "all", pattern: String.raw`(?:all|both|each|every\s+one)\s+(?:of\s+)?(?:the\s+)?following`, example: "all of the following", meaning: "Met when every item is met." },
  { op: "any", pattern: String.raw`(?:(?:any|either)(?:\s+one)?|one|1)(?:\s+\(1\))?\s+(?:of\s+)?(?:the\s+)?following`, example: "any of the following", meaning: "Met when at least one item is met." },
  { op: "at-least", pattern: String.raw`${NUMBER}\s+(?:out\s+)?of\s+(?:the\s+)?(?:\d{1,2}|${NUMBER_WORDS.slice(1).join("|")})\s+(?:of\s+the\s+)?following`, example: "2 out of 3 of the following", meaning: "Met when at least that many items are met." },
  { op: "at-least", pattern: String.raw`(?:any\s+)?(two|three|four|five|six|seven|eight|nine|ten|[2-9]|1\d)(?:\s*\(\d{1,2}\))?\s+of\s+(?:the\s+)?following`, example: "two of the following", meaning: "Met when at least that many items are met." },
  { op: "all", pattern: String.raw`(?:meets?|satisf(?:y|ies)|must\s+meet)\s+(?:all\s+)?(?:of\s+)?(?:the\s+following|these)`, example: "meets the following criteria", meaning: "Met when every item is met." },
  { op: "all", pattern: String.raw`must\s+meet\s+all`, example: "must meet all", meaning: "Met when every item is met." },
  { op: "all", pattern: String.raw`the\s+following(?:\s+[\w-]+){0,3}\s+(?:are|is|have\s+been)\s+met`, example: "the following criteria are met", meaning: "Met when every item is met." },
];

/** Words in front of a combinator, in its clause, that may turn it round: "is not used with any of the following". */
export const TURNED_BEFORE = /\b(?:not|no|never|neither|nor|unless|except(?:ing|ions?)?|exclu\w+|without|absence|absent|lacks?|lacking|cannot|denies|other\s+than|rather\s+than|rul(?:es?|ed|ing)\s+out)\b|n't\b|\b(?:more|fewer|less)\s+than\s*$|\b(?:at\s+most|up\s+to|all\s+but|or|out\s+of|\d\s+of)\s*$/i;
/** Words behind a combinator that may turn it round: "any of the following are absent". */
export const TURNED_BEHIND = /\b(?:absent|not|unless|except|excluded|ruled?\s+out|lacking)\b|n't\b/i;

/** Wordings that make a list open. */
export const OPEN_LIST: readonly { readonly pattern: string; readonly example: string }[] = [
  { pattern: String.raw`\(?(?:the\s+|this\s+)?(?:list\s+)?(?:is\s+)?(?:may\s+)?not\s+(?:be\s+)?(?:an?\s+)?all[\s-]inclusive(?:\s+list(?:ing)?)?\)?`, example: "(not all-inclusive)" },
  { pattern: String.raw`may\s+(?:also\s+)?include`, example: "may include" },
  { pattern: String.raw`includ(?:e|es|ing)(?:,)?\s+but\s+(?:is\s+|are\s+)?not\s+limited\s+to`, example: "including but not limited to" },
];

/** Code systems: the word in a policy, the form of a code, and who keeps them. Forms: AMA CPT, CMS HCPCS II, CDC ICD-10-CM. */
export const CODE_SYSTEMS = [
  { word: "CPT", form: /^\d{4}[0-9AFMTU]$/u, example: "77301", meaning: "Current Procedural Terminology of the American Medical Association." },
  { word: "HCPCS", form: /^[A-CEGHJ-MP-V]\d{4}$/u, example: "G6015", meaning: "Healthcare Common Procedure Coding System, level II, of CMS." },
  { word: "ICD-10-CM", form: /^[A-Z]\d[0-9A-Z](?:\.?[0-9A-Z]{1,4})?$/u, example: "C69.0", meaning: "Diagnosis codes, clinical modification of ICD-10." },
  { word: "ICD-10-PCS", form: /^[0-9A-HJ-NP-Z]{7}$/u, example: "D0Y0KZZ", meaning: "Inpatient procedure codes." },
  { word: "modifier", form: /^[A-Z0-9]{2}$/u, example: "26", meaning: "CPT or HCPCS modifier." },
  { word: "revenue", form: /^\d{4}$/u, example: "0333", meaning: "Revenue code of the uniform bill." },
  { word: "MS-DRG", form: /^\d{3}$/u, example: "849", meaning: "Medicare severity diagnosis-related group." },
  { word: "NDC", form: /^(?:\d{10,11}|\d{4}-\d{4}-\d{2}|\d{5}-\d{3}-\d{2}|\d{5}-\d{4}-\d{1,2})$/u, example: "0069-0242-01", meaning: "National Drug Code." },
] as const;

export type CodeSystem = (typeof CODE_SYSTEMS)[number]["word"];

/** Shown wherever a CPT code is: the descriptors are licensed and none is shipped. */
export const CPT_NOTICE = "CPT® is a registered trademark of the American Medical Association. CPT descriptors are licensed; this tool ships none.";

/** Everyday unit words and the UCUM code (ucum.org, version 2.2) each stands for. */
export const UNIT_WORDS: readonly { readonly words: readonly string[]; readonly ucum: string; readonly meaning: string }[] = [
  { words: ["years", "year"], ucum: "a", meaning: "years" },
  { words: ["months", "month"], ucum: "mo", meaning: "months" },
  { words: ["weeks", "week"], ucum: "wk", meaning: "weeks" },
  { words: ["days", "day"], ucum: "d", meaning: "days" },
  { words: ["hours", "hour"], ucum: "h", meaning: "hours" },
  { words: ["minutes", "minute"], ucum: "min", meaning: "minutes" },
  { words: ["percent"], ucum: "%", meaning: "percent" },
  { words: ["mcg"], ucum: "ug", meaning: "micrograms" },
  { words: ["mmHg"], ucum: "mm[Hg]", meaning: "millimetres of mercury" },
  { words: ["degrees", "degree"], ucum: "deg", meaning: "degrees of angle" },
  { words: ["Gy"], ucum: "Gy", meaning: "gray, absorbed dose" },
  { words: ["kg"], ucum: "kg", meaning: "kilograms" },
  { words: ["g"], ucum: "g", meaning: "grams" },
  { words: ["mg"], ucum: "mg", meaning: "milligrams" },
  { words: ["m"], ucum: "m", meaning: "metres" },
  { words: ["cm"], ucum: "cm", meaning: "centimetres" },
  { words: ["mm"], ucum: "mm", meaning: "millimetres" },
  { words: ["L"], ucum: "L", meaning: "litres" },
  { words: ["mL"], ucum: "mL", meaning: "millilitres" },
  { words: ["kg/m2"], ucum: "kg/m2", meaning: "kilograms per square metre, body mass index" },
  { words: ["mg/dL"], ucum: "mg/dL", meaning: "milligrams per decilitre" },
  { words: ["g/dL"], ucum: "g/dL", meaning: "grams per decilitre" },
  { words: ["ng/mL"], ucum: "ng/mL", meaning: "nanograms per millilitre" },
  { words: ["mmol/L"], ucum: "mmol/L", meaning: "millimoles per litre" },
  { words: ["mg/kg"], ucum: "mg/kg", meaning: "milligrams per kilogram" },
  { words: ["%"], ucum: "%", meaning: "percent" },
];

/** How units and types are written elsewhere, and how they are written here; for "did you mean". */
export const UNIT_SLIPS: ReadonlyMap<string, string> = new Map(Object.entries({
  yrs: "years", yr: "years", mos: "months", wks: "weeks", hrs: "hours", hr: "hours", mins: "minutes", grams: "g", kilograms: "kg", kgs: "kg", milligrams: "mg", micrograms: "mcg",
  liter: "L", liters: "L", litre: "L", litres: "L", ml: "mL", cc: "mL", lpm: "L/min", bpm: "/min", lb: "[lb_av]", lbs: "[lb_av]", pounds: "[lb_av]", inches: "[in_i]", feet: "[ft_i]",
  meters: "m", metres: "m", centimeters: "cm", millimeters: "mm", "kg/m^2": "kg/m2", "kg/m²": "kg/m2", percentage: "percent", gray: "Gy", celsius: "Cel", fahrenheit: "[degF]",
}));
export const TYPE_SLIPS: ReadonlyMap<string, string> = new Map(Object.entries({
  boolean: "yes/no", bool: "yes/no", "yes-no": "yes/no", "y/n": "yes/no", integer: "number", numeric: "number", string: "text", datetime: "date", choice: "one of",
  icd10: "ICD-10-CM", "icd-10": "ICD-10-CM", icd10cm: "ICD-10-CM", icd: "ICD-10-CM",
}));

/** Words that cannot name a fact, because a condition would read them as its own. */
export const RESERVED_WORDS: ReadonlySet<string> = new Set([
  "when", "unless", "if", "note", "and", "or", "not", "between", "is", "in", "include", "includes", "within", "past", "before",
  "after", "where", "exists", "no", "yes", "count", "of", "at", "least", "most", "more", "less", "fewer", "than", "exactly",
  "criterion", "known", "unknown", "met", "date", "any", "all", "expect", "case", "on", "the", "none",
]);
