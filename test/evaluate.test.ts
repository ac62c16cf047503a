// Evaluation: calendar, windows, counts, lists with guards, waivers and exceptions, scopes, determinations, expectations.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { compile } from "../server/src/evaluate/compile.js";
import { runCase } from "../server/src/evaluate/run.js";
import { addMonths, dateText, dayNumber, daysInMonth, readDate } from "../server/src/syntax/dates.js";
import { conditionPolicy, explained, outcomeOfCondition, policyText, sound } from "./support/core-fixtures.js";

const day = (text: string): number => readDate(text, 0).day!;

describe("the calendar", () => {
  test("days that exist, and days that do not", () => {
    for (const [text, there] of [["2024-02-29", true], ["2025-02-29", false], ["2000-02-29", true], ["1900-02-29", false], ["2025-04-31", false], ["2025-13-01", false], ["2025-00-10", false], ["2025-01-00", false], ["2025-02", true], ["0001-01-01", true], ["2025-2-3", true], ["20250203", false]] as const) assert.equal(readDate(text, 0).day !== undefined, there, text);
    assert.equal(dayNumber(1970, 1, 1), 0);
    assert.deepEqual([daysInMonth(2024, 2), daysInMonth(2100, 2), daysInMonth(2025, 12)], [29, 28, 31]);
  });
  test("months end where they end", () => {
    const steps: readonly (readonly [string, number, string])[] = [["2025-01-31", 1, "2025-02-28"], ["2024-01-31", 1, "2024-02-29"], ["2024-02-29", 12, "2025-02-28"], ["2025-03-31", -1, "2025-02-28"], ["2025-12-31", 2, "2026-02-28"], ["2025-01-15", -13, "2023-12-15"], ["2025-05-31", 1, "2025-06-30"], ["2025-06-15", 0, "2025-06-15"]];
    for (const [from, months, to] of steps) assert.equal(dateText(addMonths(day(from), months)), to, `${from} ${months}`);
  });
  test("a day number and its text say the same; months grow", () => {
    fc.assert(fc.property(fc.integer({ min: -100_000, max: 100_000 }), fc.integer({ min: 0, max: 600 }), (at, months) => {
      assert.equal(day(dateText(at)), at);
      assert.ok(addMonths(at, months) >= at && addMonths(at, months + 1) > addMonths(at, months));
    }), { seed: 3, numRuns: 500 });
  });
});

