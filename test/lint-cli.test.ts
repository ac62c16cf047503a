// `policy lint` as a user meets it: what is shown, what fails a run, mending, baselines, changed lines, suppressions, the pages.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { after, before, beforeEach, describe, test } from "node:test";
import { parse } from "yaml";
import { type Diagnostic, DIAGNOSTICS } from "../server/src/diagnostic.js";
import { applyFixes, mend } from "../server/src/lint/fixing.js";
import { LINT_RULES } from "../server/src/lint/rules/index.js";
import { LINTED, PERIOD, UNCITED, workplace, type Workplace } from "./support/cli.js";
import { ROOT } from "./support/core-fixtures.js";

const MENDED = LINTED.replace(/(:\d-\d)$/gmu, "$1.");
const WARNED = LINTED.replace("  next review 2099-01-01\n", "  line of business  Medicade\n");
const BROKEN = LINTED.replace("when age < 18 years", "when agee < 18 years");

let at: Workplace;
before(() => { at = workplace(); });
after(() => at.remove());
beforeEach(() => {
  for (const name of readdirSync(at.folder)) rmSync(join(at.folder, name), { recursive: true, force: true });
  at.write(".git/HEAD", "");
});

interface Json {
  readonly summary: { readonly errors: number; readonly warnings: number };
  readonly fixable: number;
  readonly diagnostics: readonly { readonly code: string; readonly line: number; readonly url: string; readonly fix?: { readonly safe: boolean; readonly title: string; readonly edits: readonly { readonly text: string; readonly line: number }[] } }[];
  readonly statistics?: readonly { readonly code: string; readonly count: number; readonly safe: number }[];
  readonly timing?: Readonly<Record<string, number>>;
}
const json = (args: readonly string[], input?: string): Json => JSON.parse(at.policy(["lint", ...args, "--format", "json"], input === undefined ? {} : { input }).out) as Json;

