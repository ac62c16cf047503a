// Every lint rule on its own examples, which are those of its page: what it finds, what it mends, and where it is silent.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { DIAGNOSTICS, hasErrors } from "../server/src/diagnostic.js";
import { CATEGORIES, LEVELS } from "../server/src/lint/model.js";
import { LINT_RULES } from "../server/src/lint/rules/index.js";
import { analyze } from "../server/src/semantics/analyze.js";
import { applied, exampleText, foundBy } from "./support/lint-fixtures.js";

for (const rule of LINT_RULES) {
  describe(`lint rule ${rule.id}`, () => {
    test("has metadata that can be shown", () => {
      assert.match(rule.id, /^[a-z]+(?:-[a-z]+)*$/u);
      assert.ok(!(rule.id in DIAGNOSTICS), "its id is that of a diagnostic of the language");
      assert.ok(rule.category in CATEGORIES && LEVELS.includes(rule.recommended) && LEVELS.includes(rule.strict));
      assert.match(rule.summary, /^[A-Z“"].{10,140}\.$/su);
      assert.ok(rule.why.length > 80, "why it matters is said in more than a few words");
      assert.ok(LEVELS.indexOf(rule.strict) >= LEVELS.indexOf(rule.recommended), "strict is no weaker than recommended");
      for (const id of rule.related) assert.ok(id in DIAGNOSTICS || LINT_RULES.some((other) => other.id === id && other !== rule), `related ${id} does not exist`);
    });

    rule.examples.forEach((example, i) => {
      test(`example ${i + 1}`, () => {
        const { text, found } = foundBy(rule, example.avoid, example);
        assert.deepEqual(found.map((each) => text.slice(each.start, each.end)), example.finds);
        assert.ok(found.length > 0, "an example of what to avoid finds something");
        for (const each of found) {
          assert.match(each.message, /^\S.*[.!?)”"`]$/su, "the message is a sentence");
          assert.match(each.help ?? "", /^\S.*[.!?)”"`]$/su, "the help is a sentence");
        }
        const mended = applied(text, found);
        assert.equal(example.fixed === undefined ? undefined : exampleText(example.fixed), mended === text ? undefined : mended, "what the fixes make of it");
        if (mended !== text) {
          assert.deepEqual(foundBy(rule, mended, example).found.map((each) => mended.slice(each.start, each.end)), found.filter((each) => each.fix === undefined).map((each) => text.slice(each.start, each.end)), "what has been mended is not found again");
        }
        const good = foundBy(rule, example.prefer, example);
        assert.deepEqual(good.found.map((each) => each.message), []);
        const errors = hasErrors(good.analysis.diagnostics) ? good.analysis.diagnostics.filter((each) => each.severity === "error").map((each) => each.message) : [];
        assert.deepEqual(errors, [], "what is preferred has no errors");
      });
    });

    test("bears broken texts", () => {
      for (const example of rule.examples) {
        const text = exampleText(example.avoid);
        for (let cut = 0; cut < text.length; cut += 7) foundBy(rule, text.slice(0, cut), example);
        for (let from = 40; from < text.length; from += 31) foundBy(rule, text.slice(0, from) + text.slice(from + 9), example);
      }
    });

    test("finds nothing in an empty policy", () => assert.deepEqual(foundBy(rule, "").found, []));
  });
}

test("ids are unique", () => assert.equal(new Set(LINT_RULES.map((rule) => rule.id)).size, LINT_RULES.length));

test("analyses of examples are not changed by a check", () => {
  for (const rule of LINT_RULES) {
    const text = exampleText(rule.examples[0].avoid);
    const { analysis } = foundBy(rule, text);
    assert.deepEqual(analysis.document, analyze(text, "example.policy").document, rule.id);
  }
});
