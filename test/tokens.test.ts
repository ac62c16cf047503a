// Semantic tokens: what each word is, that themes colour them as the grammar does, and that the server tells what has changed.
import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import fc from "fast-check";
import type { IGrammar } from "vscode-textmate";
import { semanticTokens, TOKEN_MODIFIERS, TOKEN_TYPES } from "../server/src/features/semantictokens.js";
import { SEMANTIC_MODIFIERS, SEMANTIC_TYPES } from "../server/src/lsp/legend.js";
import { analyze } from "../server/src/semantics/analyze.js";
import { dayNumber } from "../server/src/syntax/dates.js";
import { ROOT, startClient, type TestClient } from "./support/client.js";
import { example, EXAMPLE } from "./support/fixture.js";
import { policyGrammar } from "./support/grammar.js";

const TODAY = dayNumber(2026, 3, 15)!;
const SAMPLES = readdirSync(join(ROOT, "samples")).filter((name) => name.endsWith(".policy")).map((name) => readFileSync(join(ROOT, "samples", name), "utf8"));

/** `type:modifiers words` for each token that lies within `line`. */
function tokensOf(text: string, line: string): readonly string[] {
  const start = text.indexOf(line);
  assert.ok(start >= 0, line);
  return semanticTokens(analyze(text, ""), TODAY).filter((token) => token.start >= start && token.end <= start + line.length)
    .map((token) => `${token.type}${TOKEN_MODIFIERS.filter((_, bit) => (token.modifiers & (1 << bit)) !== 0).map((each) => `.${each}`).join("")} ${text.slice(token.start, token.end)}`);
}
const tokens = (line: string): readonly string[] => tokensOf(EXAMPLE, line);

test("the legend that initialize promises is that of the features", () => {
  assert.deepEqual([SEMANTIC_TYPES, SEMANTIC_MODIFIERS], [TOKEN_TYPES, TOKEN_MODIFIERS]);
});

test("facts, fields, definitions and choices are told apart", () => {
  assert.deepEqual(tokens("when stage is late and cor_pulmonale"), ["clause when", "variable stage", "connective is", "enumMember late", "connective and", "variable cor_pulmonale"]);
  assert.deepEqual(tokens("when hypoxemic"), ["clause when", "function hypoxemic"]);
  assert.deepEqual(tokens("unless exists therapies where kind is drug and ended within the past 6 months"), [
    "clause unless", "connective exists", "variable therapies", "connective where", "property kind", "connective is", "enumMember drug", "connective and", "property ended",
    "connective within", "connective the", "connective past", "number 6", "unit months",
  ]);
  assert.deepEqual(tokens("  stage           one of early, late  \"Stage of the disease\""), ["variable.declaration stage", "type one", "type of", "enumMember early", "enumMember late", "string \"Stage of the disease\""]);
  assert.deepEqual(tokens("    kind          one of drug"), ["property.declaration kind", "type one", "type of", "enumMember drug"]);
  assert.deepEqual(tokens("hypoxemic   saturation <= 88 %"), ["function.declaration hypoxemic", "variable saturation", "operator <=", "number 88", "unit %"]);
});

test("prose stays uncoloured but for what the language reads out of it", () => {
  assert.deepEqual(tokens("I. Home oxygen is medically necessary when all of the following are met: [1]"), ["label.declaration I.", "determination medically necessary", "combinator all of the following", "citation [1]"]);
  assert.deepEqual(tokens("C. The prescriber has seen the patient"), ["label.declaration C."]);
  assert.deepEqual(tokens("A. Age ≥ 18 years; and"), ["label.declaration A.", "connective and"]);
  assert.deepEqual(tokens("Home oxygen raises the oxygen level. [1-2] It is billed with HCPCS E1390; see CP.EX.7."), ["citation [1-2]", "code.deprecated E1390", "policyNumber CP.EX.7"]);
  assert.deepEqual(tokensOf(example(["New policy.", "Removed I.B.2; see CP.MP.70."]), "Removed I.B.2; see CP.MP.70."), ["label I.B.2", "policyNumber CP.MP.70"]);
  assert.deepEqual(tokens("is investigational when criterion I.B is not met."), ["determination investigational", "clause when", "word criterion", "label I.B", "connective is", "connective not", "outcome met"]);
});

test("codes that have ended as of today are deprecated, in the table and wherever they stand", () => {
  assert.deepEqual(tokens("HCPCS      E1390*  Oxygen concentrator         ended 2025-12-31, see E1392"), ["codeSystem HCPCS", "code.declaration.deprecated E1390", "word *", "word ended", "date 2025-12-31", "word see", "code E1392"]);
  assert.deepEqual(tokens("applies to codes HCPCS E1390"), ["clause applies to", "field codes", "codeSystem HCPCS", "code.deprecated E1390"]);
  assert.deepEqual(tokens("CPT        77301   Planning in our own words   for I.A"), ["codeSystem CPT", "code.declaration 77301", "word for", "label I.A"]);
  const earlier = semanticTokens(analyze(EXAMPLE, ""), dayNumber(2025, 12, 31)!);
  assert.ok(earlier.every((token) => (token.modifiers & 2) === 0), "the last day is still valid");
});

