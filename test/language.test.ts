// The language as its reference has it: every example of docs/language.md, labels, wordings, layout, and the grammar's own validations.
import assert from "node:assert/strict";
import {
  Alternation, type ILookaheadStrategy, type IProduction, LLkLookaheadStrategy, NonTerminal, Option, Repetition, RepetitionMandatory, RepetitionMandatoryWithSeparator,
  RepetitionWithSeparator, type Rule, Terminal,
} from "chevrotain";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { before, describe, test } from "node:test";
import { runCase } from "../server/src/evaluate/run.js";
import { analyze } from "../server/src/semantics/analyze.js";
import { readCaseFile } from "../server/src/semantics/casefile.js";
import type * as A from "../server/src/syntax/ast.js";
import { children } from "../server/src/syntax/ast.js";
import { parse } from "../server/src/syntax/parse.js";
import { LazyLookahead } from "../server/src/syntax/lookahead.js";
import { grammarRules, validateGrammar } from "../server/src/syntax/parser.js";
import { readCitations, readCombinator, readConnector, readMentions, readStatementPhrase } from "../server/src/syntax/prose.js";
import { VOCABULARY } from "../server/src/syntax/tokens.js";
import {
  CLAUSE_KEYWORDS, CODE_SYSTEMS, COMBINATORS, CONDITION_WORDS, HEADER_FIELDS, LINES_OF_BUSINESS, OPEN_LIST, PATHWAYS, SECTIONS, STATEMENT_PHRASES,
} from "../server/src/vocabulary.js";
import { inWords, policyText, ROOT, sound } from "./support/core-fixtures.js";

const REFERENCE = readFileSync(join(ROOT, "docs", "language.md"), "utf8");
const blocks = (language: string): readonly string[] => [...REFERENCE.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, "gmu"))].map((match) => match[1]!);

