// What the features say at a place: hover, completion, navigation, outline, folding, lenses, typing, and the user's code files.
import assert from "node:assert/strict";
import { test } from "node:test";
import { completion } from "../server/src/features/completion.js";
import { readCodeSet } from "../server/src/features/codesets/read.js";
import type { CodeLookup } from "../server/src/features/codesets/model.js";
import { fixes } from "../server/src/features/fixes.js";
import { folds } from "../server/src/features/folding.js";
import { hover } from "../server/src/features/hover.js";
import { lenses } from "../server/src/features/lenses.js";
import type { OutlineEntry } from "../server/src/features/model.js";
import { definition, references } from "../server/src/features/navigation.js";
import { outline } from "../server/src/features/outline.js";
import { afterEnter, nextSegment } from "../server/src/features/typing.js";
import { referenceLink } from "../server/src/features/wording.js";
import { analyze } from "../server/src/semantics/analyze.js";
import { dayNumber } from "../server/src/syntax/dates.js";
import { children, type Node } from "../server/src/syntax/ast.js";
import { CASE_WORDS, CLAUSE_KEYWORDS, CPT_NOTICE, HEADER_FIELDS, SECTIONS } from "../server/src/vocabulary.js";
import { CURSOR, example, EXAMPLE, fixture } from "./support/fixture.js";

const TODAY = dayNumber(2026, 3, 15)!;

test("the example that the fixtures are made of is sound", () => {
  assert.deepEqual(analyze(EXAMPLE, "").diagnostics.filter((each) => each.severity === "error"), []);
});

// ── Hover ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
function hoverAt(from: string, to: string, lookup?: CodeLookup): string {
  const { analysis, offset } = fixture(example([from, to]));
  return hover(analysis, offset, { today: TODAY, lookup })?.markdown ?? "(nothing)";
}

/** Hovers where the mark stands in `words`. */
const hovers = (words: string, lookup?: CodeLookup): string => hoverAt(words.replace(CURSOR, ""), words, lookup);

const says = (actual: string, ...expected: readonly (string | RegExp)[]): void => {
  for (const each of expected) assert.ok(typeof each === "string" ? actual.includes(each) : each.test(actual), `${JSON.stringify(actual)}\nshould say ${String(each)}`);
};

test("hover: a code says what the table says, its status and its note", () => {
  const text = hovers("E13‸90*");
  says(text, "**HCPCS E1390**", "Oxygen concentrator", "Ended 2025-12-31, before the policy takes effect (2026-02-01)", "Replaced by E1392.", "Reviewed case by case.");
  assert.ok(!text.includes("CPT®"), "the CPT notice stands with CPT codes only");
  says(hovers("HCPCS E13‸90; see"), "Oxygen concentrator");
  says(hovers("codes HCPCS E1‸390\n"), "Oxygen concentrator");
});

test("hover: a CPT code carries the notice and no descriptor but the policy's own", () => {
  says(hovers("773‸01   Planning"), "**CPT 77301**", "Planning in our own words", "For I.A", CPT_NOTICE);
});

test("hover: a diagnosis below a category of the table finds it, one outside says so", () => {
  says(hoverAt("hypoxemic\n      2.", "diagnoses include J44.‸1\n      2."), "J44.-: Chronic obstruction");
  says(hoverAt("hypoxemic\n      2.", "diagnoses include C6‸9.-\n      2."), "**ICD-10-CM C69.-**", "not in this policy’s code table");
});

test("hover: the user's own file is quoted where there is one", () => {
  const lookup: CodeLookup = (system, code) => (code === "E1390" ? [{ system: system ?? "HCPCS", entry: { code, long: "Made-up words of the user's file", ended: "2025-12-31", replacedBy: "E1392" } }] : []);
  says(hovers("E13‸90*", lookup), "Your HCPCS file: Made-up words of the user's file", "⚠ Ended 2025-12-31.", "Replaced by E1392.");
});

test("hover: citations give the whole reference with its link, ranges every reference", () => {
  says(hovers("[1‸-2]"), "**1.** Example Thoracic Society. Home oxygen in adults. 2024.", "(https://doi.org/10.1000/oxygen%282024%291)", "**2.** Example S.", "(https://example.org/oxygen)");
  says(hovers("met: [‸1]"), "**1.** Example Thoracic");
  says(hovers("  1‸. Example"), "Example Thoracic Society", "Cited in description and I.");
  says(hoverAt("[2]", "[2‸2]"), "**22.** *There is no such reference.*");
});

