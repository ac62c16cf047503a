// The command line as a user meets it: exit codes, what goes to which stream, formats, standard input, globs, mistakes.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { after, before, describe, test } from "node:test";

const ROOT = process.cwd();
const POLICY = join(ROOT, "server", "bin", "policy.js");

interface Run {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

let folder = "";

/** Runs the command line in the test's folder; colour variables of the surroundings do not reach it. */
function policy(args: readonly string[], more: { input?: string | Buffer; env?: Record<string, string>; cwd?: string } = {}): Run {
  const env: Record<string, string | undefined> = { ...process.env, ...more.env };
  for (const name of ["NO_COLOR", "FORCE_COLOR", "COLUMNS", "POLICY_DEBUG"]) if (more.env?.[name] === undefined) delete env[name];
  const { status, stdout, stderr } = spawnSync(process.execPath, [POLICY, ...args], { cwd: more.cwd ?? folder, env, input: more.input ?? "", encoding: "utf8" });
  return { code: status, out: stdout, err: stderr };
}

const GOOD = `policy EX.1 "Example"
  effective 2025-01-01

facts
  age     years   "Age on the date of service"
  tumor   yes/no  "Is there a tumor?"

criteria
I. The service is medically necessary when all of the following are met:
   A. Age < 18 years
      when age < 18 years
   B. There is a tumor
      when tumor

cases
  case "A child with a tumor"
    on 2025-07-01
    age = 9 years
    tumor = yes
    expect approve by I.A
  case "An adult"
    on 2025-07-01
    age = 40 years
    tumor = yes
    expect refer
  case "Age not known"
    on 2025-07-01
    tumor = yes
    expect pend missing age
`;
const BAD = GOOD.replace("policy EX.1", "policy EX.2").replace("when age < 18 years", "when agee < 18 years");
const FAILING = GOOD.replace("expect approve by I.A", "expect refer");
const UNSOUND = GOOD.replace("    age = 40 years\n", "    agee = 40 years\n");
const CASES = `policy: good.policy
cases:
  - name: A child from the case file
    on: 2025-07-01
    facts: { age: 12 years, tumor: true }
    expect: { determination: approve }
`;

function write(path: string, text: string | Buffer): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

before(() => {
  folder = mkdtempSync(join(tmpdir(), "policy-cli-"));
  write("good/good.policy", GOOD);
  write("good/good.case.yaml", CASES);
  write("bad/bad.policy", BAD);
  write("failing/failing.policy", FAILING);
  write("unsound/unsound.policy", UNSOUND);
  write("windows/windows.policy", Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(GOOD.replace(/\n/gu, "\r\n"), "utf16le")]));
  write("empty/readme.md", "Nothing here.");
  write("orphan/orphan.case.yaml", CASES.replace("good.policy", "gone.policy"));
});
after(() => rmSync(folder, { recursive: true, force: true }));

