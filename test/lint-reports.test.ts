// The report formats of `policy lint`: each against a golden file (UPDATE_GOLDEN=1 writes them anew) and against what reads it.
import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import Draft04 from "ajv-draft-04";
import formats from "ajv-formats";
import { XMLParser, XMLValidator } from "fast-xml-parser";
import type { Log } from "sarif";
import type { Diagnostic } from "../server/src/diagnostic.js";
import { fingerprints } from "../server/src/lint/fingerprint.js";
import { checkstyleReport } from "../server/src/render/reports/checkstyle.js";
import { compactReport } from "../server/src/render/reports/compact.js";
import { githubReport } from "../server/src/render/reports/github.js";
import { gitlabReport } from "../server/src/render/reports/gitlab.js";
import { junitReport } from "../server/src/render/reports/junit.js";
import type { LintReport } from "../server/src/render/reports/model.js";
import { sarifReport } from "../server/src/render/reports/sarif.js";
import { lineIndex } from "../server/src/text.js";
import { LINTED, workplace, type Workplace } from "./support/cli.js";
import { ROOT } from "./support/core-fixtures.js";

const GOLDEN = join(ROOT, "test", "golden");
const ENDINGS: Readonly<Record<string, string>> = { pretty: "txt", compact: "txt", json: "json", github: "txt", sarif: "sarif", junit: "xml", checkstyle: "xml", gitlab: "json" };
const SARIF_SCHEMA = JSON.parse(readFileSync(join(ROOT, "node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json"), "utf8")) as object;
const ajv = new Draft04({ unicodeRegExp: false, strict: false, allErrors: true, validateFormats: true });
formats.default(ajv);
const validSarif = ajv.compile(SARIF_SCHEMA);

/** Checks a log against the schema of OASIS. */
function sarif(text: string): Log {
  const log = JSON.parse(text) as Log;
  assert.ok(validSarif(log), ajv.errorsText(validSarif.errors));
  return log;
}

let at: Workplace;
before(() => {
  at = workplace();
  at.write("policies/heart & lung/a b.policy", LINTED.replace("when age < 18 years", "when agee < 18 years"));
  at.write("policies/clean.policy", LINTED.replace(/ {2}2\. .*\n/u, "").replace("3-9", "3-9."));
  at.write("policies/clean.case.yaml", "cases:\n  - name: One\n    on: 2025-07-01\n    facts: { age: 3 yeers }\n");
});
after(() => at.remove());
const lint = (format: string, env: Readonly<Record<string, string>> = {}): string => {
  const { code, out, err } = at.policy(["lint", "policies", "--rule", "uncited-reference", "--rule", "final-period", "--rule", "case-without-expectation", "--format", format], { env });
  assert.deepEqual([code, err], [1, ""]);
  return out;
};

describe("golden files", () => {
  for (const [format, ending] of Object.entries(ENDINGS)) {
    test(format, () => {
      const path = join(GOLDEN, `lint-${format}.${ending}`);
      // The version and the pages of the lint rules change for reasons of their own.
      const actual = lint(format).replace(/"(semanticVersion|markdown)": "(?:[^"\\]|\\.)*"/gu, '"$1": "…"').replace(/("(?:fullDescription|help)": \{\s+"text": )"(?:[^"\\]|\\.)*"/gu, '$1"…"');
      if (process.env["UPDATE_GOLDEN"] === "1" || !existsSync(path)) writeFileSync(path, actual);
      assert.equal(actual, readFileSync(path, "utf8"));
    });
  }
});

describe("what reads the reports", () => {
  test("SARIF is what the schema of OASIS asks for, with fixes, pages and places in UTF-16", () => {
    const { runs: [run] } = sarif(lint("sarif"));
    assert.equal(run!.columnKind, "utf16CodeUnits");
    for (const rule of run!.tool.driver.rules!) {
      assert.match(rule.helpUri!, /^https:/u);
      assert.ok(rule.help!.text.length > 20 && rule.help!.markdown!.length > 20 && rule.defaultConfiguration!.level !== undefined);
    }
    const period = run!.results!.find(({ ruleId }) => ruleId === "final-period")!;
    assert.equal(run!.tool.driver.rules![period.ruleIndex!]!.id, "final-period");
    assert.equal(period.fixes![0]!.artifactChanges[0]!.replacements[0]!.insertedContent!.text, ".");
    assert.equal(period.locations![0]!.physicalLocation!.artifactLocation!.uri, "policies/heart%20%26%20lung/a%20b.policy");
    const prints = run!.results!.map(({ partialFingerprints }) => partialFingerprints!["primaryLocationLineHash"]);
    assert.equal(new Set(prints).size, prints.length);
    assert.equal(run!.artifacts!.length, 3);
  });
  test("paths count from the top of the repository where the CI says which it is", () => {
    assert.match(lint("github", { GITHUB_WORKSPACE: join(at.folder, "policies") }), /^::error file=clean\.case\.yaml,/mu);
    assert.equal(sarif(lint("sarif", { GITHUB_WORKSPACE: join(at.folder, "policies") })).runs[0]!.artifacts![0]!.location!.uri, "clean.policy");
    assert.match(lint("gitlab", { CI_PROJECT_DIR: join(at.folder, "policies") }), /"path": "clean\.case\.yaml"/u);
  });
  test("GitLab: fingerprints are unique and severities those that it knows", () => {
    const issues = JSON.parse(lint("gitlab")) as { fingerprint: string; severity: string; location: { path: string; lines: { begin: number } } }[];
    assert.equal(new Set(issues.map(({ fingerprint }) => fingerprint)).size, issues.length);
    for (const { severity, location } of issues) assert.ok(["info", "minor", "major", "critical", "blocker"].includes(severity) && location.lines.begin > 0);
  });
  test("XML is well-formed, and numbers of tests and failures are right", () => {
    const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: "", isArray: (name) => ["testsuite", "testcase", "file", "error"].includes(name) });
    for (const format of ["junit", "checkstyle"]) assert.equal(XMLValidator.validate(lint(format)), true);
    const { testsuites } = parser.parse(lint("junit")) as { testsuites: { tests: string; failures: string; testsuite: { tests: string; failures: string; testcase: { failure?: object }[] }[] } };
    assert.deepEqual(testsuites.testsuite.map(({ tests, failures, testcase }) => [Number(tests), Number(failures), testcase.length, testcase.filter(({ failure }) => failure !== undefined).length]), testsuites.testsuite.map(({ tests, failures }) => [Number(tests), Number(failures), Number(tests), Number(failures)]));
    assert.equal(Number(testsuites.tests), testsuites.testsuite.reduce((sum, { tests }) => sum + Number(tests), 0));
  });
  test("nothing found is a report, too", () => {
    const empty = (format: string): string => at.policy(["lint", "policies/clean.policy", "--ignore", "**/*.yaml", "--rule", "uncited-reference", "--format", format]).out;
    assert.deepEqual(sarif(empty("sarif")).runs[0]!.results, []);
    assert.equal(empty("gitlab"), "[]\n");
    assert.equal(empty("github"), "");
    assert.equal(empty("compact"), "");
    for (const format of ["junit", "checkstyle"]) assert.equal(XMLValidator.validate(empty(format)), true);
    assert.match(empty("junit"), /tests="1" failures="0"/u);
  });
});

