// The formatter: its layout, and what holds for every text: same tree, same words, formatting twice is formatting once.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import fc from "fast-check";
import { withEdits as applied } from "../server/src/diagnostic.js";
import { draftEdits, formatLeft, formatPolicy, formatRange, formatted } from "../server/src/format/format.js";
import type { Edit, FormatOptions } from "../server/src/format/model.js";
import { formatRenumbered, oneAfterOther } from "../server/src/format/renumber.js";
import { sameTree } from "../server/src/format/sametree.js";
import { runCase } from "../server/src/evaluate/run.js";
import { analyze } from "../server/src/semantics/analyze.js";
import type { Analysis } from "../server/src/semantics/model.js";
import { parse } from "../server/src/syntax/parse.js";
import type { TextEdit } from "vscode-languageserver-protocol/node";
import { lineIndex, offsetAt } from "../server/src/text.js";
import { startClient, type TestClient } from "./support/client.js";
import { type Workplace, workplace } from "./support/cli.js";
import { BAD, ROOT, SAMPLES, samplesIn } from "./support/core-fixtures.js";

const SEED = 20_261_123;
const samples = samplesIn(SAMPLES);
const bad = samplesIn(BAD).map((sample) => sample.text);
const published = readFileSync(join(ROOT, "test", "fixtures", "published.policy"), "utf8");
const reference = [...readFileSync(join(ROOT, "docs", "language.md"), "utf8").matchAll(/```policy\n([\s\S]*?)```/gu)].map((match) => match[1]!);
const good = [...samples.map((sample) => sample.text), published];
const texts = [...good, ...bad, ...reference];

const words = (text: string): readonly string[] => text.split(/\s+/u).filter((word) => word !== "");

/** What must hold of any text; gives the formatted one. */
function checked(text: string, options: Partial<FormatOptions> = {}): string {
  const edits = formatPolicy(parse(text), options);
  let last = 0;
  for (const edit of edits) {
    assert.ok(last <= edit.start && edit.start <= edit.end && edit.end <= text.length, "edits stand in order");
    assert.match(edit.text, /^\s*$/u, "an edit puts white space");
    assert.match(text.slice(edit.start, edit.end), /^\s*$/u, "an edit takes away white space");
    last = edit.end;
  }
  const out = applied(text, edits);
  assert.equal(text.replace(/\s+/gu, ""), out.replace(/\s+/gu, ""), "no sign is lost");
  assert.ok(sameTree(parse(text), parse(out)), `the tree changes:\n${text}\n----\n${out}`);
  assert.equal(formatted(out, options), out, `formatting twice changes more:\n${text}`);
  return out;
}

/** The same, and that no entry had to be left alone because its form would have changed what it says. */
function checkedDraft(text: string, options: Partial<FormatOptions> = {}): string {
  const out = applied(text, draftEdits(parse(text), options));
  assert.ok(sameTree(parse(text), parse(out)), `the draft changes the tree:\n${text}\n----\n${out}`);
  return checked(text, options);
}

describe("samples", () => {
  for (const text of texts) {
    test(`keeps words and tree: ${text.slice(0, 60).replace(/\s+/gu, " ")}`, () => {
      const out = checkedDraft(text);
      // Spaces stand between words, around signs and behind commas; prose keeps its words as they are.
      assert.equal(words(out).join(""), words(text).join(""));
      for (const width of [60, 80, 200]) checkedDraft(text, { lineWidth: width });
      checkedDraft(text, { wrap: false });
    });
  }
  test("the cases of the samples come out as before, and nothing else is found, however narrow the lines are", () => {
    const picture = (analysis: Analysis): unknown => ({
      found: analysis.diagnostics.map((found) => `${found.code} ${found.message.replace(/\s+/gu, " ")}`).sort(),
      criteria: analysis.criteria.map(({ address, role, attested, combination }) => [address, role, attested, combination]),
      statements: analysis.statements.map(({ address, phrase }) => [address, phrase?.kind, phrase?.unclear]),
      outcomes: analysis.policy === undefined ? [] : analysis.cases.map((each) => runCase(analysis.policy!, each).status),
    });
    const bare = (analysis: Analysis): unknown => JSON.parse(JSON.stringify(picture(analysis), (key, value: unknown) => (key === "start" || key === "end" ? undefined : value)));
    for (const text of [...good, ...reference, ...bad]) {
      const before = bare(analyze(text, "a.policy"));
      for (const lineWidth of [44, 60, 80, 120]) assert.deepEqual(bare(analyze(formatted(text, { lineWidth }), "a.policy")), before);
    }
  });
});