describe("what is shown", () => {
  test("a finding of a lint rule: frame, what to do, what mends it, its page, how many can be mended", () => {
    at.write("a.policy", LINTED);
    const { code, out, err } = at.policy(["lint", "a.policy", ...UNCITED, ...PERIOD]);
    assert.deepEqual([code, err], [0, ""]);
    assert.match(out, /^a\.policy:16:3 warning uncited-reference\n {2}Reference 2 is never cited/mu);
    assert.match(out, /^ {2}help: Cite it/mu);
    assert.match(out, /^ {2}fix: End the reference with a period \(policy lint --fix\)$/mu);
    assert.match(out, /^ {2}page: https:\/\/\S+\/docs\/lint\/uncited-reference\.md$/mu);
    assert.match(out, /^! \d warnings?(?: and \d infos)? in 1 file\. 2 can be mended with --fix\.\n$/mu);
  });
  test("--rule and --category show what was asked for, and errors of the language besides", () => {
    assert.deepEqual(json(["-", ...UNCITED], LINTED).diagnostics.map(({ code }) => code), ["uncited-reference"]);
    assert.ok(json(["-", "--category", "references"], LINTED).diagnostics.every(({ code }) => LINT_RULES.find(({ id }) => id === code)?.category === "references"));
    assert.deepEqual(json(["-", "--rule", "unknown-line-of-business"], WARNED).diagnostics.map(({ code }) => code), ["unknown-line-of-business"]);
    assert.deepEqual(json(["-", ...UNCITED], BROKEN).diagnostics.map(({ code }) => code), ["unknown-name", "uncited-reference"]);
    const wrong = at.policy(["lint", "-", "--rule", "uncited-referense"], { input: LINTED });
    assert.deepEqual([wrong.code, wrong.out], [2, ""]);
    assert.match(wrong.err, /no lint rule or diagnostic `uncited-referense`\n +Did you mean uncited-reference\?/u);
    assert.match(at.policy(["lint", "--category", "refrences"]).err, /Did you mean references\?/u);
  });
  test("json: page, fix with its edits", () => {
    const { fixable, diagnostics } = json(["-", ...PERIOD], LINTED);
    assert.equal(fixable, 2);
    assert.match(diagnostics[0]!.url, /lint\/final-period\.md$/u);
    assert.deepEqual([diagnostics[0]!.fix?.safe, diagnostics[0]!.fix?.edits.map(({ text, line }) => [text, line])], [true, [[".", 15]]]);
    assert.match(json(["-"], BROKEN).diagnostics.find(({ code }) => code === "unknown-name")!.url, /diagnostics\.md#unknown-name$/u);
  });
  test("--statistics and --timing", () => {
    at.write("a.policy", LINTED);
    const { out } = at.policy(["lint", "a.policy", ...UNCITED, ...PERIOD, "--statistics", "--timing"]);
    assert.match(out, /^ {5}2 {2}final-period +2 with --fix\n {5}1 {2}uncited-reference$/mu);
    assert.match(out, /^ +\d+\.\d ms +\d+ % {2}uncited-reference$/mu);
    const asJson = json(["a.policy", ...UNCITED, ...PERIOD, "--statistics", "--timing"]);
    assert.deepEqual(asJson.statistics, [{ code: "final-period", count: 2, safe: 2, unsafe: 0 }, { code: "uncited-reference", count: 1, safe: 0, unsafe: 0 }]);
    assert.deepEqual(Object.keys(asJson.timing ?? {}).sort(), ["final-period", "uncited-reference"]);
    const sarif = at.policy(["lint", "a.policy", ...UNCITED, "--statistics", "--format", "sarif"]);
    JSON.parse(sarif.out);
    assert.match(sarif.err, /1 {2}uncited-reference/u);
  });
  test("--output-file holds the report, the terminal the summary", () => {
    at.write("a.policy", LINTED);
    const { code, out } = at.policy(["lint", "a.policy", ...UNCITED, "--format", "json", "--output-file", "reports/lint.json"]);
    assert.deepEqual([code, out], [0, "! 1 warning in 1 file.\n"]);
    assert.equal((JSON.parse(at.read("reports/lint.json")) as Json).summary.warnings, 1);
    at.policy(["lint", "a.policy", ...UNCITED, "--color", "--output-file", "lint.txt"]);
    assert.match(at.read("lint.txt"), /^a\.policy:16:3 warning uncited-reference\n[\s\S]*! 1 warning in 1 file\.\n$/u);
    const failed = at.policy(["lint", "a.policy", "--output-file", "a.policy/x.json", "--format", "json"]);
    assert.equal(failed.code, 2);
    assert.match(failed.err, /cannot write a\.policy\/x\.json/u);
  });
  test("--as-of judges by another day", () => {
    const text = `${LINTED}\ncodes\n  CPT  77385  Delivery of treatment  ended 2025-12-31\n`;
    const ended = (...args: readonly string[]): boolean => json(["-", "--rule", "ended-code", ...args], text).diagnostics.some(({ code }) => code === "ended-code");
    assert.deepEqual([ended(), ended("--as-of", "2026-02-01")], [false, true]);
    for (const date of ["2026-02-30", "2026-02", "tomorrow"]) assert.match(at.policy(["lint", "-", "--as-of", date], { input: text }).err, /is no date\n +Write a date as 2026-01-31/u);
  });
});

describe("what fails a run", () => {
  const code = (...args: readonly string[]): number | null => at.policy(["lint", "-", ...args], { input: LINTED }).code;
  test("--fail-level", () => {
    assert.deepEqual(["error", "warning", "info"].map((level) => code(...UNCITED, "--fail-level", level)), [0, 1, 1]);
    assert.equal(at.policy(["lint", "-", "--fail-level", "warning", "--rule", "duplicate-code"], { input: LINTED }).code, 0);
    assert.equal(code("--fail-level", "never"), 2);
  });
  test("--max-warnings, also with --quiet", () => {
    assert.deepEqual(["0", "1"].map((most) => code(...UNCITED, "--max-warnings", most)), [1, 0]);
    const { code: quiet, out } = at.policy(["lint", "-", ...UNCITED, "--max-warnings", "0", "--quiet"], { input: LINTED });
    assert.deepEqual([quiet, out], [1, "! 1 warning in 1 file.\n"]);
  });
  test("an error behind more findings than are shown", () => {
    const rows = Array.from({ length: 1200 }, () => "  HCPCS  E1390  Concentrator").join("\n");
    const { code: exit, out } = at.policy(["lint", "-", "--format", "compact"], { input: `${LINTED}\ncodes\n${rows}\n  HCPCS  E1391  Other  for II\n` });
    assert.equal(exit, 1);
    assert.match(out, /too-many-diagnostics\]\n.*error: .*\[unknown-label\]\n$/u);
  });
  test("options that make no sense together", () => {
    for (const [args, message] of [
      [["--unsafe-fixes"], "--unsafe-fixes goes with --fix"], [["--diff"], "--diff goes with --fix or --add-suppressions"], [["--update-baseline"], "--update-baseline goes with --baseline FILE"],
      [["--fix", "--add-suppressions", "x"], "--fix and --add-suppressions do not go together"], [["--since", "HEAD", "-"], "--since and standard input do not go together"], [["--add-suppressions", " "], "--add-suppressions needs a reason"],
    ] as const) {
      const run = at.policy(["lint", ...args]);
      assert.deepEqual([run.code, run.out, run.err.split("\n")[0]], [2, "", `policy: ${message}`]);
    }
  });
});