describe("windows", () => {
  /** Whether a condition on `d` (and `e`) holds, as of 2025-07-31. */
  const cases: readonly (readonly [condition: string, d: string, outcome: string])[] = [
    ["d within the past 6 months", "2025-01-31", "met"], ["d within the past 6 months", "2025-01-30", "not met"], ["d within the past 6 months", "2025-07-31", "met"], ["d within the past 6 months", "2025-08-01", "not met"],
    ["d within the past 1 month", "2025-06-30", "met"], ["d within the past 1 month", "2025-06-29", "not met"], ["d within the past 30 days", "2025-07-01", "met"], ["d within the past 30 days", "2025-06-30", "not met"],
    ["d within 6 weeks", "2025-06-19", "met"], ["d within 6 weeks", "2025-06-18", "not met"], ["d within the past 1 year", "2024-07-31", "met"], ["d within the past 1 year", "2024-07-30", "not met"],
    ["d within 30 days after e", "2025-05-01", "met"], ["d within 30 days after e", "2025-05-31", "met"], ["d within 30 days after e", "2025-06-01", "not met"], ["d within 30 days after e", "2025-04-30", "not met"],
    ["d within 30 days before e", "2025-04-01", "met"], ["d within 30 days before e", "2025-05-01", "met"], ["d within 30 days before e", "2025-05-02", "not met"], ["d within 14 days of e", "2025-04-17", "met"], ["d within 14 days of e", "2025-05-15", "met"], ["d within 14 days of e", "2025-05-16", "not met"],
    ["d at least 6 weeks before e", "2025-03-20", "met"], ["d at least 6 weeks before e", "2025-03-21", "not met"], ["d at most 6 weeks before e", "2025-03-20", "met"], ["d at most 6 weeks before e", "2025-03-19", "not met"], ["d at most 6 weeks before e", "2025-05-02", "not met"],
    ["d more than 1 month after e", "2025-06-02", "met"], ["d more than 1 month after e", "2025-06-01", "not met"], ["d at least 1 month after e", "2025-06-01", "met"], ["d less than 1 month after e", "2025-04-30", "not met"], ["d less than 1 month after e", "2025-05-31", "met"],
    ["d before e", "2025-04-30", "met"], ["d before e", "2025-05-01", "not met"], ["d after e", "2025-05-02", "met"], ["d is before e", "2025-04-30", "met"], ["d is not after e", "2025-05-01", "met"], ["d + 90 days <= date of service", "2025-05-02", "met"], ["d + 90 days <= date of service", "2025-05-03", "not met"],
    ["d between 2025-05-01 and 2025-05-31", "2025-05-31", "met"], ["d between 2025-05-01 and 2025-05-31", "2025-06-01", "not met"], ["d = e", "2025-05-01", "met"], ["d != e", "2025-05-01", "not met"], ["d - e >= 6 weeks", "2025-06-12", "met"], ["d - e >= 6 weeks", "2025-06-11", "not met"],
    ["d - e >= 1 month", "2025-06-01", "met"], ["d - e >= 1 month", "2025-05-31", "not met"], ["d - e < 1 month", "2025-05-31", "met"], ["1 month <= d - e", "2025-06-01", "met"], ["not d within the past 6 months", "2025-01-30", "met"], ["d is not within the past 6 months", "2025-01-31", "not met"], ["d within the past n", "2025-07-29", "met"],
  ];
  for (const [condition, d, outcome] of cases) {
    test(`${condition}: ${d}`, () => assert.equal(outcomeOfCondition(conditionPolicy(["d  date", "e  date", "n  days"], condition), { d, e: "2025-05-01", n: 2 }, "2025-07-31"), outcome));
  }
  test("from January 31, a month ends on the last day of February", () => {
    const policy = conditionPolicy(["d  date", "e  date"], "d - e >= 1 month");
    assert.deepEqual(["2025-02-27", "2025-02-28", "2025-03-01"].map((d) => outcomeOfCondition(policy, { d, e: "2025-01-31" })), ["not met", "met", "met"]);
  });
  test("an unknown date leaves a window unknown, unless one side settles it", () => {
    const policy = conditionPolicy(["d  date", "e  date"], "d within 30 days after e");
    assert.equal(outcomeOfCondition(policy, { e: "2025-05-01" }), "unknown");
    assert.equal(outcomeOfCondition(policy, { d: "2025-05-01" }), "unknown");
  });
});