test("headers, tables, cases and comments", () => {
  assert.deepEqual(tokens("policy CP.EX.1 \"Home oxygen therapy\""), ["clause policy", "policyNumber CP.EX.1", "string \"Home oxygen therapy\""]);
  assert.deepEqual(tokens("  effective         2026-02-01"), ["field effective", "date 2026-02-01"]);
  assert.deepEqual(tokens("2025-03, approved 2025-05-20, effective 2026-02-01"), ["date 2025-03", "word approved", "date 2025-05-20", "word effective", "date 2026-02-01"]);
  assert.deepEqual(tokens("  case \"Saturation of 86 percent\"\n    on 2026-03-01\n    age = 64 years\n"), ["clause case", "caseName.declaration \"Saturation of 86 percent\"", "field on", "date 2026-03-01", "variable age", "operator =", "number 64", "unit years"]);
  assert.deepEqual(tokens("I.C = met\n    expect approve by I.B.1"), ["label I.C", "operator =", "outcome met", "clause expect", "outcome approve", "word by", "label I.B.1"]);
  assert.deepEqual(tokens("expect pend missing saturation"), ["clause expect", "outcome pend", "word missing", "variable saturation"]);
  const text = example(["# Both statements", "# lint-ignore duplicate-criterion, typo: as published"]);
  assert.deepEqual(tokensOf(text, "# lint-ignore duplicate-criterion, typo: as published"), ["comment # lint-ignore ", "lintRule duplicate-criterion", "comment , ", "lintRule typo", "comment : as published"]);
});

test("a comment in a condition keeps its colour, and the condition goes on behind it", () => {
  const text = example(["when stage is late and cor_pulmonale", "when stage is late # and why\n              and cor_pulmonale"]);
  assert.deepEqual(tokensOf(text, "late # and why\n              and cor_pulmonale"), ["enumMember late", "comment # and why", "connective and", "variable cor_pulmonale"]);
});

test("tokens stand in order, never overlap, and the lines that are seen get those of the whole", () => {
  const check = (text: string, from: number, to: number): void => {
    const analysis = analyze(text, "");
    const all = semanticTokens(analysis, TODAY);
    let last = 0;
    for (const token of all) {
      assert.ok(token.start >= last && token.end > token.start && token.end <= text.length, `${token.type} ${token.start}`);
      last = token.end;
    }
    const lineStart = text.lastIndexOf("\n", from - 1) + 1;
    const lineEnd = text.indexOf("\n", to) < 0 ? text.length : text.indexOf("\n", to);
    const inside = (token: { start: number; end: number }): boolean => token.start >= lineStart && token.end <= lineEnd;
    assert.deepEqual(semanticTokens(analysis, TODAY, { start: lineStart, end: lineEnd }).filter(inside), all.filter(inside));
  };
  for (const text of [EXAMPLE, ...SAMPLES]) check(text, text.length >> 2, text.length >> 1);
  // Cut, doubled and emptied lines: a broken text has colours too.
  fc.assert(fc.property(fc.nat(), fc.nat(), fc.constantFrom("", "#", "\"", "when ", "[", "(", "\t"), (cut, at, piece) => {
    const lines = EXAMPLE.split("\n");
    const broken = [...lines.slice(0, cut % lines.length), lines[at % lines.length]!.slice(0, at % 40) + piece, ...lines.slice(cut % lines.length)].join("\n");
    check(broken, at % broken.length, Math.min(broken.length, (at % broken.length) + 300));
  }), { numRuns: 150, seed: 4 });
});

// ── The grammar and the tokens agree, so that nothing flickers ────────────────────────────────────────────────────────
let grammar: IGrammar;
let client: TestClient;
before(async () => {
  grammar = (await policyGrammar())!;
  client = await startClient();
});
after(() => client.stop());

interface Manifest {
  readonly contributes: {
    readonly semanticTokenTypes: readonly { readonly id: string }[];
    readonly semanticTokenScopes: readonly { readonly scopes: Readonly<Record<string, readonly string[]>> }[];
  };
}
const { contributes } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as Manifest;
const scopesOf = contributes.semanticTokenScopes[0]!.scopes;

/** Kinds that editors know without being told. */
const STANDARD = new Set(["variable", "property", "function", "enumMember", "label", "operator", "number", "string", "comment", "type"]);

test("every kind is described for themes and has scopes", () => {
  assert.deepEqual(contributes.semanticTokenTypes.map((type) => type.id), TOKEN_TYPES.filter((type) => !STANDARD.has(type)));
  for (const type of TOKEN_TYPES) assert.ok((scopesOf[type]?.length ?? 0) > 0, type);
});

