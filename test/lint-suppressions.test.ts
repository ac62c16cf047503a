// Suppressions: what a comment `# lint-ignore RULE: reason` keeps quiet, and what it does not.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { defaultsOf, type LintSettings, NO_CONFIG, settingsFor } from "../server/src/lint/config.js";
import { lint } from "../server/src/lint/engine.js";
import type { LintRule } from "../server/src/lint/model.js";
import { lintRule } from "../server/src/lint/rule.js";
import { LINT_RULES } from "../server/src/lint/rules/index.js";
import { suppressionRules } from "../server/src/lint/rules/suppressions/index.js";
import { readSuppressions } from "../server/src/lint/suppressions.js";
import { analyze } from "../server/src/semantics/analyze.js";
import { applied, dayOf } from "./support/lint-fixtures.js";

/** A lint rule that finds one word wherever it stands, so that the tests hang on no other lint rule. */
const finds = (id: string, word: string): LintRule => lintRule({
  id, category: "wording", summary: "A word.", why: "For tests.", recommended: "warning", strict: "warning", examples: [{ avoid: "", finds: [], prefer: "" }],
  check(policy, report) {
    for (let at = policy.text.indexOf(word); at >= 0; at = policy.text.indexOf(word, at + 1)) {
      const end = at + word.length;
      // Comments are not looked at, as by every lint rule.
      if (!policy.analysis.document.comments.some((comment) => comment.start <= at && at < comment.end)) report({ start: at, end }, { message: "Found.", help: "Leave it." });
    }
  },
});
const ZEBRA = finds("vague-term", "zebra");
const HORSE = finds("typo", "horse");

const only = (...rules: readonly LintRule[]): LintSettings => ({ active: rules.map((rule) => ({ rule, level: "warning", options: defaultsOf(rule) })), languageLevels: new Map([["no-criteria", "off"]]), words: new Set() });

/** Findings as `line code`, lines counted from 1. */
function shownIn(text: string, settings = only(ZEBRA, HORSE), unsuppressed = false): readonly string[] {
  const analysis = analyze(text, "example.policy");
  return lint({ analysis, cases: analysis.cases, today: dayOf("2026-01-01") }, settings, { unsuppressed })
    .map((found) => `${text.slice(0, found.start).split(/\r\n|\n/u).length} ${found.code}`);
}

const policy = (body: string): string => `policy EX.1 "Example"\n${body}`;