describe("values", () => {
  const facts = ["n  number", "k  one of red, green, blue", "t  text", "c  ICD-10-CM", "l  list of ICD-10-CM", "p  list of CPT or HCPCS", "w  list of one of a, b, c", "y  yes/no"];
  const cases: readonly (readonly [condition: string, given: Readonly<Record<string, unknown>>, outcome: string])[] = [
    ["n between 10 and 27", { n: 10 }, "met"], ["n between 10 and 27", { n: 27 }, "met"], ["n between 10 and 27", { n: 27.5 }, "not met"], ["n is not between 10 and 27", { n: 9 }, "met"], ["n at least 5", { n: 5 }, "met"], ["n no more than 5", { n: 5.1 }, "not met"],
    ["n less than or equal to 5", { n: 5 }, "met"], ["n greater than or equal to 5", { n: 4 }, "not met"], ["n ≥ 5", { n: 5 }, "met"], ["n ≤ 5", { n: 5 }, "met"], ["n ≠ 5", { n: 5 }, "not met"], ["n exactly 5", { n: 5 }, "met"], ["n is 5", { n: 5 }, "met"], ["n in 1, 3, 5", { n: 3 }, "met"], ["n in 1, 3, 5", { n: 2 }, "not met"],
    ["n / 0 >= 1", { n: 1 }, "unknown"], ["0.1 + 0.2 = n", { n: 0.3 }, "met"], ["n * 3 = 0.3", { n: 0.1 }, "met"], ["n < 5", {}, "unknown"], ["n < 5", { n: null }, "unknown"],
    ["k is red", { k: "red" }, "met"], ["k is not red", { k: "red" }, "not met"], ["k in red, green", { k: "green" }, "met"], ["k not in red, green", { k: "green" }, "not met"], ["k is any of red, green", { k: "blue" }, "not met"], ["k = red", { k: "blue" }, "not met"], ["k != red", { k: "blue" }, "met"],
    ["t is \"x y\"", { t: "x y" }, "met"], ["t in \"a\", \"b\"", { t: "c" }, "not met"], ["y", { y: true }, "met"], ["y is no", { y: false }, "met"], ["y = yes", { y: false }, "not met"], ["y is not yes", { y: false }, "met"], ["not y", {}, "unknown"], ["y and n < 5", { y: false }, "not met"], ["y or n < 5", { y: true }, "met"],
    ["c in C69.-", { c: "C69" }, "met"], ["c in C69.-", { c: "C69.01" }, "met"], ["c in C69.0", { c: "C69.01" }, "met"], ["c in C69.01", { c: "C69.0" }, "not met"], ["c in C69.-", { c: "C70.0" }, "not met"], ["c in C70.0-C72.9", { c: "C71.5" }, "met"], ["c in C70.0-C72.9", { c: "C72.91" }, "met"], ["c in C70.0-C72.9", { c: "C73" }, "not met"], ["c in C70-C72", { c: "C72.9" }, "met"], ["c is C61", { c: "c61" }, "met"], ["c not in C61", {}, "unknown"],
    ["l include C69.-", { l: ["M54.16", "C69.4"] }, "met"], ["l include any of C69.-, C61", { l: ["M54.16"] }, "not met"], ["l include all of C69.-, M54.-", { l: ["M54.16", "C69.4"] }, "met"], ["l include all of C69.-, M54.-", { l: ["M54.16"] }, "not met"], ["l do not include C61", { l: [] }, "met"], ["l include C61", {}, "unknown"],
    ["p include 77385-77386", { p: ["77386"] }, "met"], ["p include 77385", { p: ["773851"] }, "not met"], ["p include G6015", { p: ["g6015"] }, "met"], ["w include any of a, b", { w: ["b"] }, "met"], ["w include c", { w: ["b"] }, "not met"], ["exists w", { w: ["b"] }, "met"], ["no w", { w: [] }, "met"], ["count of w >= 2", { w: ["a", "b"] }, "met"],
    ["n is known", { n: 1 }, "met"], ["n is unknown", { n: 1 }, "not met"], ["l is known", {}, "not met"], ["k is unknown", {}, "met"], ["t is not known", {}, "met"],
  ];
  for (const [condition, given, outcome] of cases) test(`${condition} of ${JSON.stringify(given)}`, () => assert.equal(outcomeOfCondition(conditionPolicy(facts, condition), given), outcome));

  test("what is of a wrong type is refused, not taken for false", () => {
    const evaluator = compile(conditionPolicy(facts, "n < 5"));
    for (const given of [{ n: "4" }, { n: Number.NaN }, { n: true }, { y: 1 }, { y: "yes" }, { k: "purple" }, { t: 5 }, { l: "C61" }, { w: "a" }]) assert.throws(() => evaluator.decide(given, { on: "2025-07-01" }), TypeError, JSON.stringify(given));
    assert.throws(() => evaluator.decide({}, { on: "2025-02-30" }), TypeError);
  });
});