describe("--fix", () => {
  test("mends, says so, and shows what is left", () => {
    at.write("a.policy", LINTED);
    at.write("b.policy", MENDED);
    const { code, out } = at.policy(["lint", ".", ...UNCITED, ...PERIOD, "--fix"]);
    assert.equal(code, 0);
    assert.match(out, /^Mended 2 findings in 1 file\.\n! 2 warnings in 2 files\.\n$/mu);
    assert.equal(at.read("a.policy"), MENDED);
    assert.equal(at.read("b.policy"), MENDED);
    assert.deepEqual(readdirSync(at.folder).sort(), [".git", "a.policy", "b.policy"]);
    assert.equal(at.policy(["lint", ".", ...PERIOD, "--fix"]).out, "✓ 2 files checked, nothing found.\n");
  });
  test("encodings, byte order marks, line ends and permissions stay", () => {
    const encodings: Readonly<Record<string, (text: string) => Buffer>> = {
      utf8: (text) => Buffer.from(text), bom: (text) => Buffer.from(`\ufeff${text}`),
      utf16le: (text) => Buffer.from(`\ufeff${text}`, "utf16le"), utf16be: (text) => Buffer.from(`\ufeff${text}`, "utf16le").swap16(),
    };
    for (const [name, encode] of Object.entries(encodings)) {
      for (const lineEnd of ["\n", "\r\n", "\r"]) {
        const path = `${name}${lineEnd.length}${lineEnd.charCodeAt(0)}.policy`;
        at.write(path, encode(LINTED.replaceAll("\n", lineEnd)));
        chmodSync(join(at.folder, path), 0o640);
        assert.equal(at.policy(["lint", path, ...PERIOD, "--fix"]).code, 0);
        assert.ok(at.bytes(path).equals(encode(MENDED.replaceAll("\n", lineEnd))), path);
        if (process.platform !== "win32") assert.equal(statSync(join(at.folder, path)).mode & 0o777, 0o640);
      }
    }
  });
  test("through a link, the file itself is written", { skip: process.platform === "win32" }, () => {
    at.write("real/a.policy", LINTED);
    symlinkSync(join("real", "a.policy"), join(at.folder, "link.policy"));
    at.policy(["lint", "link.policy", ...PERIOD, "--fix"]);
    assert.equal(at.read("real/a.policy"), MENDED);
    assert.ok(readdirSync(at.folder, { withFileTypes: true }).find(({ name }) => name === "link.policy")!.isSymbolicLink());
  });
  test("a file with bytes that would be lost is not written", () => {
    const bytes = Buffer.concat([Buffer.from(LINTED), Buffer.from([0x23, 0x20, 0xff, 0x0a])]);
    at.write("a.policy", bytes);
    const { code, out, err } = at.policy(["lint", "a.policy", ...PERIOD, "--fix"]);
    assert.equal(code, 2);
    assert.match(err, /did not write a\.policy: it holds bytes that are no UTF-8/u);
    // What was found is still there.
    assert.match(out, /ends without a period/u);
    assert.doesNotMatch(out, /Mended/u);
    assert.ok(at.bytes("a.policy").equals(bytes));
  });
  test("a folder that cannot be written to", { skip: process.platform === "win32" || process.getuid?.() === 0 }, () => {
    at.write("closed/a.policy", LINTED);
    chmodSync(join(at.folder, "closed"), 0o555);
    const { code, err } = at.policy(["lint", "closed", ...PERIOD, "--fix"]);
    chmodSync(join(at.folder, "closed"), 0o755);
    assert.deepEqual([code, err], [2, "policy: cannot write closed/a.policy: permission is denied\n"]);
  });
  test("what is a guess only with --unsafe-fixes, in case files too", () => {
    at.write("a.policy", BROKEN);
    at.write("a.case.yaml", "cases:\n  - name: One\n    on: 2025-07-01\n    facts: { agee: 3 years }\n    expect: pend\n");
    at.policy(["lint", ".", ...UNCITED, "--fix"]);
    assert.equal(at.read("a.policy"), BROKEN);
    const { code, out } = at.policy(["lint", ".", ...UNCITED, "--fix", "--unsafe-fixes"]);
    assert.equal(code, 0, out);
    assert.equal(at.read("a.policy"), LINTED);
    assert.match(at.read("a.case.yaml"), /facts: \{ age: 3 years \}/u);
    assert.match(out, /Mended 2 findings in 2 files\./u);
  });
  test("--diff writes nothing and prints a patch that applies", () => {
    for (const lineEnd of ["\n", "\r\n"]) {
      const text = LINTED.replaceAll("\n", lineEnd);
      at.write("a.policy", text);
      const { code, out, err } = at.policy(["lint", "a.policy", ...PERIOD, "--fix", "--diff"]);
      assert.deepEqual([code, err], [1, "Would mend 2 findings in 1 file.\n"]);
      assert.equal(at.read("a.policy"), text);
      at.write("fix.patch", out);
      const applied = spawnSync("git", ["apply", "--ignore-whitespace", "fix.patch"].filter((arg) => arg !== "--ignore-whitespace"), { cwd: at.folder, env: { ...process.env, GIT_DIR: join(at.folder, "none"), GIT_CEILING_DIRECTORIES: at.folder }, encoding: "utf8" });
      assert.equal(applied.status, 0, applied.stderr);
      assert.equal(at.read("a.policy"), MENDED.replaceAll("\n", lineEnd));
      assert.deepEqual(at.policy(["lint", "a.policy", ...PERIOD, "--fix", "--diff"]), { code: 0, out: "", err: "Nothing to change.\n" });
    }
  });
  test("standard input is printed mended; the rest goes to standard error", () => {
    const { code, out, err } = at.policy(["lint", "-", "--stdin-filename", "x/a.policy", ...UNCITED, ...PERIOD, "--fix"], { input: LINTED });
    assert.deepEqual([code, out], [0, MENDED]);
    assert.match(err, /^x\/a\.policy:16:3 warning uncited-reference$/mu);
    assert.match(err, /Mended 2 findings in 1 file\./u);
    assert.equal(at.policy(["lint", "-", ...PERIOD, "--fix"], { input: MENDED }).out, MENDED);
    assert.equal(existsSync(join(at.folder, "x")), false);
  });
});