describe("texts that would break a format", () => {
  const text = "A <b> & \"c\" 'd' ]]> %0A 100 % \u0000\u0001 \ud800 😀, e: f\r\ng\n::error::h\n";
  const nasty = "Says <b> & \"c\" ]]> %25,\r\n::error file=x::y: \u0000 \ud800 \u2028 😀";
  const report = (path: string): LintReport => {
    const found: Diagnostic = { code: "uncited-reference", severity: "warning", start: text.indexOf("😀"), end: text.indexOf("h\n") + 1, message: nasty, help: nasty, related: [{ start: 0, end: 1, message: nasty }], fix: { title: nasty, safe: true, edits: [{ start: 0, end: 1, text: nasty }] } };
    const source = { path, text, lines: lineIndex(text) };
    return { version: "0.0.0", failLevel: "warning", texts: [{ source, path, findings: [{ found, fingerprint: "f" }, { found: { ...found, severity: "hint" }, fingerprint: "g" }] }] };
  };
  const paths = ["a,b:c%\n.policy", "<&\"'>.policy", "/elsewhere/a b.policy", "C:/a b/ä#?.policy"];

  test("workflow commands: one a finding, and no other", () => {
    for (const path of paths) {
      const lines = githubReport(report(path)).split(/[\r\n]+/u).filter((line) => line !== "");
      assert.equal(lines.length, 2, path);
      for (const line of lines) assert.match(line, /^::(?:warning|notice) file=[^,:\r\n]+,line=\d+,endLine=\d+,title=[^,:]+::/u);
    }
  });
  test("XML", () => {
    for (const path of paths) {
      for (const xml of [junitReport(report(path)), checkstyleReport(report(path))]) {
        assert.equal(XMLValidator.validate(xml), true);
        assert.doesNotMatch(xml, /[\u0000-\u0008\ud800-\udfff]/u);
      }
    }
    const back = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: "", htmlEntities: true }).parse(checkstyleReport(report("a"))) as { checkstyle: { file: { error: { message: string }[] } } };
    assert.ok(back.checkstyle.file.error[0]!.message.startsWith("Says <b> & \"c\" ]]> %25,\r\n::error"), back.checkstyle.file.error[0]!.message);
  });
  test("SARIF and GitLab", () => {
    for (const path of paths) {
      const run = sarif(sarifReport(report(path))).runs[0];
      assert.equal(run?.results?.[0]?.relatedLocations?.[0]?.message?.text, nasty);
      assert.equal((JSON.parse(gitlabReport(report(path))) as unknown[]).length, 2);
    }
    assert.deepEqual(paths.slice(2).map((path) => sarif(sarifReport(report(path))).runs[0]?.artifacts![0]!.location!.uri), ["file:///elsewhere/a%20b.policy", "file:///C:/a%20b/%C3%A4%23%3F.policy"]);
  });
  test("compact: one line a finding, no control characters", () => {
    const lines = compactReport(report("a.policy")).split("\n");
    assert.equal(lines.length, 3);
    assert.doesNotMatch(lines.join(""), /[\u0000-\u001f]/u);
  });
});

test("fingerprints stay when lines move and differ where findings do", () => {
  const of = (text: string, marks: readonly string[]): readonly string[] => {
    let from = 0;
    const found = marks.map((mark): Diagnostic => {
      const start = text.indexOf(mark, from);
      from = start + 1;
      return { code: "x", severity: "info", start, end: start + mark.length, message: "" };
    });
    return fingerprints(text, lineIndex(text), found, (key) => key);
  };
  const prints = of("a b\na b\n  c d\n", ["b", "b", "d"]);
  assert.equal(new Set(prints).size, 3);
  assert.deepEqual(of("new\r\n\r\na  b\r\na b\r\n\tc d\r\nmore", ["b", "b", "d"]), prints);
  assert.notEqual(of("a c\n", ["c"])[0], of("b c\n", ["c"])[0]);
});