test("hover: facts, fields and definitions", () => {
  says(hovers("when a‸ge"), "**age** · number in years", "Age on the date of service", "Used by I.A.", "Given in 2 cases.");
  says(hovers("  wei‸ght "), "Unit: kilograms per square metre, body mass index (UCUM `kg/m2`)", "Used by no criterion.");
  says(hovers("ki‸nd is drug"), "**kind** · one of drug, exercise · field of `therapies`");
  says(hovers("therap‸ies where"), "list of records (kind, ended)", "- `ended` date — Last day");
  says(hovers("when hypox‸emic"), "**hypoxemic** · named condition", "`saturation <= 88 %`", "Used by I.B.1.");
  says(hovers("satu‸ration <="), "Used by `hypoxemic`.");
});

test("hover: criteria by their labels and addresses", () => {
  says(hovers("   ‸B. One"), "**I.B** One of the following (not all-inclusive)", "at least one of its 2 items is met. The list is open");
  says(hovers("criterion I.‸B is"), "**I.B**");
  says(hovers("   A‸. Age"), "Met `when age >= 18 years`");
  says(hovers("      2‸. Late"), "Not met `when exists therapies where");
  says(hovers("   C‸. The"), "Answered by the reviewer: write `I.C = met`");
  says(hovers("I‸. Home oxygen is medically"), "A statement of medical necessity.", "Cites \\[1\\].");
  says(hovers("by I.B.‸1"), "**I.B.1** Hypoxemia");
});

test("hover: words of the language", () => {
  says(hovers("crite‸ria\nI."), "**criteria**");
  says(hovers("  effec‸tive         2026"), "First date of service");
  says(hovers("effective         2026-02-‸01"), "Sunday, February 1, 2026");
  says(hovers("2025-0‸3, approved"), "March 2025");
  says(hovers("wh‸en age"), "computes the criterion");
  says(hovers("unl‸ess exists"), "exception");
  says(hovers("ex‸ists therapies"), "at least one record matches");
  says(hovers("with‸in the past"), "window of time");
  says(hovers("late a‸nd cor"), "both sides are met");
  says(hovers("all of the fol‸lowing"), "Met when every item is met.");
  says(hovers("One of the fol‸lowing"), "at least one item", "open");
  says(hovers("medically nec‸essary"), "statement of medical necessity");
  says(hovers("investi‸gational"), "evidence is insufficient");
  says(hovers("; a‸nd\n"), "Every item");
  says(hovers("18 ye‸ars\n   B"), "years (UCUM `a`)");
  says(hovers("list o‸f ICD"), "Several values");
  says(hovers("yes/n‸o"), "answer yes or no");
  says(hovers("app‸lies to codes"), "The requests a statement speaks about");
  says(hovers("I.C = m‸et"), "The criterion holds");
  says(hovers("expect pe‸nd"), "Facts are missing");
  says(hovers("exp‸ect approve"), "What the case must come to");
  says(hovers("  o‸n 2026-03-01\n    age = 64 years\n    satu"), "The date of service");
  says(hovers("CP.EX.‸7"), "Another clinical policy");
  assert.equal(hovers("Home oxygen raises the oxy‸gen"), "(nothing)");
});

test("hover: nowhere does it throw, and its range holds the cursor", () => {
  const analysis = analyze(EXAMPLE, "");
  for (let offset = 0; offset <= EXAMPLE.length; offset++) {
    const found = hover(analysis, offset, { today: TODAY });
    if (found !== undefined) assert.ok(found.start <= offset && offset <= found.end, `${offset}: ${found.markdown}`);
  }
});