describe("applying fixes", () => {
  const finding = (safe: boolean, ...edits: readonly (readonly [number, number, string])[]): Diagnostic => ({ code: "x", severity: "info", start: 0, end: 1, message: "", fix: { title: "", safe, edits: edits.map(([start, end, text]) => ({ start, end, text })) } });
  test("each as a whole or not at all; of two that meet, the first; in the text's own line ends", () => {
    assert.equal(applyFixes("abcdef", [finding(true, [0, 1, "A"], [4, 5, "E"]), finding(true, [2, 3, "C"], [4, 6, ""]), finding(true, [1, 2, "B"]), finding(false, [5, 6, "F"])], false).text, "ABcdEf");
    assert.equal(applyFixes("ab", [finding(true, [1, 1, "x"]), finding(true, [1, 1, "y"])], false).text, "axb");
    assert.equal(applyFixes("a\r\nb", [finding(true, [1, 1, "\nx"])], false).text, "a\r\nx\r\nb");
    assert.equal(applyFixes("ab", [{ code: "x", severity: "info", start: 0, end: 1, message: "", replacement: "c" }], false).text, "ab");
  });
  test("again until nothing is left, but not in circles, and never with more errors of the language", () => {
    const error: Diagnostic = { code: "unknown-name", severity: "error", start: 0, end: 1, message: "" };
    const look = (text: string): readonly Diagnostic[] => (text.length < 5 ? [finding(true, [0, 0, "x"])] : []);
    assert.deepEqual([mend("a", look("a"), look, { unsafe: false }).text, mend("a", look("a"), look, { unsafe: false, rounds: 1 }).text], ["xxxxa", "xa"]);
    const circle = (): readonly Diagnostic[] => [finding(true, [0, 0, "x"])];
    assert.equal(mend("a", circle(), circle, { unsafe: false }).text.length, 11);
    const breaks = (text: string): readonly Diagnostic[] => (text === "xxa" ? [error] : circle());
    const { text, mended, refused } = mend("a", circle(), breaks, { unsafe: false });
    assert.deepEqual([text, mended.length, refused], ["xa", 1, true]);
  });
});