/** Where the tokens know better than the grammar: it takes a choice, a definition or the "of" of "at least 2 of" for a fact, and what is missing for a choice. */
const REFINED: Readonly<Record<string, readonly string[]>> = { "variable.other": ["function", "enumMember", "connective"], "constant.other": ["variable", "label"], "comment.line": ["lintRule"] };
/** Its family: the first two parts of a scope. */
const family = (scope: string): string => (scope.startsWith("markup.heading") ? "markup.heading" : scope.startsWith("string.") ? "string" : scope.split(" ")[0]!.split(".").slice(0, 2).join("."));

test("tokens have the colours of the grammar wherever it has one, but for what it cannot know", () => {
  let agreed = 0;
  for (const text of [EXAMPLE, ...SAMPLES]) {
    const found = new Map<number, string>();
    let stack = null as Parameters<IGrammar["tokenizeLine"]>[1];
    let at = 0;
    for (const line of text.split("\n")) {
      const result = grammar.tokenizeLine(line, stack);
      stack = result.ruleStack;
      for (const token of result.tokens) for (let i = token.startIndex; i < token.endIndex; i++) found.set(at + i, token.scopes.find((scope) => /^(?:markup\.heading|string)\./u.test(scope)) ?? token.scopes[token.scopes.length - 1]!);
      at += line.length + 1;
    }
    for (const token of semanticTokens(analyze(text, ""), TODAY)) {
      const scope = found.get(token.start) ?? "source.policy";
      if (/^(?:source|meta|punctuation)\b/u.test(scope)) continue;
      const same = scopesOf[token.type]!.some((each) => family(each) === family(scope));
      if (same) agreed++;
      else assert.ok(REFINED[family(scope)]?.includes(token.type), `${token.type} ${JSON.stringify(text.slice(token.start, token.end))} is ${scope} for the grammar, at ${JSON.stringify(text.slice(token.start - 30, token.end + 10))}`);
    }
  }
  assert.ok(agreed > 3000, String(agreed));
});

// ── The server ────────────────────────────────────────────────────────────────────────────────────────────────────────
interface Answer { readonly resultId: string; readonly data: number[]; readonly edits?: { readonly start: number; readonly deleteCount: number; readonly data?: number[] }[] }

/** The words and kinds that an answer stands for. */
function decoded(text: string, data: readonly number[], legend: readonly string[]): readonly string[] {
  const lines = text.split("\n");
  const words: string[] = [];
  let line = 0;
  let character = 0;
  for (let i = 0; i < data.length; i += 5) {
    character = data[i] === 0 ? character + data[i + 1]! : data[i + 1]!;
    line += data[i]!;
    assert.ok(character + data[i + 2]! <= lines[line]!.length, "a token lies on one line");
    words.push(`${legend[data[i + 3]!]} ${lines[line]!.slice(character, character + data[i + 2]!)}`);
  }
  return words;
}

test("the server answers in full, by what has changed, and for the lines that are seen", async () => {
  const uri = "untitled:tokens.policy";
  const provider = client.initialized.capabilities.semanticTokensProvider as { legend: { tokenTypes: string[] } };
  const { tokenTypes } = provider.legend;
  const text = example(["when all of the following are met", "when all of\n   the following are met"]);
  client.open(uri, text);
  const full = await client.connection.sendRequest<Answer>("textDocument/semanticTokens/full", { textDocument: { uri } });
  const words = decoded(text, full.data, tokenTypes);
  assert.ok(words.includes("combinator all of") && words.includes("combinator the following"), "a phrase over a line end is coloured on both lines");
  const edited = text.replace("when age >= 18 years", "when saturation >= 18 %");
  client.change(uri, 2, edited);
  const delta = await client.connection.sendRequest<Answer>("textDocument/semanticTokens/full/delta", { textDocument: { uri }, previousResultId: full.resultId });
  assert.equal(delta.edits?.length, 1);
  const data = [...full.data];
  for (const edit of delta.edits!) data.splice(edit.start, edit.deleteCount, ...(edit.data ?? []));
  const again = await client.connection.sendRequest<Answer>("textDocument/semanticTokens/full", { textDocument: { uri } });
  assert.deepEqual(data, again.data);
  assert.ok(delta.edits![0]!.data!.length < 50, "an edit of one line is told in few numbers");
  const stale = await client.connection.sendRequest<Answer>("textDocument/semanticTokens/full/delta", { textDocument: { uri }, previousResultId: "no such answer" });
  assert.deepEqual(stale.data, again.data);
  const line = edited.slice(0, edited.indexOf("when saturation")).split("\n").length - 1;
  const seen = await client.connection.sendRequest<Answer>("textDocument/semanticTokens/range", { textDocument: { uri }, range: { start: { line, character: 0 }, end: { line: line + 1, character: 0 } } });
  assert.deepEqual(decoded(edited, seen.data, tokenTypes), ["clause when", "variable saturation", "operator >=", "number 18", "unit %"]);
});