// ── Completion ────────────────────────────────────────────────────────────────────────────────────────────────────────
function labelsAt(marked: string): readonly string[] {
  const { analysis, offset } = fixture(marked);
  return [...completion(analysis, offset, TODAY)].sort((a, b) => (a.rank ?? 5) - (b.rank ?? 5)).map((item) => item.label);
}
/** Proposals at the mark in `to`, which stands in the place of `from`. */
const proposals = (from: string, to: string): readonly string[] => labelsAt(example([from, to]));
/** Proposals on a line of its own under I.C. */
const clause = (words: string): readonly string[] => proposals("   note Sites", `      ${words}${words.includes(CURSOR) ? "" : CURSOR}\n   note Sites`);

function offers(actual: readonly string[], expected: readonly string[], not: readonly string[] = []): void {
  for (const each of expected) assert.ok(actual.includes(each), `${each} among ${actual.slice(0, 40).join(" | ")}`);
  for (const each of not) assert.ok(!actual.includes(each), `${each} not among ${actual.slice(0, 40).join(" | ")}`);
}

test("completion: sections and the header", () => {
  offers(labelsAt("‸"), ["policy", ...SECTIONS.map((section) => section.word)]);
  offers(proposals("notes\n  * Reviewed case by case.", "no‸"), ["notes"], ["policy", "facts", "criteria"]);
  offers(proposals("  effective         2026-02-01", "  ‸"), ["effective", "ends", "next review"], ["plan", "line of business"]);
  offers(proposals("Medicaid, Marketplace", "Medicaid, ‸"), ["CHIP", "Medicare"]);
  assert.deepEqual(proposals("Example Health Plan", "Example ‸"), []);
});

test("completion: types of facts", () => {
  offers(proposals("seen            date ", "seen            ‸"), ["yes/no", "date", "one of", "list of", "CPT", "years", "kg/m2"]);
  offers(proposals("list of ICD-10-CM", "list of ‸"), ["ICD-10-CM", "CPT", "one of"], ["list of"]);
  assert.deepEqual(proposals("\"Stage of the disease\"", "\"Stage ‸"), []);
});

test("completion: conditions begin with facts, definitions and words", () => {
  const found = clause("when ");
  offers(found, ["age", "hypoxemic", "therapies", "not", "exists", "criterion", "at least"], ["kind", "I.A"]);
  assert.equal(found[0], "age");
  offers(clause("when age >= 18 years and "), ["cor_pulmonale", "hypoxemic"]);
  offers(clause("when not "), ["cor_pulmonale"]);
  offers(clause("unless st‸"), ["stage"]);
  offers(clause("when age >= 18 years\n           and ‸"), ["stage"]);
  offers(proposals("hypoxemic   saturation <= 88 %", "hypoxemic   ‸"), ["saturation"]);
});

test("completion: what fits a fact", () => {
  assert.deepEqual(clause("when stage is ").slice(0, 2), ["early", "late"]);
  offers(clause("when stage in early, "), ["early", "late"], ["age"]);
  offers(clause("when stage in "), ["early", "late"]);
  offers(clause("when cor_pulmonale is "), ["yes", "no", "known", "not"]);
  offers(clause("when diagnoses include "), ["J44.-", "any of", "all of"], ["E1390"]);
  offers(clause("when diagnoses include any of "), ["J44.-"], ["any of"]);
  offers(clause("when age "), ["<", ">=", "at least", "between"], ["include"]);
  offers(clause("when diagnoses "), ["include"]);
  offers(clause("when seen "), ["within", "before"]);
  assert.equal(clause("when age >= 18 ")[0], "years");
  offers(clause("when age >= 18 "), ["years", "weeks"], ["kg", "Gy"]);
  offers(clause("when age between 2 and 18 "), ["years"]);
  offers(clause("when seen within the past 6 "), ["months", "weeks"], ["kg"]);
  offers(clause("when seen within "), ["the past"]);
  offers(clause("when seen before "), ["date of service", "seen"], ["age"]);
  offers(clause("when seen >= "), ["date of service"], ["age"]);
  offers(clause("when exists "), ["therapies"], ["age"]);
  offers(clause("when at least 2 of "), ["therapies"], ["age"]);
  const inFilter = clause("when exists therapies where ");
  assert.deepEqual(inFilter.slice(0, 2), ["kind", "ended"]);
  offers(clause("when exists therapies where kind is "), ["drug", "exercise"]);
  offers(clause("when criterion "), ["I.B.2", "II"], ["age"]);
  offers(clause("when criterion I.B‸"), ["I.B.2"]);
  offers(clause("when criterion I.B is "), ["met", "not met"]);
});