describe("--baseline", () => {
  const lint = (...args: readonly string[]): ReturnType<Workplace["policy"]> => at.policy(["lint", "policies", ...UNCITED, "--baseline", "policies/baseline.json", "--fail-level", "warning", ...args]);
  test("is written, hides what it knows, and follows it through edits", () => {
    at.write("policies/a.policy", LINTED);
    const first = lint();
    assert.deepEqual([first.code, first.out], [0, "Wrote 1 finding to the baseline policies/baseline.json; from now on only others are shown.\n✓ 1 file checked, nothing found.\n"]);
    assert.deepEqual((JSON.parse(at.read("policies/baseline.json")) as { findings: { path: string; code: string }[] }).findings.map(({ path, code }) => [path, code]), [["a.policy", "uncited-reference"]]);
    at.write("policies/a.policy", LINTED.replace("facts\n", "description\n  Some words that were put above.\n\nfacts\n").replaceAll("\n", "\r\n"));
    assert.deepEqual([lint().code, lint().out], [0, "1 known finding of the baseline policies/baseline.json not shown.\n✓ 1 file checked, nothing found.\n"]);
    at.write("policies/a.policy", `${LINTED}  3. Example C. Something new. Ex J Med. 2022;3(1):1-4\n`);
    const third = lint();
    assert.equal(third.code, 1);
    assert.match(third.out, /Reference 3 is never cited/u);
    assert.doesNotMatch(third.out, /Reference 2 is never cited/u);
    // From another folder it is the same baseline.
    assert.equal(at.policy(["lint", ".", ...UNCITED, "--baseline", "baseline.json", "--fail-level", "warning"], { in: "policies" }).code, 1);
  });
  test("says what no longer occurs, and --update-baseline takes it out", () => {
    at.write("policies/a.policy", LINTED);
    at.write("policies/b.policy", LINTED);
    at.write("policies/c.policy", LINTED);
    lint();
    at.write("policies/a.policy", LINTED.replace("met: [1]", "met: [1-2]"));
    rmSync(join(at.folder, "policies/c.policy"));
    assert.match(lint().out, /2 findings of the baseline no longer occur; --update-baseline takes them out\./u);
    // A run over some files or some lint rules says nothing of the others.
    assert.match(at.policy(["lint", "policies/b.policy", ...PERIOD, "--baseline", "policies/baseline.json", "--update-baseline"]).out, /Wrote 4 findings/u);
    assert.match(lint("--update-baseline").out, /Wrote 3 findings to the baseline .*\n.*1 finding of the old baseline no longer occurred|Wrote 3 findings/u);
    const left = (JSON.parse(at.read("policies/baseline.json")) as { findings: { path: string; code: string }[] }).findings.map(({ path, code }) => `${path} ${code}`);
    assert.deepEqual(left, ["b.policy final-period", "b.policy final-period", "b.policy uncited-reference"]);
    assert.equal(lint().code, 0);
  });
  test("a file that is renamed keeps what is known of it", () => {
    at.write("policies/a.policy", LINTED);
    lint();
    rmSync(join(at.folder, "policies/a.policy"));
    at.write("policies/new/b.policy", LINTED);
    assert.deepEqual([lint().code, /1 known finding of the baseline/u.test(lint().out)], [0, true]);
    // A copy beside it is another file.
    at.write("policies/a.policy", LINTED);
    assert.equal(lint().code, 1);
  });
  test("a file that is no baseline is refused", () => {
    at.write("policies/a.policy", LINTED);
    for (const [text, why] of [["{", "it is no JSON"], ["[]", "it is not one that this tool has written"], ['{"version":9,"findings":[]}', "it is of a later version"], ['{"version":1,"findings":[1]}', "it is not one"]] as const) {
      at.write("policies/baseline.json", text);
      const { code, err } = lint();
      assert.equal(code, 2);
      assert.ok(err.includes(why), err);
    }
  });
});