describe("docs/language.md", () => {
  const [whole, ...fragments] = blocks("policy");

  test("the whole policy has no findings, and its cases pass", () => {
    const { diagnostics, policy, cases } = analyze(whole!, "whole.policy");
    assert.deepEqual(inWords(whole!, diagnostics), []);
    assert.ok(cases.length >= 2);
    for (const each of cases) assert.deepEqual(runCase(policy!, each).failures, []);
    for (const each of cases) assert.equal(runCase(policy!, each).status, "passed");
  });

  test("there is an example of every section", () => {
    for (const { word } of SECTIONS) assert.ok(blocks("policy").some((block) => new RegExp(`^${word}$`, "mu").test(block)), word);
  });

  fragments.forEach((fragment, i) => {
    test(`example ${i + 2}, ${fragment.slice(0, 40).split("\n")[0]}`, () => {
      const text = `policy EX.1 "Example"\n${fragment}`;
      assert.deepEqual(inWords(text, parse(text).diagnostics), []);
    });
  });

  test("the case file is read", () => {
    const [yaml] = blocks("yaml");
    const policy = `policy EX.1 "T"
facts
  age        years                       "Age"
  diagnoses  list of ICD-10-CM           "Diagnoses"
  therapies  list of                     "Therapies"
    kind     one of nsaid, injection     "Kind"
    started  date                        "First day"
    ended    date                        "Last day"
    outcome  one of success, failure     "Outcome"
criteria
I. It is medically necessary for any of the following:
   A. Age
      when age < 18 years
   B. Attested
   C. Others, any of the following:
      1. Failed
         when exists therapies where outcome is failure
`;
    const { diagnostics, cases } = readCaseFile(yaml!, "imrt.case.yaml", analyze(policy, "imrt.policy"));
    assert.deepEqual(inWords(yaml!, diagnostics), []);
    assert.equal(cases.length, 1);
    assert.equal(cases[0]!.sound, true);
    assert.equal(cases[0]!.facts.get("age"), 54);
    assert.equal(cases[0]!.expect.determination?.value, "approve");
  });

  test("every word of the vocabulary is explained", () => {
    const flat = REFERENCE.replace(/\s+/gu, " ");
    const words = [...SECTIONS, ...HEADER_FIELDS, ...CLAUSE_KEYWORDS, ...CONDITION_WORDS, ...PATHWAYS, ...CODE_SYSTEMS].map((term) => term.word);
    for (const word of [...words, ...LINES_OF_BUSINESS]) assert.ok(flat.includes(word), `the reference says nothing of \`${word}\``);
  });

  test("the grammar names nothing that it does not say, and says nothing that it does not name", () => {
    const [grammar] = blocks("ebnf");
    const bare = grammar!.replace(/"[^"]*"/gu, " ");
    const rules = new Set([...bare.matchAll(/^(\w+)\s*=/gmu)].map((match) => match[1]!));
    const used = new Set([...bare.replace(/^\w+\s*=/gmu, " ").matchAll(/\b[a-z]+\b/gu)].map((match) => match[0]));
    assert.deepEqual([...used].filter((name) => !rules.has(name)), []);
    assert.deepEqual([...rules].filter((name) => !used.has(name) && name !== "document" && name !== "MISSING"), []);
    const words = grammar!.replace(/\s+/gu, " ");
    for (const { word } of [...SECTIONS, ...CLAUSE_KEYWORDS]) assert.ok(words.includes(`"${word}"`), word);
    for (const { word } of CONDITION_WORDS) assert.ok(word.split(" ").every((part) => words.includes(`"${part}"`)) || words.includes(`"${word}"`), word);
  });

  describe("forms of conditions", () => {
    const table = /## Conditions\n([\s\S]*?)\n- /u.exec(REFERENCE)![1]!;
    const rows = table.split("\n").filter((line) => line.startsWith("|")).slice(2);
    const facts = [
      "smoker  yes/no", "exempt  yes/no", "solid_tumor  yes/no", "age  years", "bmi  kg/m2", "score  number from 0 to 27", "intent  one of definitive, adjuvant, palliative",
      "diagnosis  ICD-10-CM", "diagnoses  list of ICD-10-CM", "requested  list of CPT or HCPCS", "sites  list of one of breast, lung, brain", "heart_dose  Gy", "weight  kg", "height  m",
      "started  date", "ended  date", "surgery_date  date", "mri_date  date", "visit  date", "left_implant  yes/no",
      "therapies  list of", "  kind  one of nsaid, injection", "  ended  date", "  outcome  one of success, failure, intolerance", "visits  list of", "  date_seen  date",
    ];
    for (const row of rows) {
      const [, form, cell] = row.split(/(?<!\\)\|/u).map((part) => part.trim());
      const examples = [...cell!.matchAll(/`([^`]+)`/gu)].map((match) => match[1]!).filter((example) => /\s|^\w+$/u.test(example) && !/^(?:at least|at most|more than|less than|no more than|no less than|exactly|(?:less|greater|more) than or equal to|[≥≤≠=])$/u.test(example));
      test(form!, () => {
        assert.ok(examples.length > 0, row);
        for (const example of examples) {
          const condition = example.replace("visits where date within", "visits where date_seen within");
          const { diagnostics } = analyze(policyText({ facts, define: ["bilateral_implants  left_implant and smoker"], criteria: `I. It is medically necessary when all of the following are met:\n   A. First\n   B. Second\nII. Another is medically necessary\n   when ${condition}` }), "c.policy");
          // Examples share one set of names; a field and a fact of one name are not what they show.
          assert.deepEqual(diagnostics.filter((found) => found.code !== "shadowed-name").map((found) => `${example}: ${found.message}`), []);
        }
      });
    }
  });
});

describe("tokens and grammar", () => {
  before(() => {
    // Chevrotain 13 asks for Node 22; only its validations use this.
    const groupBy = <T>(items: Iterable<T>, key: (item: T) => PropertyKey): Record<PropertyKey, T[]> => {
      const groups: Record<PropertyKey, T[]> = Object.create(null) as Record<PropertyKey, T[]>;
      for (const item of items) (groups[key(item)] ??= []).push(item);
      return groups;
    };
    Object.assign(Object, { groupBy: (Object as { groupBy?: unknown }).groupBy ?? groupBy });
  });
  test("no two tokens have one name", () => assert.equal(new Set(VOCABULARY.map((type) => type.name)).size, VOCABULARY.length));
  test("the lookahead is Chevrotain's own", () => {
    const [ours, theirs] = [new LazyLookahead(), new LLkLookaheadStrategy({ maxLookahead: 1 })];
    const kinds = { Option, Repetition, RepetitionWithSeparator, RepetitionMandatory, RepetitionMandatoryWithSeparator };
    let compared = 0;
    const same = (name: string, build: (strategy: ILookaheadStrategy) => (this: unknown) => unknown): void => {
      const [mine, expected] = [build(ours), build(theirs)];
      for (const { tokenTypeIdx, name: token } of VOCABULARY) {
        const parser = { LA_FAST: () => ({ tokenTypeIdx }) };
        assert.equal(mine.call(parser), expected.call(parser), `${name}, ${token}`);
      }
      compared++;
    };
    const compare = (rule: Rule, production: IProduction): void => {
      if (production instanceof Terminal || production instanceof NonTerminal) return;
      const { idx: prodOccurrence, definition } = production as Option;
      const place = { rule, prodOccurrence, maxLookahead: 1, dynamicTokensEnabled: false };
      if (production instanceof Alternation) same(`${rule.name} OR ${prodOccurrence}`, (strategy) => strategy.buildLookaheadForAlternation({ ...place, hasPredicates: false }));
      for (const [prodType, kind] of Object.entries(kinds)) {
        if (production instanceof kind) same(`${rule.name} ${prodType} ${prodOccurrence}`, (strategy) => strategy.buildLookaheadForOptional({ ...place, prodType: prodType as keyof typeof kinds }));
      }
      for (const inner of definition) compare(rule, inner);
    };
    for (const rule of grammarRules()) for (const production of rule.definition) compare(rule, production);
    assert.ok(compared > 100, String(compared));
  });
  test("the grammar passes Chevrotain's validations: no ambiguity, no left recursion, no empty alternative", () => assert.doesNotThrow(validateGrammar));
});

// ── Wordings ──────────────────────────────────────────────────────────────────────────────────────────────────────────
const opOf = (text: string): string | undefined => {
  const combinator = readCombinator(text, 0);
  return combinator && `${combinator.op}${combinator.count === 0 ? "" : ` ${combinator.count}`}${combinator.open ? " open" : ""}`;
};

describe("combinators", () => {
  for (const { op, example } of COMBINATORS) {
    test(example, () => {
      for (const text of [example, `${example}:`, `It is medically necessary for ${example}: [1-2]`, `It is necessary when ${example.toUpperCase()}:`]) assert.equal(readCombinator(text, 0)?.op, op, text);
      for (const before of ["when ", "when saturation <= 88 %, ", "When saturation <= 88 %, then "]) {
        const { document } = parse(`criteria\nI. Oxygen is medically necessary\n   ${before}${example}:\n   A. One\n   B. Two\n`);
        const [statement] = document.sections.flatMap((section) => (section.kind === "criteria" ? section.body : []));
        assert.equal(statement?.kind === "criterion" && statement.body[0]?.kind === "when" && statement.body[0].combinator?.op, op, `${before}${example}`);
      }
    });
  }
  for (const { example } of OPEN_LIST) {
    test(`open: ${example}`, () => {
      const text = example.startsWith("(") ? `any of the following ${example}:` : `Indications ${example} any of the following:`;
      assert.equal(opOf(text), "any open");
    });
  }
  const wordings: Readonly<Record<string, string | undefined>> = {
    "when all of the following are met:": "all",
    "when all of the following criteria are met: [3,7]": "all",
    "if the member meets all of the following criteria:": "all",
    "Meets BOTH of the following:": "all",
    "each of the following:": "all",
    "when ONE of the following criteria is met:": "any",
    "either of the following:": "any",
    "one (1) of the following:": "any",
    "at least one of the following:": "at-least 1",
    "at least two (2) of the following:": "at-least 2",
    "three or more of the following symptoms:": "at-least 3",
    "2 or more of the following:": "at-least 2",
    "two of the following:": "at-least 2",
    "exactly 2 of the following:": "exactly 2",
    "only one of the following:": "exactly 1",
    "none of the following contraindications:": "none",
    "neither of the following:": "none",
    "in the absence of all of the following:": "none",
    "without any of the following:": "none",
    "indications by site may include any of the following (list is not all-inclusive):": "any open",
    "for indications including but not limited to the following:": "any open",
    "Indications may include, but are not limited to, any of the following:": "any open",
    "Indications may include the following conditions: [2]": "any open",
    "The plan may include a boost": undefined,
    "Indications may include: [4]": "any open",
    "as described in the following section. Then treatment stops": undefined,
    "none of the following applies to children. They are seen separately by a specialist": undefined,
    "Age of 18 years": undefined,
  };
  for (const [text, expected] of Object.entries(wordings)) test(text, () => assert.equal(opOf(text), expected));

  test("a combinator stands where it is written", () => {
    const text = "It is necessary for any of the following: [1]";
    const { start, end } = readCombinator(text, 100)!;
    assert.equal(text.slice(start - 100, end - 100), "any of the following");
  });
});

describe("statements", () => {
  const wordings: Readonly<Record<string, A.StatementPhrase["kind"] | undefined>> = {
    "X is medically necessary for": "necessary", "X meets medical necessity": "necessary", "X is considered MEDICALLY NECESSARY": "necessary",
    "X is not medically necessary": "not-necessary", "X is not considered to be medically necessary": "not-necessary", "X is never medically necessary": "not-necessary", "X is medically unnecessary": "not-necessary",
    "X is investigational": "investigational", "X is experimental": "investigational", "X is unproven": "investigational",
    "X is not a covered benefit": "excluded", "X is a benefit exclusion": "excluded", "X is excluded from coverage": "excluded",
    "For X see CP.MP.70": "see-policy", "For X refer to EX.MP.211": "see-policy", "For X see policy CP.MP.70": "see-policy", "See the section below": undefined, "X is covered": undefined,
  };
  for (const [text, kind] of Object.entries(wordings)) test(text, () => assert.equal(readStatementPhrase(text, 0)?.kind, kind));
  test("every phrase of the table reads as its kind", () => {
    for (const { kind, term } of STATEMENT_PHRASES) if (kind !== "see-policy") assert.equal(readStatementPhrase(`It is ${term.word}.`, 0)?.kind, kind);
  });
});

describe("connectors, citations, mentions", () => {
  const connectors: Readonly<Record<string, string | undefined>> = { "Solid tumor; or": "or", "Solid tumor, and": "and", "Solid tumor; AND [3]": "and", "Solid tumor; or.": "or", "Solid tumor or": "or", "Pain and fever": undefined, "Solid tumor;": undefined };
  for (const [text, word] of Object.entries(connectors)) test(text, () => assert.equal(readConnector(text, 0)?.word, word));

  const citations: Readonly<Record<string, readonly string[]>> = {
    "a [47] b": ["47"], "a [1-2]": ["1-2"], "a [3,7]": ["3", "7"], "a [1–3, 5; 8]": ["1-3", "5", "8"], "[ 4 ]": ["4"], "a [b] [1a] [] [12345]": [], "mm[Hg]": [],
  };
  for (const [text, expected] of Object.entries(citations)) {
    test(text, () => assert.deepEqual(readCitations(text, 0).flatMap((citation) => citation.numbers.map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`))), expected));
  }

  test("codes and policies in prose", () => {
    const text = "Billed with CPT 77301 or HCPCS G6015 for ICD-10-CM C69.0; see CP.MP.70. CPT® codes 77385 too.";
    assert.deepEqual(readMentions(text, 0).map((mention) => `${mention.system ?? mention.kind} ${text.slice(mention.start, mention.end)}`), ["CPT 77301", "HCPCS G6015", "ICD-10-CM C69.0", "policy CP.MP.70", "CPT 77385"]);
  });
});