describe("layout", () => {
  const golden = (name: string): string => readFileSync(join(ROOT, "test", "golden", name), "utf8");
  const before = golden("format-before.policy");
  const after = golden("format-after.policy");

  test("the golden policy", () => {
    assert.equal(checkedDraft(before), after);
    assert.equal(formatted(after), after);
  });

  const section = (heading: string, lines: string, options?: Partial<FormatOptions>): string => {
    const out = checkedDraft(`policy EX.1 "T"\n\n${heading}\n${lines}`, options);
    return out.slice(out.indexOf(`\n${heading}\n`) + heading.length + 2);
  };

  test("statements stand at the margin, what stands below them lines up behind the label", () => {
    assert.equal(section("criteria", "  I. Needed:\n    (a) One\n      when a\n    10. Two\n        ii. Three\n            - Four\n              when b\n  VIII. Other\n        when c\n"),
      "I. Needed:\n   (a) One\n       when a\n   10. Two\n       ii. Three\n           - Four\n             when b\nVIII. Other\n   when c\n");
  });

  test("a column that most rows share stays, and the others join it", () => {
    const rows = "  a        years     \"A\"\n  b        years     \"B\"\n  c  years  \"C\"\n";
    assert.equal(section("facts", rows), "  a        years     \"A\"\n  b        years     \"B\"\n  c        years     \"C\"\n");
    assert.equal(section("facts", "  a years \"A\"\n  long_name years \"B\"\n"), "  a          years  \"A\"\n  long_name  years  \"B\"\n");
  });

  test("no line of prose begins with a word that would begin something else", () => {
    for (const word of ["when", "unless", "if", "note", "applies to", "a.", "1.", "(a)", "-", "except when", "When", "Note:"]) {
      for (let fill = 20; fill < 60; fill++) {
        const prose = `${"x".repeat(fill)} ${word} the rest of the sentence goes on for a while, so that it needs a second line`;
        const out = section("criteria", `I. ${prose}\n   A. Item\n`, { lineWidth: 60 });
        for (const line of out.split("\n").slice(1, -2)) assert.ok(!line.trimStart().startsWith(`${word} `), out);
      }
    }
  });

  test("citations, codes, figures and dates do not break", () => {
    for (let fill = 10; fill < 80; fill++) {
      const out = section("background", `  ${"x".repeat(fill)} [1, 2] CPT 77301 at ≥ 10 % on January 3, 2025 and more words behind it, so that it needs a second line\n`, { lineWidth: 60 });
      for (const part of ["[1, 2]", "CPT 77301", "≥ 10 %", "January 3, 2025"]) assert.ok(out.includes(part), out);
      for (const line of out.trimEnd().split("\n")) assert.ok(line.length <= 60 || !line.trim().includes(" "), line);
    }
  });

  test("a line that ends a little early does not move the lines behind it; one that ends much too early does", () => {
    const full = "This line is filled up to its end with words.";
    assert.equal(section("background", `  ${full}\n  A few more.\n`, { lineWidth: 50 }), `  ${full}\n  A few more.\n`);
    assert.equal(section("background", "  This one is a little short of the full width\n  of the line that it is on, isn't it?\n", { lineWidth: 60 }), "  This one is a little short of the full width\n  of the line that it is on, isn't it?\n");
    assert.equal(section("background", "  This\n  one is much too short for the width, so it is filled anew.\n", { lineWidth: 60 }), "  This one is much too short for the width, so it is filled\n  anew.\n");
  });

  test("lists, tables and addresses in free text keep their lines", () => {
    const text = "  Dose      Weeks\n  10 mg     4\n\n  Example Health Plan\n  1 Main Street\n\n  Steps:\n  1. One\n  2. Two\n\n  - A bullet\n    and its second line\n";
    assert.equal(section("background", text), text);
  });

  test("comments keep their places", () => {
    assert.equal(section("criteria", "# first\nI. One\n # of A\n     A. Two # behind\n          when a # why\n       # last of I\n\nII. Three\n"),
      "# first\nI. One\n   # of A\n   A. Two  # behind\n      when a  # why\n      # last of I\n\nII. Three\n");
  });

  test("one blank line stands between sections, none at the ends", () => {
    assert.equal(formatted("\n\npolicy EX.1 \"T\"\n\n\n  plan  X\nfacts\n\n  a  years\n# of define\ndefine\n  b  a > 1 years\n\n\n\n"),
      "policy EX.1 \"T\"\n  plan  X\n\nfacts\n  a  years\n\n# of define\ndefine\n  b  a > 1 years\n");
    assert.equal(formatted(""), "");
  });

  test("what cannot be read is left as it is, and its neighbours are formatted", () => {
    assert.equal(section("criteria", "I. One\n     A. Two\n        when   and  >\n     B.  Three\n"), "I. One\n   A. Two\n      when   and  >\n   B. Three\n");
    const unsettled = "I. One\n     A. Two\n\twhen a\nII.  Four\n     A. Five\n";
    assert.equal(section("criteria", "I. One\n   A. Two\n         1. Three\n      B. Four\nII.  Five\n"), "I. One\n   A. Two\n         1. Three\n      B. Four\nII. Five\n");
    assert.equal(section("criteria", unsettled), "I. One\n     A. Two\n\twhen a\nII. Four\n   A. Five\n");
    assert.equal(section("facts", "  a years \"A\"\n  b   years years  years\n  long  years \"C\"\n"), "  a     years  \"A\"\n  b   years years  years\n  long  years  \"C\"\n");
  });

  test("without wrapping, line breaks stay", () => {
    const long = `I. ${"word ".repeat(40)}end`;
    assert.equal(section("criteria", `${long}\n     goes on\n`, { wrap: false }), `${long}\n   goes on\n`);
  });
});