describe("records", () => {
  const facts = ["r  list of", "  x  yes/no", "  m  number", "  started  date", "  ended  date", "limit  number"];
  const [yes, no, open] = [{ x: true }, { x: false }, {}];
  const cases: readonly (readonly [condition: string, records: readonly object[] | undefined, outcome: string])[] = [
    ["exists r", [open], "met"], ["exists r", [], "not met"], ["exists r", undefined, "unknown"], ["no r", [], "met"], ["exists r where x", [no, yes], "met"], ["exists r where x", [no, open], "unknown"], ["exists r where x", [no], "not met"], ["no r where x", [no, open], "unknown"], ["no r where x", [yes, open], "not met"],
    ["at least 2 of r where x", [yes, yes], "met"], ["at least 2 of r where x", [yes, open], "unknown"], ["at least 2 of r where x", [yes, no], "not met"], ["at least two of r where x", [yes, yes, open], "met"], ["at least 2 of the r where x", [yes, yes], "met"], ["at most 1 of r where x", [yes, open], "unknown"], ["at most 1 of r where x", [yes, no], "met"], ["more than 1 of r where x", [yes, yes], "met"],
    ["fewer than 2 of r where x", [yes, yes, open], "not met"], ["exactly 1 of r where x", [yes, open], "unknown"], ["exactly 1 of r where x", [yes, no], "met"], ["exactly 1 of r where x", [yes, yes, open], "not met"], ["all of r where x", [yes, yes], "met"], ["all of r where x", [yes, open], "unknown"], ["all of r where x", [open, no], "not met"], ["all of r where x", [], "not met"], ["all of r", [], "not met"],
    ["count of (r where x) >= 2", [yes, yes, open], "met"], ["count of (r where x) < 2", [yes, open], "unknown"], ["count of r = 3", [yes, no, open], "met"], ["count of (r where x) != 1", [no], "met"], ["2 <= count of r", [yes, no], "met"], ["count of (r where x) <= limit", [yes], "met"], ["count of (r where x) <= limit", [yes, open], "unknown"],
    ["exists r where ended - started >= 6 weeks and x", [{ x: true, started: "2025-01-01", ended: "2025-02-12" }], "met"], ["exists r where ended - started >= 6 weeks and x", [{ x: true, started: "2025-01-01", ended: "2025-02-11" }], "not met"], ["exists r where ended - started >= 6 weeks and x", [{ x: false, started: "2025-01-01" }], "not met"], ["exists r where m > limit", [{ m: 3 }], "met"], ["exists r where not (x or m > 1)", [{ x: false, m: 1 }], "met"],
    ["exists r where x is known", [open], "not met"], ["exists r where x is unknown", [open], "met"], ["exists r where m is unknown and (x or exists r where x)", [yes], "met"],
  ];
  for (const [condition, records, outcome] of cases) test(`${condition} of ${JSON.stringify(records)}`, () => assert.equal(outcomeOfCondition(conditionPolicy(facts, condition), { limit: 2, ...(records === undefined ? {} : { r: records }) }), outcome));

  test("incomplete entries are named as missing", () => {
    const explanation = explained(conditionPolicy(facts, "exists r where x"), { r: [{}] });
    assert.deepEqual(explanation.missing.map(({ kind, name, question }) => [kind, name, /incomplete/u.test(question ?? "")]), [["fact", "r", true]]);
    assert.deepEqual(explained(conditionPolicy(facts, "exists r where m > limit"), { r: [{ m: 3 }] }).missing.map((each) => each.name), ["limit"]);
    assert.deepEqual(explained(conditionPolicy(facts, "count of (r where x) >= limit"), { r: [{}], limit: 1 }).missing.map((each) => each.name), ["r"]);
  });
});