test("completion: names with a hyphen", () => {
  const text = (words: string): readonly string[] => labelsAt(EXAMPLE.replaceAll("stage", "follow-up").replace("   note Sites", `      ${words}\n   note Sites`));
  assert.deepEqual(text("when follow-up is ‸").slice(0, 2), ["early", "late"]);
  offers(text("when follow-‸"), ["follow-up"]);
  offers(text("when follow-up ‸"), ["is", "in"]);
});

test("completion: the lines and the words of criteria", () => {
  offers(clause("w‸"), ["when", "waived when"], ["unless"]);
  offers(clause("unless any‸"), ["any of the following"]);
  offers(proposals("B. One of the following (not all-inclusive):", "B. Score, any‸"), ["any of the following"], ["all of the following"]);
  offers(proposals("is investigational when", "is inv‸"), ["investigational"]);
  offers(proposals("[2]\nII", "[‸\nII"), ["1", "2"]);
  offers(proposals("[2]\nII", "[exam‸\nII"), ["1", "2"]);
  offers(proposals("applies to codes HCPCS E1390", "applies to ‸"), ["codes", "pathway", "line of business"]);
  offers(proposals("applies to codes HCPCS E1390", "applies to pathway ‸"), ["initial", "continuation"]);
  offers(proposals("applies to codes HCPCS E1390", "applies to codes ‸"), ["HCPCS E1390"]);
  assert.deepEqual(proposals("has seen the patient", "has seen ‸"), []);
});

test("completion: tables", () => {
  offers(proposals("  ICD-10-CM  J44.-   Chronic obstruction", "  ‸"), ["CPT", "HCPCS"]);
  offers(proposals("Chronic obstruction", "Chronic obstruction  ‸"), ["ended", "see", "for", "effective"]);
  offers(proposals("for I.A", "for ‸"), ["I.A", "II"]);
  offers(proposals("approved 2025-05-20, effective 2026-02-01", "‸"), ["approved", "effective"]);
  offers(proposals("HCPCS E1390; see", "HCPCS ‸; see"), ["E1390"]);
});

test("completion: cases", () => {
  const start = proposals("    I.C = met", "    ‸");
  offers(start, ["stage", "I.C", "expect", "on", "case"], ["I.A", "hypoxemic"]);
  assert.deepEqual(proposals("cases", "cases\n  ‸"), ["case"], "before the first case no fact can be given");
  assert.deepEqual(proposals("    I.C = met", "    stage = ‸"), ["early", "late", "unable to obtain"]);
  assert.deepEqual(proposals("    I.C = met", "    I.C = ‸"), ["met", "not met", "unknown", "unable to obtain"]);
  assert.equal(proposals("    I.C = met", "    age = 64 ‸")[0], "years");
  offers(proposals("    I.C = met", "    diagnoses = ‸"), ["J44.-", ...[]]);
  offers(proposals("    I.C = met", "    therapies =\n      - ‸"), ["kind", "ended"], ["age"]);
  offers(proposals("    I.C = met", "    therapies =\n      - kind = ‸"), ["drug", "exercise"]);
  offers(proposals("    I.C = met", "    pathway ‸"), ["initial"]);
  offers(proposals("expect approve by I.B.1", "expect ‸"), ["approve", "pend", "refer", "I.A"], ["deny"]);
  offers(proposals("expect approve by I.B.1", "expect approve ‸"), ["by", "missing"]);
  offers(proposals("expect approve by I.B.1", "expect approve by ‸"), ["I.B.1"]);
  offers(proposals("missing saturation", "missing ‸"), ["saturation", "I.C", "pathway"], ["I.A"]);
});

test("completion: not in comments, never throws, and replaces only what stands before the cursor on the line", () => {
  assert.deepEqual(proposals("# Both statements", "# Both ‸"), []);
  const analysis = analyze(EXAMPLE, "");
  for (let offset = 0; offset <= EXAMPLE.length; offset++) {
    for (const item of completion(analysis, offset, TODAY)) {
      assert.ok(item.start <= offset && item.end === offset && !EXAMPLE.slice(item.start, offset).includes("\n"), `${offset} ${item.label}`);
    }
  }
});