describe("a range", () => {
  const text = "policy EX.1 \"T\"\n  plan X\n\ncriteria\nI.  One\n     A.  Two\nII.  Three\n     A.  Four\n\nbackground\n   Text.\n   \n   More.\n";
  const ranged = (from: string, to = from): string => {
    const start = text.indexOf(from);
    return applied(text, formatRange(parse(text), { start, end: text.indexOf(to) + to.length }));
  };

  test("formats the entries that it touches, a statement as a whole", () => {
    assert.equal(ranged("Four"), text.replace("II.  Three\n     A.  Four", "II. Three\n   A. Four"));
    assert.equal(ranged("plan"), text.replace("plan X", "plan  X"));
    assert.equal(ranged("Two", "Three"), text.replace("I.  One\n     A.  Two\nII.  Three\n     A.  Four", "I. One\n   A. Two\nII. Three\n   A. Four"));
  });

  test("a section whose entries stand elsewhere moves as a whole", () => {
    assert.equal(ranged("More"), text.replace("   Text.\n   \n   More.", "  Text.\n\n  More."));
  });
});

describe("after Enter", () => {
  const left = (text: string): string => {
    const at = text.indexOf("|");
    const written = text.replace("|", "");
    return applied(written, formatLeft(parse(written), at));
  };

  test("a complete row goes into its columns", () => {
    assert.equal(left("facts\n  age       years  \"Age\"\n  smoker    yes/no  \"Smoker\"\n  bmi kg/m2 \"BMI\"\n  |\n"), "facts\n  age       years  \"Age\"\n  smoker    yes/no  \"Smoker\"\n  bmi       kg/m2   \"BMI\"\n  \n");
    assert.equal(left("codes\n  CPT  77301  A\n  CPT  77338  B\n  CPT 77385 C\n  |\n"), "codes\n  CPT  77301  A\n  CPT  77338  B\n  CPT  77385  C\n  \n");
  });

  test("nothing else is touched: other rows, prose, conditions, broken rows, split lines", () => {
    for (const text of [
      "facts\n  age years \"Age\"\n  smoker    yes/no  \"Smoker\"\n  |\n", "criteria\nI.   One\n     |\n", "criteria\nI. One\n     when   a\n     |\n",
      "facts\n  age   years\n  smoker years years\n  |\n", "facts\n  age   years\n  smoker    yes/no\n  |\"Smoker\"\n", "background\n  Text   text\n  |\n", "|\n",
    ]) {
      const out = left(text);
      const before = text.replace("|", "");
      const row = before.slice(0, text.indexOf("|")).split("\n").length - 2;
      assert.deepEqual(out.split("\n").filter((_, i) => i !== row), before.split("\n").filter((_, i) => i !== row), text);
      if (!text.startsWith("facts\n  age years")) assert.equal(out, before);
    }
  });
});

