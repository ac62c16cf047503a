// `policy test` as its users call it: formats, filters, coverage, rewriting of expectations, watching.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { parse as parseYaml } from "yaml";
import { POLICY, workplace, type Workplace } from "./support/cli.js";

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
II. A tattoo is investigational.
   applies to pathway repeat

cases
  case "A child with a tumor"
    on 2025-07-01
    pathway initial
    age = 9 years
    tumor = yes
    expect approve by I.A  # agreed with the panel
    note A child of nine.
  case "An adult"
    on 2025-07-01
    pathway initial
    age = 40 years
    expect refer
    expect I.A not met
  case "Age not known"
    on 2025-07-01
    pathway initial
    tumor = yes
    expect pend missing age
`;
const CASES = `# cases of the panel
policy: good.policy
cases:
  - name: "A girl # 1"
    on: 2025-07-01
    pathway: initial
    facts: { age: 12, tumor: true }
    expect:
      determination: approve   # agreed
      by: I.B
      criteria:
        I.A: met
`;

let place: Workplace;
before(() => {
  place = workplace();
  place.write("good/good.policy", GOOD);
  place.write("good/good.case.yaml", CASES);
  place.write("failing/failing.policy", GOOD.replace("expect approve by I.A", "expect refer").replace("expect I.A not met", "expect I.A met"));
  place.write("none/none.policy", GOOD.replace("expect pend missing age", "note Nothing is expected here."));
  place.write("unsound/unsound.policy", GOOD.replace("age = 40 years", "agee = 40 years"));
  place.write("bad/bad.policy", GOOD.replace("when tumor", "when tumour"));
});
after(() => place.remove());

const policy = (...args: string[]) => place.policy(["test", ...args]);
const many = ["testsuite", "testcase"];
interface Case { readonly name: string; readonly file: string; readonly line: string; readonly failure?: { message: string; "#text": string }; readonly error?: { message: string }; readonly skipped?: object }
interface Suite { readonly name: string; readonly tests: string; readonly failures: string; readonly errors: string; readonly skipped: string; readonly testcase: readonly Case[] }
function junit(xml: string): { readonly testsuites: Record<"tests" | "failures" | "errors" | "skipped", string> & { readonly testsuite: readonly Suite[] } } {
  assert.equal(XMLValidator.validate(xml), true);
  return new XMLParser({ ignoreAttributes: false, attributeNamePrefix: "", isArray: (name) => many.includes(name) }).parse(xml);
}

test("a case file with a name of its own belongs to the policy that its name begins with", () => {
  const own = workplace();
  try {
    const cases = "cases:\n  - name: From a file of its own\n    on: 2025-07-01\n    facts: { age: 40 years }\n    expect: { determination: approve }\n";
    const text = 'policy EX.1 "Example"\n\nfacts\n  age  years\n\ncriteria\nI. It is medically necessary\n   when age >= 18 years\n';
    own.write("x.policy", text);
    own.write("x.more.case.yaml", cases);
    for (const path of ["x.policy", ".", "x.more.case.yaml"]) assert.match(own.policy(["test", path, "--verbose"]).out, /From a file of its own/u, path);
    // Where there is a policy of the whole name, it is that one's.
    own.write("x.more.policy", text);
    assert.doesNotMatch(own.policy(["test", "x.policy", "--verbose"]).out, /From a file of its own/u);
    assert.match(own.policy(["test", "x.more.policy", "--verbose"]).out, /From a file of its own/u);
  } finally {
    own.remove();
  }
});

describe("formats", () => {
  test("junit: suites, failures, errors and what expects nothing", () => {
    const { code, out } = policy("--format", "junit", ".");
    assert.equal(code, 1);
    const { testsuites } = junit(out);
    assert.deepEqual([testsuites.tests, testsuites.failures, testsuites.errors, testsuites.skipped].map(Number), [17, 2, 5, 1]);
    const suite = (name: string): Suite => testsuites.testsuite.find((each) => each.name.includes(name))!;
    for (const each of testsuites.testsuite) {
      assert.equal(each.testcase.length, Number(each.tests));
      assert.equal(each.testcase.filter(({ failure }) => failure !== undefined).length, Number(each.failures));
      assert.equal(each.testcase.filter(({ error }) => error !== undefined).length, Number(each.errors));
      assert.equal(each.testcase.filter(({ skipped }) => skipped !== undefined).length, Number(each.skipped));
    }
    const [first] = suite("failing").testcase;
    assert.equal(first!.failure!.message, "Expected refer, came to approve.");
    assert.match(first!.failure!["#text"], /failing\.policy:18:\d+\n[\s\S]*APPROVE|I\.A/u);
    assert.equal(first!.line, "18");
    assert.deepEqual(suite("good/").testcase.map(({ file }) => file).at(-1), "good/good.case.yaml");
    assert.match(suite("bad").testcase[0]!.error!.message, /tumour/u);
  });

  test("tap: a plan, a line for each case, details as YAML", () => {
    const { code, out } = policy("--format", "tap", "failing", "good", "none", "bad");
    assert.equal(code, 1);
    const lines = out.trimEnd().split("\n");
    assert.equal(lines[0], "TAP version 14");
    const points = lines.filter((line) => /^(?:not )?ok /u.test(line));
    assert.equal(lines[1], `1..${points.length}`);
    points.forEach((line, i) => assert.match(line, new RegExp(`^(?:not )?ok ${i + 1} - `, "u")));
    assert.ok(points.some((line) => line.endsWith("A girl \\# 1")), "a # in a name is no directive");
    assert.ok(points.some((line) => line.endsWith("Age not known # SKIP it expects nothing")));
    const blocks = [...out.matchAll(/^ {2}---\n([\s\S]*?)^ {2}\.\.\.$/gmu)].map((match) => parseYaml(match[1]!) as { message: string; details: string });
    assert.equal(blocks.length, points.filter((line) => line.startsWith("not")).length);
    assert.ok(blocks.some(({ message }) => message === "Expected refer, came to approve."));
    assert.ok(blocks.every(({ details }) => details.length > 20));
  });

  test("--output-file holds the results; the summary is still said", () => {
    const { code, out } = policy("good", "--format", "junit", "--output-file", "reports/r.xml");
    assert.equal(code, 0);
    assert.equal(out.trim(), "✓ 4 passed and 0 failed.");
    assert.equal(junit(place.read("reports/r.xml")).testsuites.tests, "4");
    assert.equal(policy("good", "--output-file", "reports/r.txt").code, 0);
    assert.match(place.read("reports/r.txt"), /good\.policy {2}4 cases[\s\S]*4 passed/u);
  });

  test("a report that cannot be written is said in words", () => {
    const { code, err } = policy("good", "--output-file", "good/good.policy/x.xml");
    assert.equal(code, 2);
    assert.match(err, /cannot write good\/good\.policy\/x\.xml: /u);
  });
});

describe("choosing cases", () => {
  test("--criterion: cases that decide it or expect something of it", () => {
    assert.match(policy("good", "--criterion", "I.A", "--verbose").out, /A child[\s\S]*An adult[\s\S]*A girl[\s\S]*3 passed/u);
    const { out } = policy("good", "--criterion", "I.B", "--verbose");
    assert.match(out, /3 passed/u);
    assert.doesNotMatch(out, /An adult/u);
    assert.match(policy("good", "--criterion", "(I).A", "--case", "adult").out, /1 passed/u);
    assert.match(policy("good", "--criterion", "I.A", "--criterion", "I.B").out, /4 passed/u);
  });

  test("a criterion that is not there", () => {
    const { code, err } = policy("good", "--criterion", "I.AA");
    assert.equal(code, 2);
    assert.match(err, /no policy has a criterion I\.AA[\s\S]*Did you mean “I\.A”/u);
    assert.match(policy("good", "--criterion", "II").err, /no case decides II/u);
  });

  test("--bail stops at the first failure, also in the policies that follow", () => {
    const { code, out } = policy("failing", "good", "--bail");
    assert.equal(code, 1);
    assert.match(out, /0 passed, 1 failed and stopped at the first failure\./u);
    assert.doesNotMatch(out, /good\.policy/u);
    assert.equal(policy("good", "--bail").out, policy("good").out);
  });
});

describe("coverage", () => {
  test("text, counted by hand", () => {
    const { code, out } = policy("good", "--coverage");
    assert.equal(code, 0);
    // I, I.A and I.B are decided and II is not; I: all three ways, I.A: all three, I.B: met and unknown, II: none.
    assert.match(out, /criteria decided +3 of 4 +75\.0 %\n +outcomes seen +8 of 10 +80\.0 %\n +conditions shown to decide +1 of 2 +50\.0 %/u);
    assert.match(out, /Decided by no case\n +II\. A tattoo/u);
    assert.match(out, /I\.B: tumor: no case in which it decides by not being met/u);
  });

  test("a case less, and the figures drop", () => {
    const { out } = policy("good", "--coverage", "--case", "child");
    assert.match(out, /criteria decided +3 of 4[\s\S]*outcomes seen +3 of 10[\s\S]*shown to decide +0 of 2/u);
  });

  test("--coverage does not swallow the path behind it, and takes a format with =", () => {
    assert.equal(policy("--coverage", "good").code, 0);
    const { code, err } = policy("good", "--coverage=pdf");
    assert.equal(code, 2);
    assert.match(err, /text, json, lcov, cobertura, html/u);
  });

  test("--min-coverage counts criteria decided", () => {
    assert.equal(policy("good", "--min-coverage", "75").code, 0);
    const { code, err } = policy("good", "--min-coverage", "75.1");
    assert.equal(code, 1);
    assert.match(err, /3 of 4 criteria are decided \(75\.0 %\); --min-coverage wants 75\.1 %/u);
    assert.equal(policy("good", "--min-coverage", "many").code, 2);
    assert.equal(policy("good", "--min-coverage", "101").code, 2);
  });

  test("every format into a file, with the same figures", () => {
    const read = (format: string): string => {
      assert.equal(policy("good", `--coverage=${format}`, "--coverage-file", `cov/${format}`).code, 0);
      return place.read(`cov/${format}`);
    };
    const figures = (JSON.parse(read("json")) as { total: Record<string, { covered: number; total: number }> }).total;
    assert.deepEqual(figures["criteria"], { covered: 3, total: 4, percent: 75 });
    assert.match(read("text"), /3 of 4/u);
    assert.match(read("lcov"), /FNF:4\nFNH:3\n[\s\S]*BRF:10\nBRH:8\n[\s\S]*MCF:2\nMCH:1\n/u);
    const xml = read("cobertura");
    assert.equal(XMLValidator.validate(xml), true);
    assert.match(xml, /lines-covered="3" lines-valid="4" branches-covered="8" branches-valid="10"/u);
    const html = read("html");
    assert.match(html, /<td class="number">3 of 4<\/td>/u);
    assert.equal(html.match(/✗ decided by no case/gu)?.length, 1);
  });

  test("json of results and coverage is one object; other formats must go to a file", () => {
    const { out } = policy("good", "--format", "json", "--coverage=json");
    const found = JSON.parse(out) as { summary: { passed: number }; coverage: { total: { criteria: { covered: number } } } };
    assert.deepEqual([found.summary.passed, found.coverage.total.criteria.covered], [4, 3]);
    const both = policy("good", "--coverage=lcov");
    assert.equal(both.code, 2);
    assert.match(both.err, /--coverage-file/u);
    assert.equal(policy("good", "--coverage-file", "x").code, 2);
  });

  test("a policy with errors counts for nothing", () => {
    const { code, out } = policy("bad", "good", "--coverage");
    assert.equal(code, 1);
    assert.match(out, /Coverage of good\/good\.policy/u);
    assert.doesNotMatch(out, /Coverage of bad/u);
  });
});

describe("--update", () => {
  const fresh = (name: string, text: string, more: Readonly<Record<string, string>> = {}): void => {
    place.write(`${name}/x.policy`, text);
    for (const [file, content] of Object.entries(more)) place.write(`${name}/${file}`, content);
  };

  test("shows the change and writes nothing where nobody can be asked", () => {
    const text = GOOD.replace("expect approve by I.A", "expect refer by I.A");
    fresh("ask", text);
    const { code, out, err } = policy("ask", "--update");
    assert.equal(code, 1);
    assert.match(out, /-    expect refer by I\.A {2}# agreed with the panel\n\+    expect approve by I\.A {2}# agreed with the panel/u);
    assert.match(err, /Nothing is written/u);
    assert.equal(place.read("ask/x.policy"), text);
  });

  test("asks on a terminal", { skip: spawnSync("script", ["-qec", "true", "/dev/null"]).status !== 0, timeout: 30_000 }, async () => {
    const text = GOOD.replace("expect approve by I.A", "expect refer by I.A");
    fresh("terminal", text);
    for (const [answer, code, after] of [["n\n", 1, text], ["\x03", 1, text], ["y\n", 0, GOOD]] as const) {
      const child = spawn("script", ["-qec", `"${process.execPath}" "${POLICY}" test terminal --update`, "/dev/null"], { cwd: place.folder, env: { ...process.env, NO_COLOR: "1" } });
      let out = "";
      let answered = false;
      child.stdout.on("data", (chunk: Buffer) => {
        out += chunk.toString();
        if (answered || !out.includes("[y/N]")) return;
        answered = true;
        child.stdin.write(answer);
      });
      assert.equal(await new Promise((resolve) => child.on("exit", resolve)), code, out);
      assert.match(out, /Rewrite the expectations of 1 case in 1 file\? \[y\/N\]/u);
      assert.equal(place.read("terminal/x.policy"), after);
    }
  });

  test("--yes rewrites determination, outcome, missing and what decides; everything else stays as it was", () => {
    const text = GOOD.replace("expect approve by I.A", "expect pend").replace("expect I.A not met", "expect   I.A   met")
      .replace("expect pend missing age", "expect refer by II missing tumor");
    fresh("yes", text);
    const { code, out } = policy("yes", "--update", "--yes");
    assert.equal(code, 0, out);
    assert.match(out, /Rewrote the expectations of 3 cases in 1 file/u);
    assert.equal(place.read("yes/x.policy"), GOOD.replace("expect approve by I.A", "expect approve").replace("expect I.A not met", "expect   I.A   not met").replace("pend missing", "pend by I missing"));
    assert.equal(policy("yes").code, 0);
    assert.match(policy("yes", "--update", "--yes").out, /3 passed and 0 failed/u);
  });

  test("what is no longer missing, and what no longer decides, is taken out", () => {
    fresh("out", GOOD.replace("expect approve by I.A", "expect pend missing age, tumor").replace("expect refer\n", "expect approve by I.A\n").replace("pathway initial\n    age = 40 years", "pathway initial\n    age = 40 years"));
    assert.equal(policy("out", "--update", "--yes").code, 0);
    const after = place.read("out/x.policy");
    assert.match(after, /expect approve {2}# agreed with the panel\n/u);
    assert.match(after, /expect refer(?: by I)?\n/u);
    assert.equal(policy("out").code, 0);
  });

  test("a case file in YAML keeps comments, quotation marks and layout", () => {
    fresh("yaml", GOOD, { "x.case.yaml": CASES.replace("good.policy", "x.policy").replace("approve  ", "refer  ").replace("I.A: met", "I.A: not met").replace("by: I.B", "by: II") });
    assert.equal(policy("yaml", "--update", "--yes").code, 0);
    assert.equal(place.read("yaml/x.case.yaml"), CASES.replace("good.policy", "x.policy"));
    assert.equal(place.read("yaml/x.policy"), GOOD);
  });

  test("YAML lists and keys that go", () => {
    const before = `policy: x.policy\ncases:\n  - name: No age\n    on: 2025-07-01\n    pathway: initial\n    facts: { tumor: yes }\n    expect:\n      determination: pend\n      by: I.A\n      missing:\n        - tumor\n  - name: 'All'\n    on: 2025-07-01\n    pathway: initial\n    facts: { tumor: yes, age: 3 }\n    expect: { determination: 'pend', missing: [age] }\n  - { name: Short, on: 2025-07-01, pathway: initial, facts: { age: 30 }, expect: approve }\n  - name: Too early\n    on: 2020-07-01\n    pathway: initial\n    facts: { tumor: yes }\n    expect:\n      determination: pend\n      by: I.A\n      # the panel agreed\n      missing: [age]\n`;
    fresh("lists", GOOD, { "x.case.yaml": before });
    const { code, out, err } = policy("lists", "--update", "--yes");
    assert.equal(code, 0, out + err);
    assert.equal(place.read("lists/x.case.yaml"), before.replace("by: I.A", "by: I").replace("- tumor", "- age").replace("{ determination: 'pend', missing: [age] }", "{ determination: 'approve' }").replace("expect: approve }", "expect: refer }")
      .replace("determination: pend\n      by: I.A\n      # the panel agreed\n      missing: [age]\n", "determination: refer\n      # the panel agreed\n"));
  });

  test("JSON stays JSON", () => {
    const data = { policy: "x.policy", cases: [{ name: "One", on: "2025-07-01", pathway: "initial", facts: { tumor: true }, expect: { determination: "approve", by: "I.A", missing: ["tumor"] } }, { name: "Too early", on: "2020-07-01", pathway: "initial", facts: { tumor: true }, expect: { determination: "pend", by: "I.A", missing: ["tumor"] } }] };
    fresh("json", GOOD, { "x.case.json": JSON.stringify(data, null, 2) });
    assert.equal(policy("json", "--update", "--yes").code, 0);
    const after = JSON.parse(place.read("json/x.case.json")) as typeof data;
    assert.deepEqual(after.cases[0]!.expect, { determination: "pend", by: "I", missing: ["age"] });
    assert.deepEqual(after.cases[1]!.expect, { determination: "refer" });
    assert.deepEqual({ ...after.cases[0], expect: 0 }, { ...data.cases[0], expect: 0 });
  });

  test("a comment that would go keeps its case from being rewritten; others are", () => {
    const before = `policy: x.policy\ncases:\n  - name: Kept\n    on: 2020-07-01\n    pathway: initial\n    facts: { tumor: yes }\n    expect:\n      determination: pend\n      by: I.A  # why\n  - { name: Short, on: 2025-07-01, pathway: initial, facts: { age: 30 }, expect: approve }\n`;
    fresh("comment", GOOD, { "x.case.yaml": before });
    const { code, err } = policy("comment", "--update", "--yes");
    assert.equal(code, 1);
    assert.match(err, /Not rewritten, since it cannot be done without losing something: “Kept”/u);
    assert.equal(place.read("comment/x.case.yaml"), before.replace("expect: approve", "expect: refer"));
  });

  test("Windows line ends and UTF-16 stay", () => {
    const text = `\ufeff${GOOD.replace("expect approve by I.A", "expect refer").replaceAll("\n", "\r\n")}`;
    writeFileSync(join(place.folder, "utf16.policy"), Buffer.from(text, "utf16le"));
    assert.equal(policy("utf16.policy", "--update", "--yes").code, 0);
    assert.equal(place.bytes("utf16.policy").toString("utf16le"), text.replace("expect refer  #", "expect approve  #"));
  });

  test("a file that may not be written; standard input; cases with mistakes", { skip: process.platform === "win32" || process.getuid?.() === 0 }, () => {
    fresh("closed", GOOD.replace("expect approve by I.A", "expect refer"));
    chmodSync(join(place.folder, "closed/x.policy"), 0o444);
    const { code, err } = policy("closed", "--update", "--yes");
    assert.equal(code, 2);
    assert.match(err, /cannot write closed\/x\.policy: permission is denied/u);
  });

  test("options that do not go together", () => {
    assert.match(place.policy(["test", "-", "--update"], { input: GOOD }).err, /standard input cannot be rewritten/u);
    assert.equal(policy("good", "--yes").code, 2);
    assert.equal(policy("good", "--update", "--watch").code, 2);
    assert.equal(policy("good", "--update", "--format", "json").code, 2);
    const { code } = policy("unsound", "--update", "--yes");
    assert.equal(code, 1, "a case with a mistake is still a failure");
  });
});