// ── Navigation, outline, folding, lenses ──────────────────────────────────────────────────────────────────────────────
test("definition leads to the declaration", () => {
  const target = (words: string): string => {
    const { analysis, offset } = fixture(example([words.replace(CURSOR, ""), words]));
    return definition(analysis, offset).map((each) => analysis.text.slice(each.start, each.whole.end).split("\n")[0]!).join(" | ");
  };
  assert.match(target("when a‸ge"), /^age {13}years/u);
  assert.match(target("when hypox‸emic"), /^hypoxemic {3}saturation/u);
  assert.match(target("criterion I.‸B is"), /^B\. One/u);
  assert.match(target("met: [‸1]"), /^1\. Example Thoracic/u);
  assert.match(target("codes HCPCS E1‸390\n"), /^E1390\* {2}Oxygen/u);
  assert.match(target("by I.B.‸1"), /^1\. Hypoxemia/u);
  assert.match(target("ki‸nd is drug"), /^kind {10}one of/u);
  assert.equal(target("raises the oxy‸gen"), "");
});

test("references find every use", () => {
  const found = (words: string, declaration: boolean): readonly string[] => {
    const { analysis, offset } = fixture(example([words.replace(CURSOR, ""), words]));
    return references(analysis, offset, declaration).map((each) => analysis.text.slice(each.start, each.end));
  };
  assert.deepEqual(found("when a‸ge", true), ["age", "age", "age", "age"]);
  assert.deepEqual(found("when a‸ge", false), ["age", "age", "age"]);
  assert.equal(found("E13‸90*", true).length, 3);
});

test("the outline shows the tree of criteria", () => {
  const show = (entries: readonly OutlineEntry[], depth = 0): string[] => entries.flatMap((each) => [`${"  ".repeat(depth)}${each.name}`, ...show(each.children, depth + 1)]);
  const entries = outline(analyze(EXAMPLE, ""));
  assert.deepEqual(show(entries.filter((each) => each.name === "criteria")), ["criteria", "  I.", "    A.", "    B.", "      1.", "      2.", "    C.", "  II."]);
  assert.deepEqual(entries.map((each) => each.name), ["CP.EX.1", "description", "facts", "define", "criteria", "notes", "codes", "revisions", "references", "cases"]);
  const nested = (each: OutlineEntry): void => {
    assert.ok(each.start <= each.selection.start && each.selection.end <= each.end, each.name);
    for (const child of each.children) {
      assert.ok(each.start <= child.start && child.end <= each.end, `${child.name} in ${each.name}`);
      nested(child);
    }
  };
  entries.forEach(nested);
});

test("sections, criteria, cases, long references and comments fold", () => {
  const found = folds(analyze(EXAMPLE, "")).map((each) => `${each.kind} ${EXAMPLE.slice(each.start, each.start + 12).split("\n")[0]}`);
  for (const each of ["region policy CP.EX", "region facts", "region I. Home oxyg", "region B. One of th", "region case \"Satura", "region 2. Example S", "region therapies   ", "comment # Both state"]) assert.ok(found.includes(each), `${each} among ${found.join(" | ")}`);
  assert.ok(!found.includes("region 1. Example T"), "a reference of one line does not fold");
});

test("lenses stand over each case and over all", () => {
  const analysis = analyze(EXAMPLE, "file:///x.policy");
  const found = lenses(analysis.cases, analysis.uri, analysis.document.sections.find((section) => section.kind === "cases")!.heading);
  assert.deepEqual(found.map((each) => [each.action, EXAMPLE.slice(each.start, each.start + 8)]), [["evaluate all", "cases\n  "], ["evaluate", "case \"Sa"], ["evaluate", "case \"No"]]);
});

test("a finding with a sure replacement has a fix", () => {
  const analysis = analyze(example(["when hypoxemic", "when hypoxemi"]), "");
  assert.deepEqual(fixes(analysis.diagnostics, { start: 0, end: analysis.text.length }).map((fix) => [fix.title, analysis.text.slice(fix.edits[0]!.start, fix.edits[0]!.end)]), [["Change to `hypoxemic`", "hypoxemi"]]);
});