describe("renumbering", () => {
  const text = "policy EX.1 \"T\"\n\ncriteria\nI.  Needed when all of the following are met:\n     A.  One\n     C.  Two, as in criterion I.C\n         when criterion I.A\n\ncodes\n  CPT 77301 A  for I.C\n\nrevisions\n  2025-01\n    Added I.C.\n\ncases\n  case \"x\"\n    on 2025-01-01\n    I.C=met\n    expect pend missing I.C\n";

  test("labels follow one another, and what names them follows them, in one go with the layout", () => {
    const { edits } = formatRenumbered(analyze(text, "a.policy"));
    const out = applied(text, edits);
    assert.equal(out, "policy EX.1 \"T\"\n\ncriteria\nI. Needed when all of the following are met:\n   A. One\n   B. Two, as in criterion I.B\n      when criterion I.A\n\ncodes\n  CPT  77301  A  for I.B\n\nrevisions\n  2025-01\n    Added I.C.\n\ncases\n  case \"x\"\n    on 2025-01-01\n    I.B = met\n    expect pend missing I.B\n");
    let last = 0;
    for (const edit of edits) {
      assert.ok(last <= edit.start && edit.start <= edit.end);
      last = edit.end;
    }
  });

  test("the edits of two steps as one", () => {
    fc.assert(fc.property(fc.string({ maxLength: 40 }), fc.array(fc.tuple(fc.nat(40), fc.nat(4), fc.string({ maxLength: 3 }))), fc.array(fc.tuple(fc.nat(60), fc.nat(4), fc.string({ maxLength: 3 }))), (source, one, two) => {
      const listed = (length: number, raw: readonly (readonly [number, number, string])[]): Edit[] => {
        const edits: Edit[] = [];
        for (const [start, by, put] of [...raw].sort((a, b) => a[0] - b[0])) {
          const end = start + by;
          if (end <= length && start > (edits.at(-1)?.end ?? -1)) edits.push({ start, end, text: put });
        }
        return edits;
      };
      const first = listed(source.length, one);
      const between = applied(source, first);
      const second = listed(between.length, two);
      assert.equal(applied(source, oneAfterOther(first, between, second)), applied(between, second));
    }), { seed: SEED, numRuns: 2000 });
  });
});


const MESSY = "policy EX.1 \"T\"\n  plan X\n\nfacts\n  age   years\n  bmi   kg/m2\n  smoker yes/no\n\ncriteria\nI.  The service is medically necessary when all of the following are met:\n     A.  One\n     C.  Two\n         when smoker\n";

describe("the server", () => {
  let client: TestClient;
  let place: Workplace;
  let settings: Record<string, unknown> = {};
  const ask = async (method: string, text: string, params: object, name = "a.policy"): Promise<string> => {
    const uri = pathToFileURL(join(place.folder, name)).toString();
    client.open(uri, text);
    const edits = await client.connection.sendRequest<TextEdit[] | null>(`textDocument/${method}`, { textDocument: { uri }, options: { tabSize: 8, insertSpaces: false }, ...params });
    await client.connection.sendNotification("textDocument/didClose", { textDocument: { uri } });
    const lines = lineIndex(text);
    const offsets = (edits ?? []).map(({ range, newText }) => ({ start: offsetAt(lines, range.start), end: offsetAt(lines, range.end), text: newText })).sort((a, b) => a.start - b.start);
    return applied(text, offsets);
  };

  before(async () => {
    place = workplace();
    client = await startClient({ folder: place.folder, settings: { get "policy.format"() { return settings; } } });
  });
  after(async () => {
    await client.stop();
    place.remove();
  });

  test("says that it formats", () => {
    const { documentFormattingProvider, documentRangeFormattingProvider, documentOnTypeFormattingProvider } = client.initialized.capabilities;
    assert.deepEqual([documentFormattingProvider, documentRangeFormattingProvider, documentOnTypeFormattingProvider?.firstTriggerCharacter], [true, true, "\n"]);
  });

  test("formats a document, by the canonical layout whatever the editor's tab size is", async () => {
    assert.equal(await ask("formatting", MESSY, {}), formatted(MESSY));
    assert.equal(await ask("formatting", MESSY.replaceAll("\n", "\r\n"), {}), formatted(MESSY).replaceAll("\n", "\r\n"));
  });

  test("follows the settings, and does without those that make no sense", async () => {
    const long = `policy EX.1 "T"\n\nbackground\n  ${"word ".repeat(30)}end\n`;
    settings = { lineWidth: 60, wrap: true };
    assert.equal(await ask("formatting", long, {}), formatted(long, { lineWidth: 60 }));
    settings = { wrap: false };
    assert.equal(await ask("formatting", long, {}), long);
    settings = { lineWidth: "wide", wrap: 3 };
    assert.equal(await ask("formatting", long, {}), formatted(long));
    settings = {};
  });

  test("formats a range, and the row that Enter leaves", async () => {
    assert.equal(await ask("rangeFormatting", MESSY, { range: { start: { line: 6, character: 0 }, end: { line: 6, character: 5 } } }), MESSY.replace("  smoker yes", "  smoker  yes"));
    const typed = MESSY.replace("smoker yes/no\n", "smoker yes/no\n  \n");
    assert.equal(await ask("onTypeFormatting", typed, { position: { line: 7, character: 2 }, ch: "\n" }), typed.replace("smoker yes", "smoker  yes"));
    const item = MESSY.replace("  A.  One\n", "  A.  One;\n\n");
    assert.equal(await ask("onTypeFormatting", item, { position: { line: 11, character: 0 }, ch: "\n" }), item.replace("One;\n\n", "One;\n     B.  \n"), "the next label still comes by itself");
  });

  test("puts labels in order where it is told to, unless a case file names them", async () => {
    settings = { renumberLabels: true };
    assert.match(await ask("formatting", MESSY, {}), /\n {3}B\. Two/u);
    place.write("b.case.yaml", "cases:\n  - name: One\n    on: 2025-01-01\n    criteria:\n      I.C: met\n");
    assert.equal(await ask("formatting", MESSY, {}, "b.policy"), formatted(MESSY));
    assert.ok(client.log.some((line) => line.includes("a case file names criteria")), client.log.join("\n"));
    settings = {};
  });
});