// ── Labels and layout ─────────────────────────────────────────────────────────────────────────────────────────────────
const addresses = (criteria: string): readonly string[] => [...analyze(policyText({ criteria }), "labels.policy").byAddress.keys()];
const LIST = "It is medically necessary for any of the following:";

describe("labels", () => {
  test("the schemes of policies", () => {
    assert.deepEqual(addresses(`I. ${LIST}\n   A. any of the following:\n      1. any of the following:\n         a. any of the following:\n            i. One\n            ii. Two`),
      ["I", "I.A", "I.A.1", "I.A.1.a", "I.A.1.a.i", "I.A.1.a.ii"]);
    assert.deepEqual(addresses(`1) ${LIST}\n   (a) One\n   (b) Two\n   (c) any of the following:\n       (i) Three\n       (iv) Four`), ["1", "1.a", "1.b", "1.c", "1.c.i", "1.c.iv"]);
    assert.deepEqual(addresses(`(I) ${LIST}\n   a) One\n   b) Two`), ["I", "I.a", "I.b"]);
    assert.deepEqual(addresses(`I. ${LIST}\n   aa. One\n   12. Two\n   XIV. Three`), ["I", "I.aa", "I.12", "I.XIV"]);
  });
  test("bullets have a place", () => {
    assert.deepEqual(addresses(`I. ${LIST}\n   - One\n   • Two\n   * Three\n   – Four`), ["I", "I.*1", "I.*2", "I.*3", "I.*4"]);
    assert.deepEqual(addresses(`- ${LIST}\n   A. One`), ["*1", "*1.A"]);
  });
  test("words are no labels", () => {
    assert.deepEqual(addresses(`I. ${LIST}\n   A. One\n      e.g. this and that\n      Dr. X agrees\n   B. Two`), ["I", "I.A", "I.B"]);
  });
  test("statements may stand below the heading or at column 0", () => {
    assert.deepEqual(addresses(`  I. ${LIST}\n     A. One\n  II. ${LIST}\n     A. One`), ["I", "I.A", "II", "II.A"]);
    assert.deepEqual(addresses(`I. ${LIST}\n  A. One\nII. ${LIST}\n  A. One`), ["I", "I.A", "II", "II.A"]);
  });
});

