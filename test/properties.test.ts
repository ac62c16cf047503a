// What holds for every text: reading never throws, places nest, findings lie in the text, and depth and length are bounded.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import fc from "fast-check";
import { compile } from "../server/src/evaluate/compile.js";
import { explain } from "../server/src/evaluate/explain.js";
import { analyze } from "../server/src/semantics/analyze.js";
import { readCaseFile } from "../server/src/semantics/casefile.js";
import { parse } from "../server/src/syntax/parse.js";
import { CLAUSE_KEYWORDS, COMBINATORS, CONDITION_WORDS, SECTIONS } from "../server/src/vocabulary.js";
import { BAD, inWords, policyText, SAMPLES, samplesIn } from "./support/core-fixtures.js";
import { checkAnalysis, checkCaseFile, checkNesting } from "./support/core-tree.js";

const SEED = 20_260_105;
const samples = samplesIn(SAMPLES);
const texts = [...samples, ...samplesIn(BAD)].map((sample) => sample.text);
/** Middle-sized texts, so that many runs stay quick. */
const small = samplesIn(BAD).map((sample) => sample.text).concat(samples.map((sample) => sample.text.split("\n").filter((_, i) => i % 7 !== 3).slice(0, 160).join("\n")));

const WORDS = [
  ...SECTIONS.map((term) => `\n${term.word}\n  `), ...CLAUSE_KEYWORDS.map((term) => `\n   ${term.word} `), ...CONDITION_WORDS.map((term) => term.word), ...COMBINATORS.map((each) => each.example),
  "\nI. ", "\n   A. ", "\n      1. ", "\n   - ", "\n", "\n\n", "\r\n", "\r", "\t", "  ", " ", "policy EX.1 \"T\"\n", "age", "smoker", "therapies", ">=", "<", "=", "18 years", "18", "88 %", "2025-07-01", "2025-13-40", "(", ")", ",", ";",
  ": ", "[1]", "[3-1]", "# ", "#", "\"text\"", "\"open", "C69.-", "C70.0-C72.9", "77301", "CPT 77301", "I.A", "criterion I.A", "is met", "yes/no", "one of a, b", "list of", "years", "case \"x\"\n", "on 2025-07-01\n", "expect approve\n",
  "expect pend missing age", "medically necessary", "; or", "; and", "😀", "\u00a0", "\ufeff", "\u2028", "\0", "é", "*", "†", "/", "+", "-", "not", "none", "kind = a,", "\n      - kind = a", "from 1 to 2",
];

const soup = fc.array(fc.constantFrom(...WORDS), { maxLength: 60 }).map((words) => words.join(" ")).chain((text) => fc.boolean().map((head) => (head ? `policy EX.1 "T"\nfacts\n  age  years\n  smoker  yes/no\ncriteria\n${text}` : text)));

type Edit = readonly [kind: "delete" | "duplicate" | "swap" | "insert" | "character" | "indent" | "cut" | "join", line: number, other: number, text: string];
const edit: fc.Arbitrary<Edit> = fc.tuple(fc.constantFrom("delete", "duplicate", "swap", "insert", "character", "indent", "cut", "join"), fc.nat(), fc.nat(), fc.oneof(fc.constantFrom(...WORDS), fc.string({ maxLength: 8 })));

function edited(text: string, edits: readonly Edit[]): string {
  const lines = text.split("\n");
  for (const [kind, first, second, piece] of edits) {
    const at = first % lines.length;
    const other = second % lines.length;
    const line = lines[at]!;
    switch (kind) {
      case "delete": if (lines.length > 1) lines.splice(at, 1); break;
      case "duplicate": lines.splice(other, 0, line); break;
      case "swap": [lines[at], lines[other]] = [lines[other]!, line]; break;
      case "insert": lines.splice(at, 0, piece); break;
      case "character": lines[at] = line.slice(0, second % (line.length + 1)) + piece + line.slice(second % (line.length + 1)); break;
      case "indent": lines[at] = " ".repeat(second % 12) + line.trimStart(); break;
      case "cut": lines[at] = line.slice(0, second % (line.length + 1)); break;
      case "join": if (at + 1 < lines.length) lines.splice(at, 2, `${line} ${lines[at + 1]!.trimStart()}`); break;
    }
  }
  return lines.join("\n");
}