describe("policy lint", () => {
  test("a clean folder, its case files included", () => {
    const { code, out, err } = policy(["lint", "good"]);
    assert.deepEqual([code, err], [0, ""]);
    assert.equal(out, "✓ 2 files checked, nothing found.\n");
  });
  test("an error: place, line, underline, help, exit 1", () => {
    const { code, out, err } = policy(["lint", "bad"]);
    assert.deepEqual([code, err], [1, ""]);
    assert.match(out, /^bad\/bad\.policy:11:12 error unknown-name$/mu);
    assert.match(out, /^ +11 │ +when agee < 18 years$/mu);
    assert.match(out, /│ +\^\^\^\^$/mu);
    assert.match(out, /help:.*`age`/u);
    assert.match(out, /✗ 1 error in 1 file\.\n$/u);
  });
  test("a single policy brings its case files", () => {
    assert.match(policy(["lint", "good/good.policy"]).out, /2 files checked/u);
  });
  test("json", () => {
    const { code, out } = policy(["lint", "good", "bad", "--format", "json"]);
    const result = JSON.parse(out);
    assert.equal(code, 1);
    assert.equal(result.version, 1);
    assert.deepEqual(result.summary, { files: 3, errors: 1, warnings: 0, infos: 0, hints: 0 });
    const [found] = result.diagnostics;
    assert.deepEqual([found.path, found.line, found.column, found.endColumn, found.severity, found.code], ["bad/bad.policy", 11, 12, 16, "error", "unknown-name"]);
  });
  test("standard input", () => {
    const { code, out } = policy(["lint", "-", "--stdin-filename", "new/here.policy"], { input: BAD });
    assert.equal(code, 1);
    assert.match(out, /^new\/here\.policy:11:12/mu);
    assert.equal(policy(["lint", "-"], { input: GOOD }).code, 0);
    assert.equal(policy(["lint", "-", "--stdin-filename", "good/more.case.yaml"], { input: CASES }).code, 0);
  });
  test("globs and --ignore", () => {
    assert.match(policy(["lint", "good/*.policy"]).out, /2 files checked/u);
    assert.match(policy(["lint", "good/*.policy", "--ignore", "**/*.case.yaml"]).out, /1 file checked/u);
    assert.equal(policy(["lint", "{good,bad}/**/*.policy"]).code, 1);
    assert.equal(policy(["lint", ".", "--ignore", "bad", "--ignore", "unsound/**", "--ignore", "**/orphan*"]).code, 0);
    assert.equal(policy(["lint", "good", "bad/bad.policy", "--ignore", "bad/"]).code, 0);
    const none = policy(["lint", "nothing/*.policy"]);
    assert.deepEqual([none.code, none.out], [2, ""]);
    assert.match(none.err, /no policy and no case file matches nothing\/\*\.policy/u);
  });
  test("absolute paths and the current folder", () => {
    assert.match(policy(["lint", resolve(folder, "bad/bad.policy")]).out, /^bad\/bad\.policy:11/u);
    assert.equal(policy(["lint"], { cwd: join(folder, "good") }).code, 0);
    assert.match(policy(["lint", "../bad"], { cwd: join(folder, "good") }).out, /^\.\.\/bad\/bad\.policy:11/u);
  });
  test("--max-warnings and --quiet", () => {
    const warning = GOOD.replace("  effective 2025-01-01", "  line of business  Medicade");
    assert.equal(policy(["lint", "-"], { input: warning }).code, 0);
    assert.equal(policy(["lint", "-", "--max-warnings", "0"], { input: warning }).code, 1);
    const quiet = policy(["lint", "-", "--quiet"], { input: warning });
    assert.equal(quiet.code, 0);
    assert.doesNotMatch(quiet.out, /line of business/u);
  });
  test("UTF-16 with Windows line ends", () => assert.equal(policy(["lint", "windows"]).code, 0));
  test("a case file whose policy is not there", () => {
    const { code, out } = policy(["lint", "orphan"]);
    assert.equal(code, 1);
    assert.match(out, /policy-not-found/u);
  });
  test("a file that is too large", () => {
    const { code, out } = policy(["lint", "-"], { input: Buffer.alloc(16 * 1024 * 1024 + 1, "#") });
    assert.equal(code, 1);
    assert.match(out, /file-too-large/u);
  });
});

describe("policy test", () => {
  test("all pass", () => {
    const { code, out, err } = policy(["test", "good"]);
    assert.deepEqual([code, err], [0, ""]);
    assert.match(out, /✓ good\/good\.policy {2}4 cases/u);
    assert.match(out, /✓ 4 passed and 0 failed\.\n$/u);
  });
  test("a failing case says what differed and explains", () => {
    const { code, out } = policy(["test", "failing"]);
    assert.equal(code, 1);
    assert.match(out, /✗ A child with a tumor {2}failing\/failing\.policy:16:\d+/u);
    assert.match(out, /[Ee]xpected refer/u);
    assert.match(out, /APPROVE/u);
    assert.match(out, /age is 9 years, which is less than 18 years/u);
    assert.match(out, /✗ 2 passed and 1 failed\.\n$/u);
  });
  test("a case with a mistake, and cases of a policy with errors, count as failures and say why", () => {
    const unsound = policy(["test", "unsound"]);
    assert.equal(unsound.code, 1);
    assert.match(unsound.out, /An adult/u);
    assert.match(unsound.out, /not evaluated: the case has/u);
    assert.match(unsound.out, /unknown-fact/u);
    assert.match(unsound.out, /2 passed, 0 failed and 1 not evaluated \(counted as failures\)/u);
    const broken = policy(["test", "bad"]);
    assert.equal(broken.code, 1);
    assert.match(broken.out, /unknown-name/u);
    assert.match(broken.out, /has errors: its 3 cases are not evaluated/u);
  });
  test("--verbose names every case", () => {
    const { out } = policy(["test", "good", "--verbose"]);
    assert.match(out, /✓ A child with a tumor {2}approve/u);
    assert.match(out, /✓ A child from the case file {2}approve/u);
  });
  test("--case picks by name", () => {
    assert.match(policy(["test", "good", "--case", "adult"]).out, /1 passed and 0 failed/u);
    const none = policy(["test", "good", "--case", "An adutl"]);
    assert.equal(none.code, 2);
    assert.match(none.err, /Did you mean “An adult”\?/u);
  });
  test("json", () => {
    const { code, out } = policy(["test", "failing", "good", "--format", "json"]);
    const result = JSON.parse(out);
    assert.equal(code, 1);
    assert.deepEqual(result.summary, { policies: 2, passed: 6, failed: 1, notEvaluated: 0, withoutExpectation: 0, broken: 0 });
    const failed = result.cases.filter((one: { status: string }) => one.status === "failed");
    assert.equal(failed.length, 1);
    assert.equal(failed[0].explanation.determination, "approve");
    assert.equal(failed[0].failures[0].path, "failing/failing.policy");
    assert.ok(failed[0].failures[0].line > 15);
  });
  test("a policy without cases", () => {
    const { code, out } = policy(["test", "-"], { input: GOOD.slice(0, GOOD.indexOf("cases\n")) });
    assert.equal(code, 0);
    assert.match(out, /No cases in 1 policy/u);
  });
});