/** A policy whose yes/no facts a to e decide its criteria. */
const FLAGS = ["a  yes/no", "b  yes/no", "c  yes/no", "d  yes/no", "e  yes/no"];
const flags = (criteria: string) => sound(policyText({ facts: FLAGS, criteria }));
/** `a !b`: a is yes, b is no, the others are not known. */
const given = (text: string): Record<string, boolean> => Object.fromEntries(text.split(" ").filter(Boolean).map((word) => [word.replace("!", ""), !word.startsWith("!")]));
const comes = (criteria: string, text: string, request = {}): string => {
  const { determination, decidedBy } = explained(flags(criteria), given(text), "2025-07-01", request);
  return `${determination}${decidedBy === undefined ? "" : ` ${decidedBy.address}`}`;
};
const outcomes = (criteria: string, text: string): Readonly<Record<string, string>> => explained(flags(criteria), given(text)).outcomes;

describe("lists", () => {
  const list = (how: string): string => `I. It is medically necessary when ${how}:\n   A. One\n      when a\n   B. Two\n      when b\n   C. Three\n      when c`;
  const rows: readonly (readonly [how: string, facts: string, outcome: string])[] = [
    ["all of the following are met", "a b c", "met"], ["all of the following are met", "a b", "unknown"], ["all of the following are met", "a !b", "not met"], ["any of the following are met", "!a !b c", "met"], ["any of the following are met", "!a !b", "unknown"], ["any of the following are met", "!a !b !c", "not met"],
    ["none of the following", "!a !b !c", "met"], ["none of the following", "a", "not met"], ["none of the following", "!a !b", "unknown"], ["at least 2 of the following are met", "a b", "met"], ["at least 2 of the following are met", "a !b", "unknown"], ["at least 2 of the following are met", "!a !b", "not met"],
    ["exactly 2 of the following", "a b !c", "met"], ["exactly 2 of the following", "a b", "unknown"], ["exactly 2 of the following", "a b c", "not met"], ["any of the following (not all-inclusive)", "!a !b !c", "unknown"], ["any of the following (not all-inclusive)", "a", "met"],
  ];
  for (const [how, facts, outcome] of rows) test(`${how}: ${facts}`, () => assert.equal(outcomes(list(how), facts)["I"], outcome));
  test("an open list on which nothing matches is for a clinician", () => {
    assert.equal(comes(list("any of the following (not all-inclusive)"), "!a !b !c"), "refer I");
    assert.equal(comes(list("any of the following (not all-inclusive)"), "!a !b"), "pend I");
    assert.equal(comes(list("any of the following"), "!a !b !c"), "refer I");
  });
});

describe("guards", () => {
  const guarded = (how: string): string => `I. It is medically necessary when ${how} of the following are met:\n   A. One\n      if a\n      when b\n   B. Two\n      if c\n      when d`;
  test("what does not apply is left out of an all list", () => {
    assert.deepEqual([outcomes(guarded("all"), "!a c d")["I.A"], outcomes(guarded("all"), "!a c d")["I"]], ["not applicable", "met"]);
    assert.equal(outcomes(guarded("all"), "!a c !d")["I"], "not met");
    assert.equal(outcomes(guarded("all"), "a b c d")["I"], "met");
    assert.equal(outcomes(guarded("all"), "a b !c")["I"], "met");
  });
  test("when nothing applies, an all list is not met, and neither is an any list", () => {
    assert.equal(outcomes(guarded("all"), "!a !c")["I"], "not met");
    assert.equal(outcomes(guarded("any"), "!a !c")["I"], "not met");
  });
  test("an any list needs an item that applies", () => {
    assert.equal(outcomes(guarded("any"), "!a b c d")["I"], "met");
    assert.equal(outcomes(guarded("any"), "!a b c !d")["I"], "not met");
    assert.equal(outcomes(guarded("any"), "b c !d")["I"], "unknown");
  });
  test("while it is open whether an item applies, its outcome is unknown", () => {
    assert.equal(outcomes(guarded("all"), "!b c d")["I.A"], "unknown");
    assert.equal(outcomes(guarded("all"), "!b c d")["I"], "unknown");
    assert.deepEqual(explained(flags(guarded("all")), given("!b c d")).missing.map((each) => each.name), ["a"]);
  });
  test("guarded groups", () => {
    const policy = "I. It is medically necessary when the score fits the age, all of the following:\n   if a, all of the following:\n      A. One\n         when b\n      B. Two\n         when c\n   if not a, any of the following:\n      C. Three\n         when d\n      D. Four\n         when e";
    assert.equal(outcomes(policy, "a b c")["I"], "met");
    assert.equal(outcomes(policy, "a b !c")["I"], "not met");
    assert.equal(outcomes(policy, "!a d")["I"], "met");
    assert.equal(outcomes(policy, "b c d")["I"], "unknown");
  });
});