describe("any text", () => {
  test("every sample", () => { for (const text of texts) checkAnalysis(text); });

  test("any prefix of a sample", () => {
    for (const text of texts) {
      const step = Math.max(1, Math.floor(text.length / 24));
      for (let end = text.length; end > 0; end -= step) checkAnalysis(text.slice(0, end));
    }
  });

  test("any mutation of a sample", () => {
    fc.assert(fc.property(fc.constantFrom(...small), fc.array(edit, { minLength: 1, maxLength: 6 }), (text, edits) => { checkAnalysis(edited(text, edits)); }), { seed: SEED, numRuns: 500 });
  });

  test("any soup of words of the language", () => {
    fc.assert(fc.property(soup, (text) => { checkAnalysis(text); }), { seed: SEED, numRuns: 1200 });
  });

  test("any string", () => {
    fc.assert(fc.property(fc.oneof(fc.string({ unit: "binary", maxLength: 300 }), fc.string({ unit: fc.constantFrom(..."policy fcrti\n\r\t \"#()[].,:;-0123ABCIa"), maxLength: 300 })), (text) => { checkAnalysis(text); }), { seed: SEED, numRuns: 600 });
  });

  test("the same text gives the same findings and the same tree", () => {
    fc.assert(fc.property(soup, (text) => {
      const [one, two] = [analyze(text, "a.policy"), analyze(text, "a.policy")];
      assert.deepEqual(inWords(text, one.diagnostics), inWords(text, two.diagnostics));
      assert.deepEqual(parse(text).document, parse(text).document);
    }), { seed: SEED, numRuns: 100 });
  });

  describe("a broken line takes away nothing but what stands on it", () => {
    // Facts, definitions, criteria, references and cases are named at the beginning of their lines.
    const named = ({ facts, definitions, byAddress, references, cases }: (typeof samples)[number]["analysis"]): readonly string[] => [...facts.keys(), ...definitions.keys(), ...byAddress.keys(), ...[...references.keys()].map(String), ...cases.map((each) => each.name)];
    for (const { name, text, analysis } of samples) {
      test(name, () => {
        const lines = text.split("\n");
        const before = named(analysis);
        fc.assert(fc.property(fc.nat(lines.length - 1), fc.constantFrom(")", "and or", "= = =", "\"", "(((", "when", ">=", "is", "exists"), (line, garbage) => {
          const written = lines[line]!;
          // A line at column 0 may end a section; a case's name must stay closed to be one.
          if (!written.startsWith(" ") || written.trim() === "" || /^ +case /u.test(written)) return;
          const after = checkAnalysis([...lines.slice(0, line), `${written} ${garbage}`, ...lines.slice(line + 1)].join("\n"));
          const kept = new Set(named(after));
          assert.deepEqual(before.filter((each) => !kept.has(each)), [], `line ${line + 1}: ${written} ${garbage}`);
        }), { seed: SEED, numRuns: 80 });
      });
    }
  });

  test("a broken last line of a section leaves the others of its section", () => {
    const parts = { facts: ["a  yes/no", "b  number from 1 to 2"], define: ["c  not a", "d  b >= 1"], criteria: "I. It is medically necessary\n   when a\nII. It is investigational\n   when b > 1", rest: "codes\n  CPT  77301  One\n  CPT  77385  Two\ncases\n  case \"x\"\n    on 2025-07-01\n    a = yes\n    b = 1\n" };
    const count = (text: string): readonly number[] => {
      const { facts, definitions, byAddress, codes, cases } = analyze(text, "last.policy");
      return [facts.size, definitions.size, byAddress.size, codes.size, cases.length];
    };
    const text = policyText(parts);
    assert.deepEqual(count(text), [2, 2, 2, 2, 1]);
    for (const [line, broken] of [["b  number from 1 to 2", "b  number from"], ["d  b >= 1", "d  b >="], ["   when b > 1", "   when b >"], ["   when b > 1", "   applies to"], ["  CPT  77385  Two", "  CPT  77385  Two  ended"], ["    b = 1", "    b ="], ["    b = 1", "    expect"], ["    b = 1", "    II ="], ["    b = 1", "    codes"], ["    b = 1", "    on"]] as const) {
      assert.deepEqual(count(text.replace(line, broken)), [2, 2, 2, 2, 1], broken);
    }
  });
});