describe("a suppression", () => {
  test("behind a line speaks of that line", () => {
    assert.deepEqual(shownIn(policy("description\n  A zebra.  # lint-ignore vague-term: the animal is meant\n  A zebra.\n")), ["4 vague-term"]);
  });

  test("above a criterion speaks of it and of everything below it", () => {
    const text = policy(`criteria
# lint-ignore vague-term: the animal is meant
I. A zebra is medically necessary when all of the following are met:
   A. The zebra is calm
      note A zebra.
II. A zebra is investigational for all other indications.
`);
    assert.deepEqual(shownIn(text), ["7 vague-term"]);
  });

  test("above an item speaks of that item alone", () => {
    const text = policy(`criteria
I. The service is medically necessary when all of the following are met:
   A. A zebra
   # lint-ignore vague-term: the animal is meant
   B. A zebra
      note A zebra.
   C. A zebra
`);
    assert.deepEqual(shownIn(text), ["4 vague-term", "8 vague-term"]);
  });

  test("above a section heading speaks of the section", () => {
    assert.deepEqual(shownIn(policy("# lint-ignore vague-term: a chapter on animals\ndescription\n  A zebra.\n\n  A zebra.\n\nbackground\n  A zebra.\n")), ["9 vague-term"]);
  });

  test("above a reference speaks of all its lines", () => {
    const text = policy("references\n  # lint-ignore vague-term: the title says so\n  1. Example A. The\n     zebra. Ex J Med. 2020;1(2):3-9.\n  2. Example B. The zebra. Ex J Med. 2021;2(1):1-4.\n");
    assert.deepEqual(shownIn(text), ["6 vague-term"]);
  });

  test("above a header field speaks of that field", () => {
    assert.deepEqual(shownIn(`policy EX.1 "Example"\n  # lint-ignore vague-term: the plan's name\n  plan       Zoo plan of the zebra\n  jurisdiction  zebra\n`), ["4 vague-term"]);
  });

  test("above the policy line speaks of the header", () => {
    assert.deepEqual(shownIn(`# lint-ignore vague-term: the policy is about the animal\npolicy EX.1 "The zebra"\n  plan  zebra\ndescription\n  A zebra.\n`), ["5 vague-term"]);
  });

  test("above a fact, a field, a code row, a revision and a case speaks of it", () => {
    const ignore = "# lint-ignore vague-term: the animal is meant";
    const text = policy(`facts
  ${ignore}
  kept       yes/no  "Is a zebra kept?"
  animals    list of  "zebra"
    ${ignore}
    weight   kg  "Weight of the zebra"
    height   cm  "Height of the zebra"
codes
  ${ignore}
  HCPCS  E1390  Oxygen for a zebra
  HCPCS  E1391  Oxygen for a zebra
revisions
  ${ignore}
  2025-03
    The zebra is new.
  2025-04
    The zebra is new.
cases
  ${ignore}
  case "A zebra"
    on 2026-01-01
    note A zebra.
  case "Another zebra"
    on 2026-01-01
`);
    assert.deepEqual(shownIn(text).filter((each) => each.endsWith("vague-term")), ["5 vague-term", "8 vague-term", "12 vague-term", "18 vague-term", "24 vague-term"]);
  });

  test("above a continuation line speaks of that line", () => {
    assert.deepEqual(shownIn(policy("description\n  A zebra and\n  # lint-ignore vague-term: the animal is meant\n  a zebra and\n  a zebra.\n")), ["3 vague-term", "6 vague-term"]);
  });

  test("reaches over blank lines and other comments to what follows", () => {
    assert.deepEqual(shownIn(policy("# lint-ignore vague-term: the animal is meant\n\n# Another remark\ndescription\n  A zebra.\n")), []);
  });

  test("for the file stands anywhere", () => {
    assert.deepEqual(shownIn(policy("description\n  A zebra and a horse.\n\n# lint-ignore-file vague-term: a policy on animals\n")), ["3 typo"]);
  });

  test("names several lint rules", () => {
    assert.deepEqual(shownIn(policy("description\n  A zebra, a horse.  # lint-ignore vague-term, typo: the animals are meant\n  A zebra, a horse.  # lint-ignore vague-term,typo : the animals are meant\n")), []);
  });

  test("of one lint rule leaves others alone", () => {
    assert.deepEqual(shownIn(policy("description\n  A zebra, a horse.  # lint-ignore typo: the animal is meant\n")), ["3 vague-term"]);
  });

  test("without a reason has no effect", () => {
    assert.deepEqual(shownIn(policy("description\n  A zebra.  # lint-ignore vague-term\n  A zebra.  # lint-ignore vague-term:\n  A zebra.  # lint-ignore vague-term the animal is meant\n")), ["3 vague-term", "4 vague-term", "5 vague-term"]);
  });

  test("may be written without a space behind the sign, and its reason may hold colons", () => {
    assert.deepEqual(shownIn(policy("#lint-ignore vague-term: see note: the animal is meant\ndescription\n  A zebra.\n")), []);
    assert.equal(readSuppressions(analyze(policy("# lint-ignore typo: one: two\n"), "x"))[0]?.reason, "one: two");
  });

  test("works with CRLF", () => {
    const text = policy("criteria\n# lint-ignore vague-term: the animal is meant\nI. A zebra is medically necessary when all of the following are met:\n   A. A zebra  # lint-ignore vague-term: the same\n   B. A zebra\nII. A zebra is investigational.\n").replaceAll("\n", "\r\n");
    assert.deepEqual(shownIn(text), ["7 vague-term"]);
    assert.equal(readSuppressions(analyze(text, "x"))[1]?.reason, "the same");
  });

  test("works in a broken text, and every part of one can be read", () => {
    const text = policy(`description
  A zebra.  # lint-ignore vague-term: the animal is meant
criteria
I. No determination here:
   # lint-ignore vague-term: the animal is meant
   A. A zebra
      when zebra >= and (
   B) "A zebra
references
  # lint-ignore vague-term: the animal is meant
  1. A zebra
  # lint-ignore-file typo: all
`);
    assert.deepEqual(shownIn(text).filter((each) => each.endsWith("vague-term")), ["9 vague-term"]);
    for (let cut = 0; cut <= text.length; cut++) shownIn(text.slice(0, cut));
    for (let from = 0; from < text.length; from += 3) shownIn(text.slice(from));
  });

  test("of a warning of the language works, and of an error never", () => {
    const text = policy(`criteria
# lint-ignore-file label-order, unknown-name, duplicate-label: no, not these
I. The service is medically necessary when all of the following are met:
   A. One
      when nobody_knows
   C. Two
   C. Three
`);
    assert.deepEqual(shownIn(text), ["6 unknown-name", "8 duplicate-label"]);
  });

  test("is left out of account when asked", () => {
    assert.deepEqual(shownIn(policy("description\n  A zebra.  # lint-ignore vague-term: the animal is meant\n"), only(ZEBRA), true), ["3 vague-term"]);
  });

  test("is read in time where there are very many", () => {
    const text = policy(`references\n${Array.from({ length: 5000 }, (_, i) => `  # lint-ignore vague-term: the title\n  ${i + 1}. A zebra\n`).join("")}`);
    const before = performance.now();
    assert.deepEqual(shownIn(text, only(...suppressionRules, ZEBRA)), []);
    assert.ok(performance.now() - before < 5000, "grows no faster than the text");
  });
});

describe("what is said of suppressions", () => {
  const all = only(ZEBRA, HORSE, ...suppressionRules);

  test("used ones are not mentioned", () => {
    assert.deepEqual(shownIn(policy("description\n  A zebra, a horse.  # lint-ignore vague-term, typo: the animals are meant\n"), all), []);
  });

  test("unused ones are, one by one, if the lint rule runs", () => {
    const text = policy("description\n  A horse.  # lint-ignore vague-term, typo: the animals are meant\n");
    assert.deepEqual(shownIn(text, all), ["3 unused-suppression"]);
    assert.deepEqual(shownIn(text, only(HORSE, ...suppressionRules)), []);
  });

  test("those of a diagnostic that is off are not called unused", () => {
    const text = policy("# lint-ignore label-order: B was withdrawn\ncriteria\nI. The service is medically necessary when someone asks\n");
    assert.deepEqual(shownIn(text, all), ["2 unused-suppression"]);
    assert.deepEqual(shownIn(text, { ...all, languageLevels: new Map([["label-order", "off"], ["no-criteria", "off"]]) }), []);
  });

  test("an error that is named is said to be one, not to be unused", () => {
    assert.deepEqual(shownIn(policy("# lint-ignore unknown-name: later\ndescription\n  Text.\n"), all), ["2 unknown-suppression"]);
  });

  test("one without a reason is not called unused as well", () => {
    assert.deepEqual(shownIn(policy("# lint-ignore vague-term\ndescription\n  Text.\n"), all), ["2 suppression-without-reason"]);
  });

  test("they can be suppressed themselves", () => {
    const text = policy("# lint-ignore unused-suppression: kept for the next edition\n# lint-ignore vague-term: the animal is meant\ndescription\n  Text.\n# lint-ignore-file unused-suppression: kept for the next edition\n");
    assert.deepEqual(shownIn(text, all), []);
  });

  test("fixes take away the id or the whole line, and leave the rest as it was", () => {
    const mended = (text: string): string => {
      const analysis = analyze(text, "example.policy");
      return applied(text, lint({ analysis, cases: [], today: 0 }, all).filter(({ code }) => code === "unused-suppression"));
    };
    const keep = policy("description\n  A zebra.\n");
    assert.equal(mended(policy("description\n  # lint-ignore typo: no\n  A zebra.\n")), keep);
    assert.equal(mended(policy("description\n  A zebra.  # lint-ignore typo: no\n")), keep);
    assert.equal(mended(policy("description\n  # lint-ignore typo, label-order: no\n  A zebra.\n")), keep);
    assert.equal(mended(policy("description\r\n  # lint-ignore typo: no\r\n  A zebra.\r\n")), policy("description\r\n  A zebra.\r\n"));
    for (const ids of ["vague-term, typo", "typo, vague-term", "vague-term, typo, label-order", "typo, vague-term, label-order", "typo, label-order, vague-term", "typo, label-order,vague-term"]) {
      assert.equal(mended(policy(`description\n  A zebra.  # lint-ignore ${ids}: the animal\n`)), policy("description\n  A zebra.  # lint-ignore vague-term: the animal\n"), ids);
    }
  });

  test("words that mean to suppress are recognized, and words that do not are left alone", () => {
    const slip = (comment: string): readonly string[] => shownIn(policy(`${comment}\ndescription\n  Text.\n`), only(...suppressionRules));
    for (const comment of ["# lint-disable typo: x", "# noqa", "# noqa: typo", "# nolint typo", "# eslint-disable-next-line typo", "# lint-ignor typo: x", "# lint-ignores typo: x", "# lint ignore vague-term: x", "# lint-ignore-line typo: x", "# lint-ignore-files typo: x"]) {
      assert.deepEqual(slip(comment), ["2 unknown-suppression"], comment);
    }
    for (const comment of ["# Policy ignore list of the plan", "# lint is left over", "# No lint here", "# The linter allows it", "# Lint free wipes", "# Policy off the shelf", "# Notes"]) assert.deepEqual(slip(comment), [], comment);
  });

  test("in an ordinary run every id of a lint rule or warning is known", () => {
    const settings = settingsFor({ ...NO_CONFIG, profile: "strict" }, LINT_RULES)("example.policy");
    for (const { id } of LINT_RULES) assert.ok(!shownIn(policy(`# lint-ignore ${id}: for a test\ndescription\n  Text.\n`), settings).includes("2 unknown-suppression"), id);
  });
});