describe("exceptions and waivers", () => {
  const policy = "I. It is medically necessary when all of the following are met:\n   A. One\n      when a\n      unless b\n      waived when c";
  const rows: readonly (readonly [string, string])[] = [["a !b !c", "met"], ["!a !b !c", "not met"], ["a b", "not met"], ["!a !b c", "met"], ["!b c", "met"], ["b c", "not met"], ["a b c", "not met"], ["a !c", "unknown"], ["!a !b", "unknown"], ["c", "unknown"], ["!a b", "not met"], ["a !b", "met"]];
  for (const [facts, outcome] of rows) test(facts, () => assert.equal(outcomes(policy, facts)["I.A"], outcome));
  test("in words: except when", () => assert.equal(outcomes(policy.replace("unless", "except when"), "a b")["I.A"], "not met"));
  test("with items", () => {
    const text = "I. It is medically necessary when all of the following are met:\n   A. One\n      when a\n      unless any of the following:\n         1. Two\n            when b\n         2. Three\n            when c\n      waived when all of the following:\n         3. Four\n            when d\n         4. Five\n            when e";
    assert.deepEqual(["a !b !c", "a c", "!a !b !c d e", "!a !b !c d !e", "!a !b !c d"].map((facts) => outcomes(text, facts)["I.A"]), ["met", "not met", "met", "not met", "unknown"]);
    assert.deepEqual(Object.keys(outcomes(text, "")), ["I", "I.A", "I.A.1", "I.A.2", "I.A.3", "I.A.4"]);
  });
  test("several `when` lines must all hold, with the items", () => {
    const text = "I. It is medically necessary when any of the following are met:\n   when a\n   when b\n   A. One\n      when c";
    assert.deepEqual(["a b c", "a !b c", "a b !c", "a b"].map((facts) => outcomes(text, facts)["I"]), ["met", "not met", "not met", "unknown"]);
  });
});