describe("case files", () => {
  const { analysis } = samples.find((sample) => sample.name === "tnf-inhibitor.policy")!;
  const yaml = readFileSync(join(SAMPLES, "tnf-inhibitor.case.yaml"), "utf8");

  test("any mutation of a case file", () => {
    fc.assert(fc.property(fc.array(edit, { minLength: 1, maxLength: 4 }), (edits) => { checkCaseFile(edited(yaml, edits), analysis); }), { seed: SEED, numRuns: 80 });
  });
  test("any JSON", () => {
    fc.assert(fc.property(fc.json({ maxDepth: 4 }), fc.boolean(), (json, wrapped) => { checkCaseFile(wrapped ? `{"cases": [{"name": "x", "on": "2025-07-01", "facts": ${json}, "expect": ${json}}]}` : json, analysis); }), { seed: SEED, numRuns: 300 });
  });
  test("any string", () => {
    fc.assert(fc.property(fc.string({ maxLength: 200 }), (text) => { checkCaseFile(text, analysis); }), { seed: SEED, numRuns: 300 });
  });
  test("bombs are refused, not unfolded", () => {
    const laughs = `a: &a [x,x,x,x,x,x,x,x,x]\n${"bcdefghij".split("").map((name, i) => `${name}: &${name} [${`*${"abcdefghij"[i]},`.repeat(9).slice(0, -1)}]`).join("\n")}\ncases: *j\n`;
    const bombs = [
      laughs, "[".repeat(50_000), `{"cases": ${"[".repeat(20_000)}${"]".repeat(20_000)}}`, "- ".repeat(20_000), `cases: ${"{a: ".repeat(10_000)}`, `a: ${"x".repeat(1_000_000)}`,
      `cases:\n${"  - name: x\n    on: 2025-07-01\n".repeat(2000)}`, "&a [*a]", "cases: &a\n  - *a\n", "!!binary |\n  AAAA", "? ? ? ? a", "<<: *a", "cases:\n  - <<: {name: x}\n    on: 2025-07-01\n", "__proto__: {a: 1}",
      "cases:\n  - name: x\n    on: 2025-07-01\n    facts: {__proto__: 1, constructor: 2, toString: 3}\n    criteria: {__proto__: met}\n",
    ];
    for (const bomb of bombs) {
      checkCaseFile(bomb, analysis);
    }
  });
});