// ── Typing ────────────────────────────────────────────────────────────────────────────────────────────────────────────
test("Enter goes on with a list of labels where the list goes on", () => {
  const enter = (from: string, to: string): string => {
    const { analysis, offset } = fixture(example([from, to]));
    const [edit] = afterEnter(analysis, offset);
    return edit === undefined ? "(nothing)" : edit.text;
  };
  assert.equal(enter("18 years; and\n", "18 years; and\n   ‸\n"), "   B. ");
  assert.equal(enter("C. The prescriber has seen the patient\n", "C. First\n   D. Second\n   ‸\n"), "   E. ");
  assert.equal(enter("1. Hypoxemia\n", "1. Hypoxemia\n      ‸\n"), "(nothing)");
  assert.equal(enter("(not all-inclusive):\n", "(not all-inclusive):\n   ‸\n"), "(nothing)");
  assert.equal(enter("C. The prescriber has seen the patient\n", "C. One of the following:\n   ‸\n"), "      1. ");
  assert.equal(enter("II. Home oxygen is investigational when criterion I.B is not met.\n   applies to codes HCPCS E1390\n", "II. Home oxygen is medically necessary for any of the following: [1]\n‸\n"), "    A. ");
  assert.equal(enter("C. The prescriber has seen the patient\n", "C. \n   ‸\n"), "   ");
  assert.equal(enter("raises the oxygen level.", "A. x; and\n  ‸"), "(nothing)");
  assert.deepEqual(["A", "z", "i", "iv", "9", "aa"].map((each) => nextSegment(each)), ["B", undefined, "ii", "v", "10", undefined]);
  assert.equal(nextSegment("i", "h"), "j");
  assert.equal(nextSegment("I"), "II");
});

// ── Links ─────────────────────────────────────────────────────────────────────────────────────────────────────────────
test("references link to their DOI or address", () => {
  assert.equal(referenceLink("Title. doi:10.1002/pbc.28344"), "https://doi.org/10.1002/pbc.28344");
  assert.equal(referenceLink("Title. Doi: 10.1016/S0140-6736(20)30183-5."), "https://doi.org/10.1016/S0140-6736%2820%2930183-5");
  assert.equal(referenceLink("Title. https://doi.org/10.1000/x."), "https://doi.org/10.1000/x");
  assert.equal(referenceLink("Title (see https://example.org/a)."), "https://example.org/a");
  assert.equal(referenceLink("Title. 2024."), undefined);
});

// ── Code files; every descriptor is made up ───────────────────────────────────────────────────────────────────────────
const at = (line: string, column: number, text: string): string => line.padEnd(column - 1).slice(0, column - 1) + text + line.slice(column - 1 + text.length);
const read = (text: string, layout: Parameters<typeof readCodeSet>[1], columns?: Parameters<typeof readCodeSet>[2]): Record<string, unknown> => {
  const reading = readCodeSet(text, layout, columns);
  assert.equal(reading.problem, undefined);
  return JSON.parse(JSON.stringify(Object.fromEntries(reading.entries!))) as Record<string, unknown>;
};

test("code files: HCPCS in 320 columns, continuation joined, numeric codes dropped", () => {
  const row = (code: string, record: string, long: string, more: readonly (readonly [number, string])[] = []): string => more.reduce((line, [column, text]) => at(line, column, text), at(at(at(at("", 1, code), 6, "00100"), 11, record), 12, long).padEnd(320));
  const text = [row("E1390", "3", "Made-up concentrator,", [[92, "Made-up short"], [269, "19990101"], [285, "20251231"]]), row("E1390", "4", "one outlet"), row("77301", "3", "must not be read"), row("AA", "7", "modifier")].join("\r\n");
  assert.deepEqual(read(text, "hcpcs-anweb"), { E1390: { code: "E1390", long: "Made-up concentrator, one outlet", short: "Made-up short", effective: "1999-01-01", ended: "2025-12-31" } });
});