describe("determinations", () => {
  const two = "I. It is medically necessary\n   when a\nII. It is investigational\n   when b";
  // The table of the reference: necessary down, limiting across.
  const table: readonly (readonly [facts: string, comes: string])[] = [["a b", "refer II"], ["a", "pend II"], ["a !b", "approve I"], ["b", "refer II"], ["", "pend I"], ["!b", "pend I"], ["!a b", "refer II"], ["!a", "refer I"], ["!a !b", "refer I"]];
  for (const [facts, expected] of table) test(`${facts || "nothing known"}: ${expected}`, () => assert.equal(comes(two, facts), expected));

  test("an open necessary list refers, whatever is unknown of the limits", () => {
    const open = "I. It is medically necessary for any of the following (not all-inclusive):\n   A. One\n      when a\nII. It is not medically necessary\n   when b";
    assert.deepEqual(["!a b", "!a", "!a !b"].map((facts) => comes(open, facts)), ["refer II", "refer I", "refer I"]);
  });
  test("each kind of limiting statement refers", () => {
    for (const words of ["not medically necessary", "investigational", "experimental", "unproven", "not a covered benefit", "excluded from coverage"]) assert.equal(comes(`I. It is medically necessary\n   when a\nII. It is ${words}\n   when b`, "a b"), "refer II", words);
    assert.equal(comes("I. It is medically necessary\n   when a\nII. For the other device see CP.MP.70\n   when b", "a b"), "refer II");
  });
  test("for all other indications", () => {
    const text = "I. It is medically necessary\n   when a\nII. It is also medically necessary\n   when b\nIII. It is investigational for all other indications";
    assert.deepEqual(["a", "!a b", "!a !b", "!a"].map((facts) => comes(text, facts)), ["approve I", "approve II", "refer III", "pend II"]);
    assert.equal(outcomes(text, "!a !b")["III"], "met");
  });
  test("when criterion I is not met, in the prose", () => {
    const text = "I. It is medically necessary\n   when a\nII. It is investigational when criterion I is not met. [1]\n";
    const policy = sound(policyText({ facts: FLAGS, criteria: text, rest: "references\n  1. Someone. Something. 2024.\n" }));
    assert.deepEqual([given("a"), given("!a"), {}].map((facts) => explained(policy, facts).determination), ["approve", "refer", "pend"]);
    assert.deepEqual(explained(policy, given("!a")).citations.map((each) => each.number), [1]);
  });
  test("criteria by reference", () => {
    const text = "I. It is medically necessary when all of the following are met:\n   A. One\n      when criterion I.B and not criterion II\n   B. Two\n      when a\nII. It is not medically necessary\n   when b";
    assert.deepEqual([outcomes(text, "a !b")["I.A"], outcomes(text, "a b")["I.A"], outcomes(text, "a")["I.A"], outcomes(text, "!a")["I.A"]], ["met", "not met", "unknown", "not met"]);
  });
  test("attested criteria are answered by their address", () => {
    const policy = flags("I. It is medically necessary when all of the following are met:\n   A. One\n   B. Two\n      when a");
    const decide = (criteria: object) => explained(policy, { a: true }, "2025-07-01", { criteria });
    assert.deepEqual([decide({ "I.A": "met" }).determination, decide({ "I.A": "not met" }).determination, decide({ "I.A": "unknown" }).determination, decide({}).determination], ["approve", "refer", "pend", "pend"]);
    assert.deepEqual(decide({}).missing, [{ kind: "criterion", name: "I.A", question: "Is I.A met: One?" }]);
  });
});

describe("scopes", () => {
  const text = "I. It is medically necessary\n   applies to codes CPT 77385-77386, HCPCS G6015\n   applies to line of business Medicaid, CHIP\n   applies to pathway initial\n   when a\nII. It is medically necessary to go on\n   applies to pathway continuation\n   when b\nIII. For the other device see CP.MP.70\n   applies to codes CPT 77301";
  const ask = (request: object, facts = "a b"): string => comes(text, facts, request);
  test("a statement speaks about its requests only", () => {
    assert.equal(ask({ codes: ["77386"], lineOfBusiness: "CHIP", pathway: "initial" }), "approve I");
    assert.equal(ask({ codes: ["G6015"], lineOfBusiness: "Medicaid", pathway: "initial" }), "approve I");
    assert.equal(ask({ codes: ["77386"], lineOfBusiness: "Commercial", pathway: "initial" }), "no statement applies");
    assert.equal(ask({ codes: ["77386"], lineOfBusiness: "CHIP", pathway: "continuation" }), "approve II");
    assert.equal(ask({ codes: ["77386"], lineOfBusiness: "CHIP", pathway: "continuation" }, "a !b"), "refer II");
  });
  test("what the request does not say is missing", () => {
    const { determination, missing } = explained(flags(text), given("a b"), "2025-07-01", {});
    assert.equal(determination, "pend");
    assert.deepEqual(missing.map((each) => `${each.kind} ${each.name}`), ["request codes", "request line of business", "request pathway"]);
  });
  test("a limiting statement with nothing but its scope is met by every request it applies to", () => {
    assert.equal(ask({ codes: ["77301"], lineOfBusiness: "CHIP", pathway: "initial" }), "refer III");
  });
  test("no statement applies", () => {
    const { determination, reason, decidedBy } = explained(flags(text), given("a b"), "2025-07-01", { codes: ["99999"], lineOfBusiness: "CHIP", pathway: "repeat" });
    assert.deepEqual([determination, decidedBy], ["no statement applies", undefined]);
    assert.match(reason, /^Every statement is for other requests: I is for codes 77385-77386, G6015; II is for pathway continuation; III is for codes 77301\. Here, the request is for codes 99999 and the request is for pathway repeat\. This is no denial/u);
  });
  test("a criterion is evaluated whether or not its statement applies", () => {
    assert.equal(comes("I. It is medically necessary\n   applies to pathway initial\n   when a\nII. It is medically necessary\n   applies to pathway repeat\n   when criterion I", "a", { pathway: "repeat" }), "approve II");
  });
  test("scope by a fact", () => {
    const policy = sound(policyText({ facts: ["age  years", "a  yes/no"], criteria: "I. It is medically necessary\n   applies to age >= 18 years\n   when a" }));
    assert.deepEqual([explained(policy, { age: 18, a: true }), explained(policy, { age: 17, a: true }), explained(policy, { a: true })].map((each) => each.determination), ["approve", "no statement applies", "pend"]);
  });
});