const AGES = ["age  years  \"Age\"", "smoker  yes/no  \"Smoker?\""];
const SMALL = policyText({ facts: AGES, define: ["adult  age >= 18 years"], criteria: "I. It is medically necessary when all of the following are met: [1]\n   A. Adults who do\n      not smoke; and\n      when adult\n           and not smoker\n   B. The prescriber\n      agrees [1]\n      note A note\n           goes on", rest: "references\n  1. Someone. Something.\n     2024.\ncases\n  case \"One\"\n    on 2025-07-01\n    age = 20 years\n    smoker = no\n    I.B = met\n    expect approve\n" });

/** What a text means, without places. */
function meaning(text: string): unknown {
  const { header, facts, byAddress, references, cases, policy, diagnostics } = analyze(text, "m.policy");
  return {
    header: [header.number, header.title], facts: [...facts.values()].map((fact) => [fact.name, fact.question, fact.type]),
    criteria: [...byAddress.values()].map((each) => [each.address, each.combination, each.attested, each.conditions.length, each.notes.length]), references: [...references.keys()],
    results: cases.map((each) => (policy === undefined ? "none" : runCase(policy, each).explanation?.determination)), diagnostics: diagnostics.map((found) => `${found.code} ${found.message}`),
  };
}

describe("layout", () => {
  const expected = meaning(SMALL);
  test("the small policy is sound", () => assert.deepEqual(sound(SMALL).analysis.diagnostics, []));
  const same: Readonly<Record<string, string>> = {
    "Windows line ends": SMALL.replace(/\n/gu, "\r\n"),
    "line ends of old Macs": SMALL.replace(/\n/gu, "\r"),
    "mixed line ends": SMALL.split("\n").map((line, i) => `${line}${["\n", "\r\n", "\r"][i % 3]}`).join("").replace(/[\r\n]+$/u, "\n"),
    "a byte order mark": `\ufeff${SMALL}`,
    "no line end at the end": SMALL.trimEnd(),
    "blank lines everywhere": SMALL.replace(/\n/gu, "\n\n \n"),
    "spaces at the ends of lines": SMALL.replace(/\n/gu, "   \n"),
    "comment lines everywhere": SMALL.replace(/\n/gu, "\n# a comment\n      # another\n"),
    "comments at the ends of lines": SMALL.replace(/\n/gu, " # a comment: [99] \"and\n"),
    "deeper indentation": SMALL.replace(/^ +/gmu, (spaces) => spaces + spaces),
    "capitals and colons in headings": SMALL.replace(/^(facts|define|criteria|references|cases)$/gmu, (name) => `${name.toUpperCase()}:`),
    "leading blank lines and comments": `\n\n# first\n\n${SMALL}`,
  };
  for (const [name, text] of Object.entries(same)) test(`${name} change nothing`, () => assert.deepEqual(meaning(text), expected));

  test("continuation lines belong to what they continue", () => {
    const { document } = parse(SMALL);
    const criteria = document.sections.find((section) => section.kind === "criteria")!;
    const [a, b] = (criteria.body[0] as A.Criterion).body as readonly A.Criterion[];
    assert.equal(SMALL.slice(a!.prose!.start, a!.prose!.end), "Adults who do\n      not smoke; and");
    assert.equal(a!.prose!.connector?.word, "and");
    assert.equal(SMALL.slice(b!.prose!.start, b!.prose!.end), "The prescriber\n      agrees [1]");
  });

  test("a comment needs white space on both sides", () => {
    const { document } = parse("policy EX.1 \"T\"\ndescription\n  Grade #3 and C#, no comment. # but this is\n");
    assert.deepEqual(document.comments.length, 1);
  });

  test("a `#` in quotation marks", () => {
    const { analysis } = sound(policyText({ facts: ["age  years  \"Age in years\""], criteria: "I. It is medically necessary\n   when age >= 18 years" }).replace("Age in", "Age # in"));
    assert.ok(analysis.facts.get("age")!.question!.startsWith("Age # in"), "the question keeps its text");
  });

  test("a tab is a mistake that keeps its line in place", () => {
    const { diagnostics, byAddress } = analyze(policyText({ criteria: `I. ${LIST}\n\tA. any of the following:\n\t\t1. One\n\t\t2. Two` }), "tabs.policy");
    assert.deepEqual(new Set(diagnostics.map((found) => found.code)), new Set(["tab-indentation"]));
    assert.deepEqual([...byAddress.keys()], ["I", "I.A", "I.A.1", "I.A.2"]);
  });

  test("any Unicode in text and names", () => {
    const text = policyText({ facts: ["größe  cm  \"Größe — 身長 😀?\"", "âge_1  years"], criteria: "I. It is medically necessary — “für” PaCO₂ ≥ 45 😀 when all of the following are met:\n   A. 身長 ≥ 100 cm\n      when größe ≥ 100 cm and âge_1 ≠ 3 years" });
    assert.deepEqual(sound(text).analysis.diagnostics, []);
  });

  test("curly quotation marks and primes", () => {
    const { analysis } = sound(`policy EX.1 “A title”\nfacts\n  age  years  “How old?”\ncriteria\nI. It is medically necessary\n   when age >= 18 years\n`);
    assert.equal(analysis.header.title, "A title");
    assert.equal(analysis.facts.get("age")!.question, "How old?");
  });

  test("headings of the writer's own", () => {
    const { document } = parse("policy EX.1 \"T\"\nBackground:\n  One.\n  Still one.\n\n  Two.\nReminder for staff\n  - Three\n  - Four\n");
    assert.deepEqual(document.sections.map((section) => [section.heading.text, section.kind === "text" ? section.paragraphs.length : 0]), [["Background:", 2], ["Reminder for staff", 2]]);
  });

  test("every node of the small policy has its parent around it", () => {
    const visit = (node: A.Node): number => children(node).reduce((sum, child) => {
      assert.ok(child.start >= node.start && child.end <= node.end, `${child.kind} in ${node.kind}`);
      return sum + visit(child);
    }, 1);
    assert.ok(visit(parse(SMALL).document) > 60);
  });
});