describe("the command line", () => {
  const place = workplace();
  after(() => place.remove());
  const fresh = (): void => {
    place.write("p/a.policy", MESSY);
    place.write("p/b.policy", formatted(MESSY));
    place.write("p/a.case.yaml", "cases:\n  - name: One\n    on: 2025-01-01\n    criteria:\n      I.C: met\n");
  };

  test("writes in place, and says how many files it wrote", () => {
    fresh();
    const { code, out, err } = place.policy(["format", "p"]);
    assert.deepEqual([code, out, err], [0, "", "1 file formatted.\n"]);
    assert.equal(place.read("p/a.policy"), formatted(MESSY));
    assert.equal(place.policy(["format", "p"]).err, "All 2 policies are formatted already.\n");
  });

  test("--check and --diff write nothing and fail", () => {
    fresh();
    assert.deepEqual(place.policy(["format", "--check", "p"]), { code: 1, out: "p/a.policy\n", err: "1 file would be formatted.\n" });
    const { code, out } = place.policy(["format", "--diff", "p"]);
    assert.equal(code, 1);
    assert.match(out, /^--- a\/p\/a\.policy\n\+\+\+ b\/p\/a\.policy\n@@ /mu);
    assert.match(out, /^-I\. {2}The[^\n]*\n(?:-[^\n]*\n)*\+I\. The/mu);
    assert.equal(place.read("p/a.policy"), MESSY);
    assert.equal(place.policy(["format", "--check", "p/b.policy"]).code, 0);
  });

  test("standard input goes to standard output", () => {
    assert.deepEqual(place.policy(["format", "-"], { input: MESSY }), { code: 0, out: formatted(MESSY), err: "" });
    assert.deepEqual(place.policy(["format", "--check", "-"], { input: MESSY }), { code: 1, out: "stdin.policy\n", err: "" });
  });

  test("--line-width and --no-wrap", () => {
    const long = `policy EX.1 "T"\n\nbackground\n  ${"word ".repeat(30)}end\n`;
    assert.equal(place.policy(["format", "--line-width", "60", "-"], { input: long }).out, formatted(long, { lineWidth: 60 }));
    assert.equal(place.policy(["format", "--no-wrap", "-"], { input: long }).out, long);
  });

  test("--renumber changes the case files too", () => {
    fresh();
    assert.equal(place.policy(["format", "--renumber", "p"]).err, "3 files formatted.\n");
    assert.match(place.read("p/a.policy"), /\n {3}B\. Two/u);
    assert.match(place.read("p/a.case.yaml"), /I\.B: met/u);
  });

  test("a file that is not there is a usage mistake", () => {
    const { code, err } = place.policy(["format", "gone.policy"]);
    assert.equal(code, 2);
    assert.match(err, /no such file/u);
  });
});