describe("expectations of cases", () => {
  const policy = (expect: string) => sound(policyText({ facts: FLAGS, criteria: "I. It is medically necessary when any of the following are met:\n   A. One, all of the following:\n      1. Deep\n         when a\n      2. Deeper\n         when b\n   B. Two\n      when c\n   C. Three\nII. It is investigational\n   when d", rest: `cases\n  case "x"\n    on 2025-07-01\n    ${expect}\n` }));
  const failures = (expect: string): readonly string[] => {
    const made = policy(expect);
    return runCase(made, made.analysis.cases[0]!).failures.map((failure) => failure.message);
  };
  const rows: readonly (readonly [facts: string, expect: string, failed: RegExp | undefined])[] = [
    ["a = yes\n    b = yes\n    d = no", "expect approve", undefined], ["a = yes\n    b = yes\n    d = no", "expect approve by I.A.1", undefined], ["a = yes\n    b = yes\n    d = no", "expect approve by I", undefined], ["a = yes\n    b = yes\n    d = no", "expect approve by I.B", /Expected I\.B to decide; I decided, and I\.B is unknown/u],
    ["a = yes\n    b = yes\n    d = no", "expect refer", /Expected refer, came to approve/u], ["d = yes", "expect refer by II", undefined], ["d = yes", "expect refer by I", /Expected I to decide; II decided/u], ["a = yes", "expect pend missing b, c, I.C, d", undefined], ["a = yes", "expect pend missing e", /Expected e to be missing; missing are/u],
    ["a = no", "expect I.A not met", undefined], ["a = no", "expect I.A.1 met", /Expected I\.A\.1 to be met; it is not met/u], ["a = no", "expect I.B unknown", undefined], ["I.C = met\n    d = no", "expect approve by I.C", undefined], ["I.C = not met", "expect I.C not met", undefined],
  ];
  for (const [facts, expect, failed] of rows) {
    test(`${facts.replace(/\s+/gu, " ")}: ${expect}`, () => {
      const found = failures(`${facts}\n    ${expect}`);
      if (failed === undefined) assert.deepEqual(found, []);
      else assert.match(found.join(), failed);
    });
  }
  test("a failure stands where the expectation does", () => {
    const made = policy("d = yes\n    expect approve\n    expect I.B met");
    const { failures: found, status } = runCase(made, made.analysis.cases[0]!);
    assert.equal(status, "failed");
    assert.deepEqual(found.map(({ range }) => made.analysis.text.slice(range.start, range.end)), ["expect approve", "expect I.B met"]);
  });
  test("a case that expects nothing is neither passed nor failed", () => {
    const made = policy("d = yes");
    assert.equal(runCase(made, made.analysis.cases[0]!).status, "no expectation");
  });
});