describe("policy evaluate", () => {
  test("one case", () => {
    const { code, out, err } = policy(["evaluate", "good/good.policy", "--case", "An adult"]);
    assert.deepEqual([code, err], [0, ""]);
    assert.match(out, /^EX\.1 Example\nVersion effective 2025-01-01\nCase “An adult”, date of service 2025-07-01\n\nREFER /u);
    assert.match(out, /✗ A\. Age < 18 years\n +→ age is 40 years/u);
    assert.doesNotMatch(out, /\u001b/u);
  });
  test("all cases, those of case files too", () => {
    const { code, out } = policy(["evaluate", "good/good.policy"]);
    assert.equal(code, 0);
    assert.equal(out.match(/^Case “/gmu)?.length, 4);
    assert.match(policy(["evaluate", "good/good.case.yaml"]).out, /A child from the case file/u);
  });
  test("json and markdown", () => {
    const result = JSON.parse(policy(["evaluate", "good/good.policy", "--format", "json", "--case", "Age not known"]).out);
    assert.equal(result.version, 1);
    assert.deepEqual(result.policy, { path: "good/good.policy", number: "EX.1", title: "Example" });
    assert.equal(result.results[0].explanation.determination, "pend");
    assert.equal(result.results[0].explanation.missing[0].name, "age");
    const markdown = policy(["evaluate", "good/good.policy", "--format", "markdown", "--case", "Age not known"]).out;
    assert.match(markdown, /^## Pend: /u);
    assert.match(markdown, /\| age \| Age on the date of service \|/u);
  });
  test("an unknown case", () => {
    const { code, out, err } = policy(["evaluate", "good/good.policy", "--case", "A chlid with a tumor"]);
    assert.deepEqual([code, out], [2, ""]);
    assert.match(err, /has no case “A chlid with a tumor”\n +Did you mean “A child with a tumor”\?/u);
  });
  test("a policy with errors is not evaluated and says why", () => {
    const { code, out, err } = policy(["evaluate", "bad/bad.policy"]);
    assert.deepEqual([code, out], [1, ""]);
    assert.match(err, /unknown-name/u);
    assert.match(err, /3 cases not evaluated: its policy has 1 error/u);
    const result = JSON.parse(policy(["evaluate", "bad/bad.policy", "--format", "json"]).out);
    assert.equal(result.results[0].status, "not evaluated");
    assert.equal(result.diagnostics[0].code, "unknown-name");
  });
  test("standard input", () => assert.match(policy(["evaluate", "-", "--case", "An adult"], { input: GOOD }).out, /REFER/u));
});

describe("policy parse", () => {
  test("the tree, also of a broken text", () => {
    const { code, out } = policy(["parse", "good/good.policy"]);
    assert.equal(code, 0);
    assert.equal(JSON.parse(out).document.kind, "document");
    const broken = policy(["parse", "-", "--ast"], { input: GOOD.replace("when tumor", "when tumor and") });
    assert.equal(broken.code, 1);
    assert.ok(JSON.parse(broken.out).diagnostics.length > 0);
  });
  test("the tokens", () => {
    const { tokens } = JSON.parse(policy(["parse", "good/good.policy", "--tokens"]).out);
    assert.equal(tokens[0].image, "policy");
    assert.equal(policy(["parse", "good/good.policy", "--tokens", "--ast"]).code, 2);
  });
});

describe("policy language-server", () => {
  test("answers over standard input and output", { timeout: 20_000 }, async () => {
    const server = spawn(process.execPath, [POLICY, "language-server", "--stdio"], { cwd: folder, stdio: "pipe" });
    const send = (body: object): void => {
      const text = JSON.stringify({ jsonrpc: "2.0", ...body });
      server.stdin.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
    };
    let out = "";
    const answered = (id: number): Promise<void> =>
      new Promise((done) => {
        const look = (): void => {
          if (!out.includes(`"id":${id}`)) return;
          server.stdout.off("data", look);
          done();
        };
        server.stdout.on("data", look);
        look();
      });
    server.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
    send({ id: 1, method: "initialize", params: { processId: null, rootUri: null, capabilities: {} } });
    await answered(1);
    send({ id: 2, method: "shutdown" });
    await answered(2);
    send({ method: "exit" });
    const code = await new Promise((done) => server.once("exit", done));
    assert.match(out, /^Content-Length: \d+[\s\S]*"capabilities"/u);
    assert.equal(code, 0);
  });
});

describe("mistakes and surroundings", () => {
  test("unknown command, option and value", () => {
    const command = policy(["lnt"]);
    assert.deepEqual([command.code, command.out], [2, ""]);
    assert.match(command.err, /^policy: unknown command `lnt`\n +Did you mean lint\?/u);
    assert.match(policy(["lint", "--fromat", "json"]).err, /unknown option `--fromat`\n +Did you mean --format\?/u);
    assert.match(policy(["lint", "--format", "yaml"]).err, /Allowed choices are pretty, compact, json, /u);
    assert.match(policy(["good/good.policy"]).err, /write `policy lint good\/good\.policy`/u);
    for (const args of [["lint", "--fromat"], ["evaluate"], ["lint", "--max-warnings", "x"], []]) assert.equal(policy(args).code, 2, args.join(" "));
  });
  test("missing files, folders without policies, files of another kind", () => {
    const missing = policy(["lint", "good", "gone.policy"]);
    assert.equal(missing.code, 2);
    assert.match(missing.err, /cannot read gone\.policy: there is no such file or folder/u);
    assert.match(missing.out, /2 files checked/u);
    assert.match(policy(["lint", "empty"]).err, /there is no policy and no case file in empty/u);
    assert.match(policy(["lint", "empty/readme.md"]).err, /neither a policy nor a case file/u);
    assert.equal(policy(["evaluate", "gone.policy"]).code, 2);
  });
  test("version and help", () => {
    assert.match(policy(["--version"]).out, /^\d+\.\d+\.\d+\n$/u);
    const help = policy(["--help"]);
    assert.equal(help.code, 0);
    assert.match(help.out, /Exit codes:/u);
    assert.match(policy(["help", "lint"]).out, /PATHS are files, folders/u);
    assert.equal(policy(["evaluate", "--help"]).code, 0);
  });
  test("colour only where it is wanted", () => {
    const colour = /\u001b\[/u;
    assert.doesNotMatch(policy(["lint", "bad"]).out, colour);
    assert.match(policy(["lint", "bad"], { env: { FORCE_COLOR: "1" } }).out, colour);
    assert.match(policy(["lint", "bad", "--color"]).out, colour);
    assert.doesNotMatch(policy(["lint", "bad", "--no-color"], { env: { FORCE_COLOR: "1" } }).out, colour);
    assert.doesNotMatch(policy(["lint", "bad"], { env: { FORCE_COLOR: "1", NO_COLOR: "1" } }).out, colour);
    assert.doesNotMatch(policy(["lint", "bad", "--format", "json", "--color"]).out, colour);
  });
  test("a reader that goes away is no error", { skip: process.platform === "win32" }, () => {
    const { status, stderr } = spawnSync("sh", ["-c", `"${process.execPath}" "${POLICY}" parse "${join(ROOT, "samples", "imrt.policy")}" | head -c 10 > /dev/null`], { cwd: folder, encoding: "utf8" });
    assert.deepEqual([status, stderr], [0, ""]);
  });
});