// ── Properties ────────────────────────────────────────────────────────────────────────────────────────────────────────
const WORDS = [
  "\nI. ", "\n   A. ", "\n      1. ", "\n   - ", "\n", "\n\n", "\r\n", "\r", "\t", "  ", " ", "policy EX.1 \"T\"\n", "age", ">=", "<", "=", "18 years", "88 %", "2025-07-01", ",", ";", ".", "(", ")", ":", "[1]", "[1, 2]",
  "# ", "#", " # note\n", "\"text\"", "\"open", "C69.-", "77301", "CPT 77301", "I.A", "criterion I.A is met", "yes/no", "one of a, b", "list of", "case \"x\"\n", "; or", "any of the following:", "\u00a0", "\ufeff", "\u2028", "é",
  "*", "†", "/", "-", "none", "\n      - kind = a", "\nfacts\n  ", "\ndefine\n  ", "\ncriteria\n", "\nnotes\n  ", "\ncodes\n  ", "\nrevisions\n  2025-01\n    ", "\nreferences\n  1. ", "\ncases\n  ", "\nbackground\n  ", "\n   when ", "\n   unless ",
  "\n   if ", "\n   note ", "\n   applies to ", "when", "unless", "note", "if", "a.", "1.", "expect approve", "for I.A", "ended 2025-01-01", "  ended 2025-01-01",
];
type Change = readonly [kind: string, line: number, other: number, text: string];
const change: fc.Arbitrary<Change> = fc.tuple(fc.constantFrom("indent", "deeper", "cut", "join", "space", "blank", "tab", "comment", "delete", "duplicate", "swap", "insert"), fc.nat(), fc.nat(), fc.constantFrom(...WORDS));

/** Changes of layout alone come first; the others change what a text says. */
function changed(text: string, changes: readonly Change[]): string {
  const lines = text.split("\n");
  for (const [kind, first, second, piece] of changes) {
    const at = first % lines.length;
    const line = lines[at]!;
    const middle = line.length === 0 ? 0 : second % line.length;
    if (kind === "indent") lines[at] = " ".repeat(second % 14) + line.trimStart();
    else if (kind === "deeper") for (let i = at; i < Math.min(lines.length, at + (second % 9)); i++) lines[i] = ` ${lines[i]!}`;
    else if (kind === "cut") lines.splice(at, 1, line.slice(0, middle), " ".repeat(second % 17) + line.slice(middle));
    else if (kind === "join" && at + 1 < lines.length) lines.splice(at, 2, `${line} ${lines[at + 1]!.trimStart()}`);
    else if (kind === "space") lines[at] = line.replace(/(\S) (\S)/u, "$1   $2") + " ".repeat(second % 4);
    else if (kind === "blank") lines.splice(at, 0, " ".repeat(second % 3));
    else if (kind === "tab") lines[at] = line.replace(/^ {2,4}/u, "\t");
    else if (kind === "comment") lines.splice(at, 0, `${" ".repeat(second % 9)}# ${piece.trim()}`);
    else if (kind === "delete") lines.splice(at, 1);
    else if (kind === "duplicate") lines.splice(second % lines.length, 0, line);
    else if (kind === "swap") [lines[at], lines[second % lines.length]] = [lines[second % lines.length]!, line];
    else lines[at] = line.slice(0, middle) + piece + line.slice(middle);
  }
  return lines.join("\n");
}

/** Middle-sized texts, so that many runs stay quick. */
const small = [...bad, ...reference, ...good.map((text) => text.split("\n").filter((_, i) => i % 7 !== 3).slice(0, 140).join("\n")), ...good.map((text) => text.split("\n").slice(0, 120).join("\n"))];
const RUNS = Number(process.env["FORMAT_RUNS"] ?? 400);

describe("properties", () => {
  test("any text keeps its tree and its words, and formatting twice is formatting once", () => {
    fc.assert(fc.property(fc.constantFrom(...small), fc.array(change, { maxLength: 12 }), fc.constantFrom(40, 72, 120), fc.boolean(), (text, changes, lineWidth, wrap) => {
      checked(changed(text, changes), { lineWidth, wrap });
    }), { seed: SEED, numRuns: RUNS });
  });

  test("a soup of words keeps its tree", () => {
    fc.assert(fc.property(fc.array(fc.constantFrom(...WORDS), { maxLength: 60 }), fc.constantFrom("", " "), (parts, glue) => {
      checked(parts.join(glue));
    }), { seed: SEED, numRuns: RUNS });
  });

  test("a text with other line ends becomes the same text with those line ends", () => {
    for (const text of texts) assert.equal(checked(text.replaceAll("\n", "\r\n")), formatted(text).replaceAll("\n", "\r\n"));
  });
});