test("code files: ICD-10-CM order and codes files", () => {
  const order = [at(at(at(at("00001", 7, "J44"), 15, "0"), 17, "Made-up heading"), 78, "Made-up heading, long"), at(at(at(at("00002", 7, "J441"), 15, "1"), 17, "Made-up leaf"), 78, "Made-up leaf, long")].join("\n");
  assert.deepEqual(read(order, "icd10cm-order"), { J44: { code: "J44", short: "Made-up heading", long: "Made-up heading, long", billable: false }, J441: { code: "J441", short: "Made-up leaf", long: "Made-up leaf, long", billable: true } });
  assert.deepEqual(read("J441    Made-up leaf, long\n", "icd10cm-codes"), { J441: { code: "J441", long: "Made-up leaf, long", billable: true } });
});

test("code files: CPT in its five layouts", () => {
  assert.deepEqual(read("9999901 Made-up words that\n9999902 go on\n", "cpt-long"), { 99999: { code: "99999", long: "Made-up words that go on" } });
  assert.deepEqual(read("99999 MADE-UP SHORT               X\n", "cpt-short"), { 99999: { code: "99999", short: "MADE-UP SHORT" } });
  assert.deepEqual(read("99999 Made-up medium words of more than twenty-eight letters\n", "cpt-medium"), { 99999: { code: "99999", short: "Made-up medium words of more than twenty-eight letters" } });
  assert.deepEqual(read("1000001\t99999\tMade-up \"ultra\" long words\n", "cpt-longult"), { 99999: { code: "99999", long: "Made-up \"ultra\" long words" } });
  assert.deepEqual(read("Concept|CPT Code|Long|Medium|Short\n7|0999T|Made-up long|Made-up medium|Made-up short\n", "cpt-link"), { "0999T": { code: "0999T", long: "Made-up long", short: "Made-up short" } });
});

test("code files: any CSV or TSV, by titles, by named columns, by places", () => {
  const expected = { E1390: { code: "E1390", long: "Made-up, with \"quotes\"", ended: "2025-12-31" } };
  assert.deepEqual(read("\ufeffCode,Description,End date\r\ne1390,\"Made-up, with \"\"quotes\"\"\",12/31/2025\r\n", "csv"), expected);
  assert.deepEqual(read("A\tB\tC\n20251231\tMade-up, with \"quotes\"\tE1390\n", "tsv", { code: "C", long: 2, ended: "a" }), expected);
  assert.match(readCodeSet("A,B\nE1390,x\n", "csv", { code: "Number" }).problem ?? "", /no column "Number"; its first line has "A", "B"/u);
  assert.match(readCodeSet("A,B\nx,y\n", "csv").problem ?? "", /columns\.code/u);
});

test("code files: the wrong layout is a problem, not an empty answer, and nothing throws", () => {
  for (const layout of ["hcpcs-anweb", "icd10cm-order", "icd10cm-codes", "cpt-long", "cpt-short", "cpt-medium", "cpt-longult", "cpt-link"] as const) {
    for (const text of ["", "hello\nworld", "\"", "\0\ufffd\n".repeat(10)]) assert.match(readCodeSet(text, layout).problem ?? "", /no code was found/u);
  }
});

// ── Everything on broken text ─────────────────────────────────────────────────────────────────────────────────────────
test("no feature throws on a text that is cut off or has lines missing", () => {
  const lines = EXAMPLE.split("\n");
  for (let i = 0; i < lines.length; i++) {
    for (const text of [lines.slice(0, i).join("\n"), [...lines.slice(0, i), ...lines.slice(i + 1)].join("\n"), [...lines.slice(0, i), lines[i]!.slice(0, lines[i]!.length / 2), ...lines.slice(i + 1)].join("\n")]) {
      const analysis = analyze(text, "");
      const offset = Math.min(text.length, lines.slice(0, i).join("\n").length + 3);
      hover(analysis, offset, { today: TODAY });
      completion(analysis, offset, TODAY);
      definition(analysis, offset);
      outline(analysis);
      folds(analysis);
      afterEnter(analysis, offset);
    }
  }
});

test("every word of the vocabulary that starts a line has a hover", () => {
  const words = new Set<string>();
  const visit = (node: Node): void => {
    words.add(node.kind);
    children(node).forEach(visit);
  };
  visit(analyze(EXAMPLE, "").document);
  assert.ok(words.size > 30, "the example uses most of the language");
  for (const { word } of [...HEADER_FIELDS, ...CLAUSE_KEYWORDS, ...CASE_WORDS]) assert.ok(word.length > 0);
});