describe("depth and length", () => {
  // That it comes back at all is the test; how long it takes is measured by the bench.
  const condition = (text: string): string => policyText({ facts: ["a  yes/no", "n  number"], criteria: `I. It is medically necessary\n   when ${text}` });
  const texts: Readonly<Record<string, string>> = {
    "10,000 parentheses": condition(`${"(".repeat(10_000)}a${")".repeat(10_000)}`),
    "10,000 parentheses that stay open": condition("(".repeat(10_000)),
    "10,000 times not": condition(`${"not ".repeat(10_000)}a`),
    "10,000 times not (": condition("not (".repeat(10_000)),
    "10,000 operands": condition(Array.from({ length: 10_000 }, () => "a").join(" and ")),
    "10,000 operands of both kinds": condition(Array.from({ length: 10_000 }, (_, i) => `a ${i % 2 === 0 ? "and" : "or"}`).join(" ") + " a"),
    "10,000 sums": condition(`${"n + ".repeat(10_000)}n >= 1`),
    "10,000 products": condition(`${"n * ".repeat(10_000)}n >= 1`),
    "5,000 levels of criteria": policyText({ criteria: `I. It is medically necessary for any of the following:\n${Array.from({ length: 5000 }, (_, i) => `${" ".repeat(i + 1)}a. any of the following:`).join("\n")}` }),
    "5,000 levels of facts": `policy EX.1 "T"\nfacts\n${Array.from({ length: 5000 }, (_, i) => `${" ".repeat(i + 1)}f${i} list of`).join("\n")}\n`,
    "a line of 100,000 words": policyText({ criteria: `I. It is medically necessary ${"word ".repeat(100_000)}` }),
    "a line of 500,000 letters": policyText({ criteria: `I. It is medically necessary ${"x".repeat(500_000)}` }),
    "100,000 spaces": policyText({ criteria: `I. It is medically necessary${" ".repeat(100_000)}when` }),
    "a condition of 100,000 letters": condition("x".repeat(100_000)),
    "100,000 brackets": policyText({ criteria: `I. It is medically necessary ${"[".repeat(100_000)}` }),
    "100,000 times may include": policyText({ criteria: `I. It is medically necessary ${"may include but not limited to the following ".repeat(10_000)}` }),
    "50,000 continuation lines": policyText({ criteria: `I. It is medically necessary\n${"   and goes on\n".repeat(50_000)}` }),
    "50,000 blank lines": policyText({ criteria: `I. It is medically necessary\n${"\n".repeat(50_000)}   A. One` }),
    "50,000 comments": policyText({ criteria: `I. It is medically necessary\n${"   # a comment\n".repeat(50_000)}   A. One` }),
    "20,000 comments at the ends of prose lines": policyText({ criteria: `I. It is medically necessary\n${"   and goes on # a comment\n".repeat(20_000)}` }),
    "20,000 lines that mean nothing": `policy EX.1 "T"\ncriteria\n${"   zzz ) (\n".repeat(20_000)}`,
    "10,000 lines with a mistake each": policyText({ criteria: `I. It is medically necessary for any of the following:\n${Array.from({ length: 10_000 }, (_, i) => `   ${i + 1}. Item\n      when unknown_${i} >= and`).join("\n")}` }),
    "10,000 facts of one name": `policy EX.1 "T"\nfacts\n${"  age  years\n".repeat(10_000)}`,
    "a case of 20,000 lines": policyText({ facts: ["a  yes/no"], criteria: "I. It is medically necessary\n   when a", rest: `cases\n  case "x"\n    on 2025-07-01\n${"    a = yes\n".repeat(20_000)}` }),
    "a list of 20,000 records": policyText({ facts: ["l  list of", "  a  yes/no"], criteria: "I. It is medically necessary\n   when exists l where a", rest: `cases\n  case "x"\n    on 2025-07-01\n    l =\n${"      - a = yes\n".repeat(20_000)}    expect approve\n` }),
    "5,000 cases": policyText({ facts: ["a  yes/no"], criteria: "I. It is medically necessary\n   when a", rest: `cases\n${Array.from({ length: 5000 }, (_, i) => `  case "${i}"\n    on 2025-07-01\n    b = yes\n    expect approve\n`).join("")}` }),
    "20,000 quotation marks": `policy EX.1 "T"\nfacts\n${"  \"\n".repeat(20_000)}`,
    "10,000 headings": `policy EX.1 "T"\n${"heading\n".repeat(10_000)}`,
    "10,000 headers": "policy EX.1 \"T\"\n".repeat(10_000),
  };
  for (const [name, text] of Object.entries(texts)) test(name, () => { checkAnalysis(text); });

  test("a tree of any depth that is read nests", () => {
    for (const text of Object.values(texts).slice(0, 9)) checkNesting(parse(text).document, text.length);
  });

  const ITEMS = 5000;
  /** 5,000 criteria, in five statements; `when` gives each its condition from its place and the addresses. */
  const ADDRESSES = Array.from({ length: ITEMS }, (_, i) => `${["I", "II", "III", "IV", "V", "VI"][Math.floor(i / 900)]}.${i % 900 + 1}`);
  const criteria = (when: (i: number) => string): string => ADDRESSES.map((address, i) => {
    const [statement, label] = address.split(".");
    return `${label === "1" ? `${statement}. It is medically necessary for any of the following:\n` : ""}   ${label}. Item\n      when ${when(i)}`;
  }).join("\n");
  const facts = ["a  yes/no", "n  number", "l  list of", "  d  yes/no"];
  const chains: Readonly<Record<string, string>> = {
    "definitions, the first by the last": policyText({ facts, define: Array.from({ length: ITEMS }, (_, i) => `d${i}  ${i + 1 < ITEMS ? `d${i + 1}` : "a"}`), criteria: "I. It is medically necessary\n   when d0" }),
    "definitions, the last by the first": policyText({ facts, define: Array.from({ length: ITEMS }, (_, i) => `d${i}  ${i === 0 ? "a" : `not d${i - 1}`}`), criteria: `I. It is medically necessary\n   when d${ITEMS - 1}` }),
    "definitions of values": policyText({ facts, define: Array.from({ length: ITEMS }, (_, i) => `d${i}  ${i === 0 ? "n" : `d${i - 1} + 1`}`), criteria: `I. It is medically necessary\n   when d${ITEMS - 1} >= 1` }),
    "definitions, each twice the one before": policyText({ facts, define: Array.from({ length: ITEMS }, (_, i) => `d${i}  ${i === 0 ? "a" : `d${i - 1} and not d${i - 1}`}`), criteria: `I. It is medically necessary\n   when d${ITEMS - 1}` }),
    "definitions in a circle": policyText({ facts, define: Array.from({ length: ITEMS }, (_, i) => `d${i}  a and d${(i + 1) % ITEMS}`), criteria: "I. It is medically necessary\n   when d0" }),
    "criteria, each by the next": policyText({ facts, criteria: criteria((i) => (i + 1 < ITEMS ? `criterion ${ADDRESSES[i + 1]}` : "a")) }),
    "criteria, each by the one before": policyText({ facts, criteria: criteria((i) => (i === 0 ? "a" : `criterion ${ADDRESSES[i - 1]} is not met`)) }),
    "criteria in a circle": policyText({ facts, criteria: criteria((i) => `criterion ${ADDRESSES[(i + 1) % ITEMS]}`) }),
    "criteria without a chain": policyText({ facts, criteria: criteria((i) => (i % 2 === 0 ? "a" : `n >= ${i}`)) }),
    "criteria that look at one": policyText({ facts, criteria: criteria((i) => (i === 0 ? "a" : "criterion I.1")) }),
    "filters": policyText({ facts, criteria: `I. It is medically necessary\n   when ${"exists l where ".repeat(ITEMS)}d` }),
    "filters in parentheses": policyText({ facts, criteria: `I. It is medically necessary\n   when ${"exists (l where ".repeat(ITEMS)}d${")".repeat(ITEMS)}` }),
    "operators of all kinds": policyText({ facts, criteria: `I. It is medically necessary\n   when ${"not (not (n + 1 - ".repeat(ITEMS)}1` }),
  };
  for (const [name, text] of Object.entries(chains)) {
    test(`5,000 ${name}`, () => {
      const { policy, diagnostics } = checkAnalysis(text);
      if (policy === undefined) {
        // What is too deep to follow is said, not thrown.
        assert.ok(diagnostics.some((found) => found.code === "definition-cycle" || found.code === "nested-too-deeply"), diagnostics[0]?.message);
        assert.ok(diagnostics.length < 20, `${diagnostics.length} findings`);
        return;
      }
      for (const facts of [{}, { a: true, n: 1 }]) assert.ok(JSON.stringify(explain(compile(policy).decide(facts, { on: "2025-07-01" }), "deep")).length > 0);
    });
  }

  test("case files that are long", () => {
    const { analysis } = samples[0]!;
    readCaseFile(`cases:\n${Array.from({ length: 5000 }, (_, i) => `  - name: c${i}\n    on: 2025-07-01\n    facts: { agee: 1 }\n    expect: approve\n`).join("")}`, "long.case.yaml", analysis);
  });
});