describe("--since", () => {
  const lint = (...args: readonly string[]): ReturnType<Workplace["policy"]> => at.policy(["lint", ".", ...PERIOD, "--format", "compact", ...args]);
  const repository = (): void => {
    rmSync(join(at.folder, ".git"), { recursive: true });
    at.git("init", "-q");
    at.write("old.policy", LINTED);
    at.write("ünïcode “folder”/a b.policy", LINTED);
    at.write("moved.policy", LINTED.replace("EX.1", "EX.2"));
    at.git("add", "-A");
    at.git("commit", "-qm", "first");
  };
  test("shows what lies on changed lines and in new files", () => {
    repository();
    assert.equal(lint("--since", "HEAD").out, "");
    at.write("ünïcode “folder”/a b.policy", `# A line above\n${LINTED.replace("  1. Example A. Planning", "  1. Example A. Changed")}`);
    at.git("mv", "moved.policy", "renamed.policy");
    at.write("new.policy", LINTED);
    at.git("commit", "-qam", "second");
    at.write("old.policy", `${LINTED}  3. Example C. New. Ex J Med. 2022;3(1):1-4\n`);
    const lines = (ref: string): readonly string[] => lint("--since", ref).out.split("\n").map((line) => line.split(/:\d+: /u)[0]!).filter((line) => line !== "").sort();
    assert.deepEqual(lines("HEAD"), ["new.policy:15", "new.policy:16", "old.policy:17"]);
    assert.deepEqual(lines("HEAD~1"), ["new.policy:15", "new.policy:16", "old.policy:17", "ünïcode “folder”/a b.policy:16"]);
    assert.deepEqual(at.policy(["lint", "a b.policy", ...PERIOD, "--format", "compact", "--since", "HEAD~1"], { in: "ünïcode “folder”" }).out.split(":")[1], "16");
  });
  test("where the histories have parted, since they did", () => {
    repository();
    at.git("checkout", "-qb", "work");
    at.write("work.policy", LINTED);
    at.git("add", "-A");
    at.git("commit", "-qm", "on the branch");
    at.git("checkout", "-q", "-");
    at.write("old.policy", LINTED.replace("Dose and time", "Changed on main"));
    at.git("commit", "-qam", "on main");
    at.git("branch", "trunk");
    at.git("checkout", "-q", "work");
    assert.deepEqual(lint("--since", "trunk").out.match(/^\S+policy/gmu), ["work.policy", "work.policy"]);
  });
  test("files in UTF-16 count as a whole, and mending keeps to what has changed", () => {
    repository();
    at.write("wide.policy", Buffer.from(`\ufeff${LINTED}`, "utf16le"));
    at.git("add", "-A");
    at.git("commit", "-qm", "wide");
    at.write("wide.policy", Buffer.from(`\ufeff${LINTED.replace("Dose", "Doses")}`, "utf16le"));
    at.write("old.policy", LINTED.replace("Dose", "Doses"));
    assert.deepEqual(lint("--since", "HEAD").out.match(/^\S+policy:\d+/gmu), ["old.policy:16", "wide.policy:15", "wide.policy:16"]);
    lint("--since", "HEAD", "--fix");
    assert.equal(at.read("old.policy"), LINTED.replace("Dose", "Doses").replace("1-4\n", "1-4.\n"));
  });
  test("no repository, no such commit, and nothing that git would take for an option", () => {
    at.write("a.policy", LINTED);
    rmSync(join(at.folder, ".git"), { recursive: true });
    const none = at.policy(["lint", ".", "--since", "HEAD"], { env: { GIT_CEILING_DIRECTORIES: dirname(at.folder) } });
    assert.deepEqual([none.code, none.out, none.err], [2, "", "policy: --since needs a git repository, and this folder is in none\n"]);
    at.write(".git/HEAD", "");
    repository();
    for (const ref of ["no-such", "--output=stolen", "-p", "HEAD; touch stolen", "$(touch stolen)"]) {
      const { code, out, err } = at.policy(["lint", ".", `--since=${ref}`]);
      assert.deepEqual([code, out, err.split("\n")[0]], [2, "", `policy: git knows no commit \`${ref}\``], ref);
    }
    assert.equal(existsSync(join(at.folder, "stolen")), false);
  });
});