describe("--watch", () => {
  test("runs again when a file changes, comes or goes wrong, until Ctrl+C", { skip: process.platform === "win32", timeout: 30_000 }, async () => {
    place.write("watched/x.policy", GOOD);
    const child = spawn(process.execPath, [POLICY, "test", "watched", "--watch"], { cwd: place.folder, env: { ...process.env, NO_COLOR: "1" } });
    let out = "";
    let seen = 0;
    child.stdout.on("data", (chunk: Buffer) => { out += chunk.toString(); });
    const ended = new Promise<number | null>((resolve) => child.on("exit", resolve));
    /** The output of the next run, whole. */
    const next = async (): Promise<string> => {
      const END = "Watching for changes. Ctrl+C ends.";
      while (!out.slice(seen).includes(END)) {
        assert.equal(child.exitCode, null, out);
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
      const end = out.indexOf(END, seen) + END.length;
      const run = out.slice(seen, end);
      seen = end;
      return run;
    };
    try {
      assert.match(await next(), /3 passed and 0 failed/u);
      place.write("watched/x.policy", GOOD.replace("expect approve by I.A", "expect refer"));
      assert.match(await next(), /Changed: watched\/x\.policy\n[\s\S]*2 passed and 1 failed/u);
      // Several writes at once are one run.
      for (let i = 0; i < 5; i++) place.write("watched/x.policy", GOOD + "\n".repeat(i));
      assert.match(await next(), /3 passed and 0 failed/u);
      place.write("watched/x.case.yaml", CASES.replace("good.policy", "x.policy"));
      assert.match(await next(), /Changed: watched\/x\.case\.yaml\n[\s\S]*4 passed/u);
      place.write("watched/notes.txt", "nothing");
      await new Promise((resolve) => setTimeout(resolve, 500));
      assert.equal(out.slice(seen).trim(), "", "other files change nothing");
      place.write("watched/new/y.policy", GOOD);
      assert.match(await next(), /7 passed/u);
      place.write("watched/new/y.policy", GOOD.replace("expect refer", "expect approve"));
      assert.match(await next(), /new\/y\.policy\n[\s\S]*6 passed and 1 failed/u);
    } finally {
      child.kill("SIGINT");
    }
    assert.equal(await ended, 0);
  });
});