describe("--add-suppressions", () => {
  test("the findings are gone, the text means the same, and what cannot be suppressed is said", () => {
    const text = `${BROKEN}\ncodes\n  CPT  77385  One\n  CPT  77385  One\n`;
    for (const encode of [(all: string) => Buffer.from(all), (all: string) => Buffer.from(`\ufeff${all.replaceAll("\n", "\r\n")}`)]) {
      at.write("a.policy", encode(text));
      const args = ["lint", "a.policy", ...UNCITED, ...PERIOD, "--rule", "duplicate-code"];
      const { code, out } = at.policy([...args, "--add-suppressions", "Agreed\n with the committee"]);
      assert.equal(code, 1);
      assert.match(out, /^Suppressed 4 findings in 1 file\.\n1 finding cannot be suppressed/mu);
      assert.match(out, /^a\.policy:11:12 error unknown-name/mu);
      const expected = text
        .replace("  1. Example A", "  # lint-ignore final-period: Agreed with the committee\n  1. Example A")
        .replace("  2. Example B", "  # lint-ignore final-period, uncited-reference: Agreed with the committee\n  2. Example B")
        .replace(/( {2}CPT {2}77385 {2}One\n)$/u, "  # lint-ignore duplicate-code: Agreed with the committee\n$1");
      assert.ok(at.bytes("a.policy").equals(encode(expected)), at.read("a.policy"));
      const again = at.policy([...args, "--add-suppressions", "Again"]);
      assert.match(again.out, /Suppressed 0 findings\./u);
      assert.ok(at.bytes("a.policy").equals(encode(expected)));
    }
  });
  test("at the first line, and everywhere in the samples", () => {
    for (const name of readdirSync(join(ROOT, "samples")).filter((each) => each.endsWith(".policy"))) {
      const text = readFileSync(join(ROOT, "samples", name), "utf8");
      at.write(name, text);
      const results = (): unknown => (JSON.parse(at.policy(["test", name, "--format", "json"]).out) as { summary: unknown }).summary;
      const before = results();
      const { code, out } = at.policy(["lint", name, "--profile", "strict", "--fail-level", "info", "--add-suppressions", "A test"]);
      assert.deepEqual([name, code], [name, 0], out.slice(0, 600));
      assert.deepEqual(results(), before);
    }
    at.write("t.policy", `\ufeff${LINTED.replace("  next review 2099-01-01\n", "")}`);
    at.policy(["lint", "t.policy", "--profile", "strict", "--add-suppressions", "A test"]);
    assert.equal(at.read("t.policy").lastIndexOf("\ufeff"), 0);
  });
  test("--diff, and standard input", () => {
    at.write("a.policy", LINTED);
    const { code, out, err } = at.policy(["lint", "a.policy", ...UNCITED, "--add-suppressions", "Why", "--diff"]);
    assert.deepEqual([code, err, at.read("a.policy")], [1, "Would suppress 1 finding in 1 file.\n", LINTED]);
    assert.match(out, /^\+ {2}# lint-ignore uncited-reference: Why$/mu);
    assert.match(at.policy(["lint", "-", ...UNCITED, "--add-suppressions", "Why"], { input: LINTED }).out, /\n {2}# lint-ignore uncited-reference: Why\n {2}2\./u);
  });
});

describe("policy rules and policy explain", () => {
  test("the list", () => {
    const { code, out } = at.policy(["rules"]);
    assert.equal(code, 0);
    for (const { id } of LINT_RULES) assert.ok(out.includes(`  ${id} `), id);
    const { rules } = JSON.parse(at.policy(["rules", "--format", "json"]).out) as { rules: { id: string; recommended: string; url: string }[] };
    assert.deepEqual(rules.map(({ id, recommended }) => [id, recommended]), LINT_RULES.map(({ id, recommended }) => [id, recommended]));
  });
  test("the page of every lint rule and diagnostic", () => {
    const { code, out } = at.policy(["explain", "uncited-reference"], { env: { COLUMNS: "80" } });
    assert.equal(code, 0);
    for (const part of ["uncited-reference", "Avoid", "Prefer", "Why", "Configuration", "# lint-ignore uncited-reference: REASON", "lint/uncited-reference.md"]) assert.ok(out.includes(part), part);
    assert.ok(out.split("\n").every((line) => line.length <= 80 || line.startsWith("    ") || line.includes("https://")), out);
    assert.doesNotMatch(out, /```|\*\*|\]\(/u);
    const diagnostic = at.policy(["explain", "unknown-name"]).out;
    assert.ok(diagnostic.includes(DIAGNOSTICS["unknown-name"][1]) && diagnostic.includes("its level is fixed"), diagnostic);
    const none = at.policy(["explain", "uncited"]);
    assert.deepEqual([none.code, none.out], [2, ""]);
    assert.match(none.err, /Did you mean uncited-reference\?/u);
    assert.match(at.policy(["explain", "uncited-reference", "--color"]).out, /\u001b\[1m/u);
  });
});

describe("ready-made CI files", () => {
  interface Hook { readonly id: string; readonly entry: string; readonly language: string; readonly files: string; readonly additional_dependencies: readonly string[] }
  interface Action { readonly inputs: Readonly<Record<string, { readonly default: string }>>; readonly runs: { readonly using: string; readonly steps: readonly { readonly name?: string; readonly run?: string; readonly uses?: string; readonly shell?: string; readonly env?: Readonly<Record<string, string>> }[] } }

  test("the hooks of pre-commit run commands that there are, on the files that they take", () => {
    for (const { entry, language, files, additional_dependencies: more } of parse(readFileSync(join(ROOT, ".pre-commit-hooks.yaml"), "utf8")) as Hook[]) {
      assert.equal(language, "node");
      assert.equal((JSON.parse(readFileSync(join(ROOT, more[0]!, "package.json"), "utf8")) as { bin: object }).bin.hasOwnProperty("policy"), true);
      const pattern = new RegExp(files.replace("(?i)", ""), "iu");
      for (const path of ["a/b.policy", "a.case.yaml", "A.CASE.YML", "a.case.json"]) assert.match(path, pattern);
      assert.doesNotMatch("policy.config.yaml", pattern);
      at.write("a.policy", MENDED);
      const [program, ...args] = entry.split(" ");
      assert.equal(program, "policy");
      assert.equal(at.policy([...args, "a.policy"]).code, 0, entry);
    }
  });
  test("the GitHub action lints with its inputs, and no input becomes code", { skip: process.platform === "win32" }, () => {
    const { inputs, runs } = parse(readFileSync(join(ROOT, "action.yml"), "utf8")) as Action;
    assert.equal(runs.using, "composite");
    for (const step of runs.steps) assert.ok(step.uses !== undefined || (step.shell === "bash" && !step.run!.includes("${{")), step.name);
    const [, build, lint] = runs.steps;
    assert.ok(existsSync(join(ROOT, /node (\S+\.mjs)/u.exec(build!.run!)![1]!)));
    const run = (given: Readonly<Record<string, string>>): { status: number | null; stdout: string; stderr: string } => {
      const env = Object.fromEntries(Object.entries(lint!.env!).map(([name, value]) => [name, value.replace("${{ github.action_path }}", ROOT).replace(/\$\{\{ inputs\.([\w-]+) \}\}/u, (_, input: string) => given[input] ?? inputs[input]!.default)]));
      return spawnSync("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", lint!.run!], { cwd: at.folder, env: { PATH: process.env["PATH"], ...env }, encoding: "utf8" });
    };
    at.write("p q/a.policy", BROKEN);
    at.write("b.policy", LINTED);
    const both = run({ paths: "p q\nb.policy\n", "sarif-file": "out/lint.sarif", "fail-level": "warning" });
    assert.equal(both.status, 1, both.stderr);
    assert.match(both.stdout, /^::error file=p q\/a\.policy,line=11,/mu);
    assert.match(both.stdout, /^::warning file=b\.policy,line=16,.*title=uncited-reference::/mu);
    assert.equal((JSON.parse(at.read("out/lint.sarif")) as { version: string }).version, "2.1.0");
    rmSync(join(at.folder, "p q"), { recursive: true });
    assert.equal(run({}).status, 0);
    assert.equal(run({ paths: "$(touch stolen); `touch stolen`" }).status, 2);
    assert.equal(existsSync(join(at.folder, "stolen")), false);
  });
});
