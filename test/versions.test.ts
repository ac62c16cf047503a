// Versions of one policy: periods, the one in force on a day, findings about their dates; on the command line, from git, and in the editor.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import fc from "fast-check";
import type { Diagnostic as LspDiagnostic } from "vscode-languageserver-protocol/node";
import type { EvaluateResult, StatusResult } from "../server/src/lsp/protocol.js";
import { analyze } from "../server/src/semantics/analyze.js";
import { policyNumberFor } from "../server/src/semantics/casefile.js";
import { inForce, inForceWords, policyNumberIn, type Version, versionFindings, versionName, versionOf } from "../server/src/semantics/versions.js";
import { dateText, readDate } from "../server/src/syntax/dates.js";
import { type Workplace, workplace } from "./support/cli.js";
import { startClient, type TestClient } from "./support/client.js";

interface Header {
  readonly effective?: string;
  readonly ends?: string;
  readonly plan?: string;
  readonly lines?: string;
  readonly jurisdiction?: string;
  readonly number?: string;
  /** The age from which the treatment is approved. */
  readonly age?: number;
  readonly more?: string;
}

/** A version of EX.1, which approves from an age on. */
function version({ effective, ends, plan, lines, jurisdiction, number = "EX.1", age = 18, more = "" }: Header): string {
  const field = (name: string, value: string | undefined): string => (value === undefined ? "" : `  ${name}  ${value}\n`);
  return `policy ${number} "Example treatment"
${field("plan", plan)}${field("line of business", lines)}${field("jurisdiction", jurisdiction)}${field("effective", effective)}${field("ends", ends)}
facts
  age  years  "Age on the date of service"

criteria
I. The treatment is medically necessary for members of ${age} years or more
   when age >= ${age} years
${more}`;
}
const day = (text: string): number => readDate(text, 0).day!;
const made = (name: string, header: Header): Version => versionOf(analyze(version(header), name))!;

/** Who decides on a day, by name: `a`, `a+b` where nothing tells, `-` where none does, with what stands around it. */
function decides(versions: Readonly<Record<string, Header>>, on: string, lineOfBusiness?: string): string {
  const found = inForce(Object.entries(versions).map(([name, header]) => made(name, header)), day(on), lineOfBusiness);
  if (found.kind === "one") return [found.version.source, ...found.claims.map(({ source }) => `!${source}`)].join(" ");
  if (found.kind === "none") return `${found.before?.source ?? ""}-${found.after?.source ?? ""}`;
  return found.versions.map(({ source }) => source).join(found.kind === "unread" ? "?" : "+");
}

/** Findings as `name code`, in order. */
function findings(versions: Readonly<Record<string, Header>>): readonly string[] {
  const all = Object.entries(versions).map(([name, header]) => made(name, header));
  const found = versionFindings(all);
  return all.flatMap((each) => (found.get(each) ?? []).map(({ code }) => `${each.source} ${code}`));
}

describe("the version in force", () => {
  const open = { a: { effective: "2024-01-01" }, b: { effective: "2025-01-01", age: 21 } };

  test("a later version ends an earlier one that says no end", () => {
    for (const [on, expected] of [["2023-12-31", "-a"], ["2024-01-01", "a"], ["2024-12-31", "a"], ["2025-01-01", "b"], ["2099-01-01", "b"]] as const) assert.equal(decides(open, on), expected, on);
    assert.deepEqual(findings(open), []);
  });

  test("the order of the files does not matter", () => {
    const turned = { b: open.b, a: open.a };
    for (const on of ["2023-12-31", "2024-06-01", "2025-01-01"]) assert.equal(decides(turned, on), decides(open, on), on);
  });

  test("both days count, and a month begins on its first day and ends on its last", () => {
    const months = { a: { effective: "2024-02", ends: "2024-02" }, b: { effective: "2024-03" } };
    for (const [on, expected] of [["2024-01-31", "-a"], ["2024-02-01", "a"], ["2024-02-29", "a"], ["2024-03-01", "b"]] as const) assert.equal(decides(months, on), expected, on);
    assert.deepEqual(findings(months), []);
  });

  test("what has ended does not come back, nor does what it replaced", () => {
    const gap = { a: { effective: "2023-01-01" }, b: { effective: "2024-01-01", ends: "2024-06-30", age: 21 }, c: { effective: "2024-09-01", age: 30 } };
    for (const [on, expected] of [["2024-06-30", "b"], ["2024-07-01", "b-c"], ["2024-08-31", "b-c"], ["2024-09-01", "c"]] as const) assert.equal(decides(gap, on), expected, on);
    assert.deepEqual(findings(gap), ["b version-gap", "c version-gap"]);
    assert.equal(inForceWords(inForce(Object.entries(gap).map(([name, header]) => made(name, header)), day("2024-07-01")), day("2024-07-01"), versionName), "No version is in force on 2024-07-01: b ended on 2024-06-30, and c begins on 2024-09-01.");
  });

  test("a gap of no day is none, one of one day is", () => {
    assert.deepEqual(findings({ a: { effective: "2024-01-01", ends: "2024-06-30" }, b: { effective: "2024-07-01" } }), []);
    assert.deepEqual(findings({ a: { effective: "2024-01-01", ends: "2024-06-29" }, b: { effective: "2024-07-01" } }), ["a version-gap", "b version-gap"]);
  });

  test("a stated end behind the next beginning is an overlap: the newer one decides and the other is named", () => {
    const overlap = { a: { effective: "2024-01-01", ends: "2024-12-31" }, b: { effective: "2024-12-01", age: 21 } };
    for (const [on, expected] of [["2024-11-30", "a"], ["2024-12-01", "b !a"], ["2024-12-31", "b !a"], ["2025-01-01", "b"]] as const) assert.equal(decides(overlap, on), expected, on);
    assert.deepEqual(findings(overlap), ["a version-overlap", "b version-overlap"]);
  });

  test("two that begin on one day leave it open, copies of one file do not", () => {
    const twins = { a: { effective: "2024-01-01" }, b: { effective: "2024-01", age: 21 } };
    assert.equal(decides(twins, "2024-05-01"), "a+b");
    assert.deepEqual(findings(twins), ["a duplicate-version", "b duplicate-version"]);
    const copies = { a: { effective: "2024-01-01" }, b: { effective: "2024-01-01" } };
    assert.equal(decides(copies, "2024-05-01"), "a");
    assert.deepEqual(findings(copies), []);
  });

  test("a version without an effective date is a draft beside one with it, and stands alone without", () => {
    const draft = { a: { effective: "2024-01-01" }, b: { age: 21 } };
    assert.equal(decides(draft, "2030-01-01"), "a");
    assert.deepEqual(findings(draft), ["b undated-version"]);
    assert.equal(decides({ a: {} }, "1999-01-01"), "a");
    assert.equal(decides({ a: { ends: "1998-12-31" } }, "1999-01-01"), "a-");
    // Without a single date there are no versions to speak of, and nothing tells which one is meant.
    assert.equal(decides({ a: {}, b: { age: 21 } }, "1999-01-01"), "a+b");
    assert.deepEqual(findings({ a: {}, b: { age: 21 } }), []);
  });

  test("other numbers, plans, jurisdictions and lines of business are other policies", () => {
    for (const [one, other] of [[{ number: "EX.1" }, { number: "EX.2" }], [{ plan: "Plan A" }, { plan: "Plan B" }], [{ jurisdiction: "Louisiana" }, { jurisdiction: "Texas" }], [{ lines: "Medicaid, CHIP" }, { lines: "Medicare" }]] as const) {
      assert.deepEqual(findings({ a: { effective: "2024-01-01", ...one }, b: { effective: "2024-01-01", age: 21, ...other } }), [], JSON.stringify(other));
    }
    for (const [one, other] of [[{ plan: "Plan  A" }, { plan: "plan a" }], [{ plan: "Plan A" }, {}], [{ lines: "Medicaid, CHIP" }, { lines: "CHIP" }], [{ lines: "Medicaid" }, {}]] as const) {
      assert.deepEqual(findings({ a: { effective: "2024-01-01", ...one }, b: { effective: "2024-01-01", age: 21, ...other } }), ["a duplicate-version", "b duplicate-version"], JSON.stringify(other));
    }
  });

  test("the line of business of a request tells policies for different people apart", () => {
    const apart = { a: { effective: "2024-01-01", lines: "Medicaid" }, b: { effective: "2024-03-01", lines: "Medicare", age: 21 } };
    assert.equal(decides(apart, "2024-05-01", "Medicaid"), "a");
    assert.equal(decides(apart, "2024-05-01", "Medicare"), "b");
    assert.equal(decides(apart, "2024-05-01"), "a+b");
    assert.equal(decides(apart, "2024-02-01"), "a");
    // One that has ended is no reason to take the other for people it may not be for.
    assert.equal(decides({ ...apart, a: { ...apart.a, ends: "2024-04-30" } }, "2024-05-01"), "a+b");
    assert.equal(decides({ ...apart, a: { ...apart.a, ends: "2024-04-30" } }, "2024-05-01", "Medicaid"), "a-");
  });

  test("a header that cannot be read leaves all of them open", () => {
    const unread = { a: { effective: "2024-01-01" }, b: { effective: "2024-13-01", age: 21 } };
    assert.equal(decides(unread, "2024-05-01"), "b");
    assert.equal(inForce(Object.entries(unread).map(([name, header]) => made(name, header)), day("2024-05-01")).kind, "unread");
    assert.deepEqual(findings(unread), []);
  });

  test("a finding names the other file and its place there", () => {
    const [a, b] = [made("dir/a.policy", { effective: "2024-01-01", ends: "2024-06-30" }), made("dir/b.policy", { effective: "2024-08-01", age: 21 })];
    const found = versionFindings([a, b]);
    const [first] = found.get(a)!;
    assert.equal(a.text.slice(first!.start, first!.end), "2024-06-30");
    assert.equal(first!.message, "No version of EX.1 is in force from 2024-07-01 to 2024-07-31: this one ends before `b.policy` begins.");
    const [place] = first!.related!;
    assert.equal(place!.file!.uri, "dir/b.policy");
    assert.equal(b.text.slice(place!.start, place!.end), "2024-08-01");
    const [second] = found.get(b)!;
    assert.equal(b.text.slice(second!.start, second!.end), "2024-08-01");
    assert.equal(second!.related![0]!.file!.uri, "dir/a.policy");
  });

  test("numbers are read from the head of a text, and case files name files or numbers", () => {
    assert.equal(policyNumberIn("\uFEFF# A comment\n\npolicy LA.CP.MP.69 \"T\"\n"), "LA.CP.MP.69");
    assert.equal(policyNumberIn("facts\n"), undefined);
    for (const [text, number] of [["policy: LA.CP.MP.69\ncases: []", "LA.CP.MP.69"], ['{ "policy": "EX.1",\n "cases": [] }', undefined], ['{\n  "policy": "EX.1",\n "cases": [] }', "EX.1"], ["policy: a.policy\n", undefined], ["policy: ../x/EX.1\n", undefined], ["cases: []", undefined]] as const) assert.equal(policyNumberFor(text), number, text);
  });

  const date = fc.integer({ min: day("2024-01-01"), max: day("2024-03-31") });
  const header = fc.record({ effective: fc.option(date, { nil: undefined, freq: 8 }), length: fc.option(fc.integer({ min: 0, max: 40 }), { nil: undefined }), age: fc.integer({ min: 1, max: 3 }) });

  test("on each day exactly one version is in force, or it is said why not", () => {
    fc.assert(fc.property(fc.array(header, { minLength: 1, maxLength: 6 }), (headers) => {
      const all = headers.map(({ effective, length, age }, i) => made(`v${i}`, { age, ...(effective === undefined ? {} : { effective: dateText(effective), ...(length === undefined ? {} : { ends: dateText(effective + length) }) }) }));
      const found = versionFindings(all);
      const has = (each: Version, code: string): boolean => (found.get(each) ?? []).some((one) => one.code === code);
      const dated = all.filter((each) => each.effective !== undefined);
      if (dated.length === 0) return;
      for (const each of all) assert.equal(has(each, "undated-version"), each.effective === undefined, "a draft says so");
      const first = Math.min(...dated.map(({ from }) => from));
      for (let at = first - 1; at <= day("2024-05-31"); at++) {
        const on = inForce(all, at);
        const begun = dated.filter(({ from }) => from <= at);
        const newest = Math.max(...begun.map(({ from }) => from));
        const latest = begun.filter(({ from }) => from === newest);
        if (on.kind === "one") {
          assert.equal(on.version.from, newest, "the newest decides");
          assert.ok(on.version.until >= at);
          // Whoever else claims the day by its own words is named, and the overlap or the double is reported.
          const claiming = begun.filter((each) => each !== on.version && each.text !== on.version.text && each.ends !== undefined && each.until >= at);
          assert.deepEqual(new Set(on.claims.map(({ text }) => text)), new Set(claiming.map(({ text }) => text)));
          for (const each of claiming) assert.ok(has(each, "version-overlap") || has(each, "duplicate-version"), "an overlap is reported");
        } else if (on.kind === "several") {
          for (const each of on.versions) assert.ok(has(each, "duplicate-version"), "two of one day are reported");
        } else {
          const later = dated.filter(({ from }) => from > at);
          if (begun.length > 0 && later.length > 0) assert.ok(latest.some((each) => has(each, "version-gap")), "a gap between versions is reported");
        }
      }
      // Nothing is reported that is not so.
      for (const each of dated) {
        const next = Math.min(...dated.filter(({ from }) => from > each.from).map(({ from }) => from));
        if (has(each, "duplicate-version")) assert.ok(dated.some((other) => other !== each && other.from === each.from && other.text !== each.text));
        if ((found.get(each) ?? []).some(({ code, start }) => code === "version-overlap" && start === each.places.ends.start)) assert.ok(each.until >= next);
        if ((found.get(each) ?? []).some(({ code, start }) => code === "version-gap" && start === each.places.ends.start)) assert.ok(each.until + 1 < next);
      }
    }), { seed: 20_261_123, numRuns: 300 });
  });
});

// ── The command line ──────────────────────────────────────────────────────────────────────────────────────────────────
const caseOf = (name: string, on: string, more = "", expect = "approve"): string => `  case "${name}"\n    on ${on}\n    age = 19 years\n${more}    expect ${expect}\n`;
const V1 = version({ effective: "2024-01-01", more: `\ncases\n${caseOf("Early", "2024-02-01")}${caseOf("Late", "2025-02-01")}` });
const V2 = version({ effective: "2025-01-01", age: 21, more: `\ncases\n${caseOf("New", "2025-03-01", "    smoker = yes\n", "refer")}${caseOf("Back", "2024-03-01", "    smoker = yes\n", "refer")}` }).replace("facts\n", "facts\n  smoker  yes/no  \"Does the patient smoke?\"\n");
const NUMBERED = `policy: EX.1
cases:
  - name: By number, early
    on: 2024-05-01
    facts: { age: 19 years }
    expect: approve
  - name: By number, late
    on: 2025-05-01
    facts: { age: 19 years, smoker: no }
    expect: refer
`;

interface Told {
  readonly versions?: readonly { readonly source: string; readonly effective?: string }[];
  readonly results: readonly { readonly name: string; readonly status: string; readonly reason?: string; readonly explanation?: { readonly determination: string; readonly on: string; readonly remarks: readonly string[]; readonly policy: { readonly effective?: string; readonly source?: string; readonly asOf?: string } } }[];
}

describe("versions on the command line", () => {
  let place: Workplace;
  before(() => {
    place = workplace();
    place.write("p/v1.policy", V1);
    place.write("p/v2.policy", V2);
  });
  after(() => place.remove());
  const evaluated = (...args: readonly string[]): Told => JSON.parse(place.policy(["evaluate", ...args, "--format", "json"]).out) as Told;
  const brief = ({ results }: Told): readonly string[] => results.map(({ name, explanation, status }) => `${name}: ${explanation === undefined ? status : `${explanation.determination} ${explanation.policy.source ?? "?"}`}`);

  test("each case of a folder is decided by the version in force on its date of service", () => {
    const told = evaluated("p");
    assert.deepEqual(brief(told), ["Early: approve p/v1.policy", "Late: refer p/v2.policy", "New: refer p/v2.policy", "Back: not evaluated"]);
    assert.deepEqual(told.versions?.map(({ source, effective }) => `${source} ${effective}`), ["p/v1.policy 2024-01-01", "p/v2.policy 2025-01-01"]);
    // `smoker` is a fact of the newer version only.
    assert.match(told.results[3]!.reason!, /1 mistake under the version that decides it, p\/v1\.policy; it has none under p\/v2\.policy, its own/u);
    assert.deepEqual(brief(evaluated("p/v2.policy", "p/v1.policy", "--case", "Late")), ["Late: refer p/v2.policy"]);
    assert.deepEqual(brief(evaluated("p/*.policy", "--case", "Late")), ["Late: refer p/v2.policy"]);
    const { code, out } = place.policy(["evaluate", "p", "--case", "Late"]);
    assert.equal(code, 0);
    assert.match(out, /^Version effective 2025-01-01 \(p\/v2\.policy\)$/mu);
    assert.match(place.policy(["evaluate", "p", "--case", "Late", "--format", "markdown"]).out, /Version effective 2025-01-01 \(p\/v2\.policy\)/u);
  });

  test("a single file decides alone, and says which version would", () => {
    const { out, err, code } = place.policy(["evaluate", "p/v1.policy", "--case", "Late"]);
    assert.equal(code, 0);
    assert.match(out, /^Version effective 2024-01-01$/mu);
    assert.match(out, /^APPROVE/mu);
    assert.match(err, /case “Late”, 2025-02-01, p\/v2\.policy is the version in force/u);
    assert.equal(place.policy(["evaluate", "p/v1.policy", "--case", "Early"]).err, "");
  });

  test("--as-of picks the version, and all else stays as of the date of service", () => {
    const told = evaluated("p", "--as-of", "2024-07-01", "--case", "Late");
    assert.deepEqual(brief(told), ["Late: approve p/v1.policy"]);
    assert.equal(told.results[0]!.explanation!.on, "2025-02-01");
    assert.equal(told.results[0]!.explanation!.policy.asOf, "2024-07-01");
    // A version of later is not held against the date of service either.
    assert.deepEqual(brief(evaluated("p", "--as-of", "2025-07-01", "--case", "Early")), ["Early: refer p/v2.policy"]);
    const { out } = place.policy(["evaluate", "p", "--as-of", "2025-07-01", "--case", "Early"]);
    assert.match(out, /Version in force on 2025-07-01, as asked for: effective 2025-01-01 \(p\/v2\.policy\)\. Ages, windows and\s+codes/u);
    assert.match(out, /age is 19 years, which is not at least 21 years/u);
    const none = evaluated("p", "--as-of", "2020-01-01", "--case", "Early");
    assert.equal(none.results[0]!.explanation, undefined);
    assert.match(none.results[0]!.reason!, /No version is in force on 2020-01-01: p\/v1\.policy begins on 2024-01-01/u);
    assert.equal(place.policy(["evaluate", "p", "--as-of", "2024"]).code, 2);
    assert.equal(place.policy(["evaluate", "p/v1.policy", "--as-of", "2024-01-01", "--cases", "x.ndjson"]).code, 2);
  });

  test("--missing and --why-not look at the version that decided", () => {
    const { out, code } = place.policy(["evaluate", "p", "--case", "Late", "--why-not"]);
    assert.equal(code, 0);
    assert.match(out, /21 years/u);
    assert.doesNotMatch(out, /18 years/u);
  });

  test("in a gap a case is referred, on a day of two it is not decided", () => {
    place.write("gap/a.policy", version({ effective: "2024-01-01", ends: "2024-06-30", more: `\ncases\n${caseOf("In between", "2024-07-15")}` }));
    place.write("gap/b.policy", version({ effective: "2024-08-01", age: 21 }));
    const gap = evaluated("gap");
    assert.equal(gap.results[0]!.explanation!.determination, "refer");
    assert.match(gap.results[0]!.explanation!.remarks.join(), /No version is in force on 2024-07-15: gap\/a\.policy ended on 2024-06-30, and gap\/b\.policy begins on 2024-08-01/u);
    place.write("gap/c.policy", version({ effective: "2024-01-01", ends: "2024-07-31", age: 25 }));
    place.write("gap/d.policy", version({ effective: "2024-01-01", ends: "2024-07-31", age: 26 }));
    const { code, err } = place.policy(["evaluate", "gap"]);
    assert.equal(code, 1);
    assert.match(err, /effective from the same day, and nothing tells which of them decides on 2024-07-15/u);
  });

  test("a header with errors keeps cases of its number from being decided", () => {
    place.write("broken/a.policy", V1);
    place.write("broken/b.policy", version({ effective: "2025-02-30", age: 21 }));
    const { code, err, out } = place.policy(["evaluate", "broken", "--case", "Early"]);
    assert.equal(code, 1);
    assert.equal(out.trim(), "");
    assert.match(err, /invalid-date/u);
    assert.match(err, /the header of broken\/b\.policy has errors/u);
  });

  test("what cannot be read beside the others is told, and the others are decided", () => {
    place.write("o/v1.policy", V1);
    place.write("o/other.policy", version({ number: "EX.5", effective: "2024-01-01", age: 90, more: `\ncases\n${caseOf("Of another", "2025-02-01", "", "refer")}` }));
    place.write("o/orphan.case.yaml", NUMBERED.replace("policy: EX.1\n", ""));
    place.write("o/headless.policy", "facts\n  age  years\n");
    const { code, out, err } = place.policy(["evaluate", "o", "--format", "json"]);
    assert.equal(code, 1, err);
    assert.deepEqual(brief(JSON.parse(out) as Told), ["Of another: refer o/other.policy", "Early: approve o/v1.policy", "Late: approve o/v1.policy"]);
    assert.deepEqual((JSON.parse(out) as { diagnostics: { code: string; path: string }[] }).diagnostics.map((found) => `${found.path} ${found.code}`), ["o/headless.policy missing-header", "o/orphan.case.yaml policy-not-found"]);
    assert.equal(place.policy(["evaluate", "no such folder"]).code, 2);
    assert.match(place.policy(["evaluate", "p", "--case", "Nobody"]).err, /p has no case “Nobody”/u);
  });

  test("a case file by number is tested under the version of each date", () => {
    place.write("n/v1.policy", V1.replace(/\ncases\n[^]*$/u, "\n"));
    place.write("n/v2.policy", V2.replace(/\ncases\n[^]*$/u, "\n"));
    place.write("n/all.case.yaml", NUMBERED);
    for (const paths of [["n"], ["n/all.case.yaml"], ["n/v1.policy", "n/v2.policy"]]) {
      const { out, code } = place.policy(["test", ...paths, "--verbose"]);
      assert.equal(code, 0, out);
      assert.match(out, /n\/v1\.policy[^]*By number, early[^]*n\/v2\.policy[^]*By number, late/u);
      assert.equal(out.match(/✓ By number|By number, (?:early|late)/gu)!.length, 2, "each case once");
    }
    assert.deepEqual(brief(evaluated("n/all.case.yaml")), ["By number, early: approve n/v1.policy", "By number, late: refer n/v2.policy"]);
    // One version alone runs its cases only.
    assert.match(place.policy(["test", "n/v2.policy", "--verbose"]).out, /By number, late/u);
    assert.doesNotMatch(place.policy(["test", "n/v2.policy", "--verbose"]).out, /By number, early/u);
    const lint = JSON.parse(place.policy(["lint", "n", "--format", "json", "--category", "suppressions"]).out) as { summary: { files: number; errors: number } };
    assert.equal(lint.summary.files, 3);
    assert.equal(lint.summary.errors, 0);
  });

  test("--update rewrites the cases of all versions in one file, and --renumber leaves labels that it names", () => {
    place.write("u/v1.policy", V1.replace(/\ncases\n[^]*$/u, "\n"));
    place.write("u/v2.policy", V2.replace(/\ncases\n[^]*$/u, "\n"));
    const turned = NUMBERED.replace("expect: refer", "expect: EARLY").replace("expect: approve", "expect: refer").replace("expect: EARLY", "expect: approve");
    place.write("u/all.case.yaml", turned);
    assert.equal(place.policy(["test", "u"]).code, 1);
    const { code, err } = place.policy(["test", "u", "--update", "--yes"]);
    assert.equal(code, 0, err);
    assert.equal(place.read("u/all.case.yaml"), NUMBERED);
    const attested = "criteria\nII. Care is medically necessary when all of the following are met:\n   B. It is documented\n   C. It is planned\n";
    for (const name of ["r/v1.policy", "r/v2.policy"]) place.write(name, V1.replace(/\ncases\n[^]*$/u, "\n").replace(/criteria\n[^]*$/u, attested).replace("2024-01-01", name.includes("v1") ? "2024-01-01" : "2025-01-01"));
    const cases = "policy: EX.1\ncases:\n  - name: A\n    on: 2024-05-01\n    criteria: { II.B: met }\n    expect: pend\n";
    place.write("r/all.case.yaml", cases);
    assert.match(place.policy(["format", "r", "--renumber"]).err, /the labels stay as they are, because r\/all\.case\.yaml names criteria of several versions/u);
    assert.equal(place.read("r/all.case.yaml"), cases);
    assert.match(place.read("r/v1.policy"), /^II\. Care/mu);
  });

  test("what is wrong with a case by number is found under its version, once", () => {
    place.write("m/v1.policy", V1.replace(/\ncases\n[^]*$/u, "\n"));
    place.write("m/v2.policy", V2.replace(/\ncases\n[^]*$/u, "\n"));
    place.write("m/all.case.yaml", NUMBERED.replace("age: 19 years }", "age: 19 years, smoker: no }"));
    const { out, code } = place.policy(["lint", "m", "--format", "compact", "--quiet"]);
    assert.equal(code, 1);
    assert.equal(out.match(/unknown-fact/gu)?.length, 1, out);
    place.write("m/v3.policy", version({ effective: "2025-01-01", age: 30 }));
    assert.match(place.policy(["lint", "m", "--format", "compact", "--quiet"]).out, /all\.case\.yaml:7:11:.*unclear-version|unclear-version/u);
    place.write("m/all.case.yaml", NUMBERED.replace("EX.1", "EX.99"));
    assert.match(place.policy(["lint", "m"]).out, /Put a policy with the number EX\.99 into the folder/u);
  });

  test("lint tells of overlaps, gaps, doubles and drafts in both files", () => {
    place.write("l/a.policy", version({ effective: "2024-01-01", ends: "2024-12-31" }));
    place.write("l/b.policy", version({ effective: "2024-12-01", age: 21 }));
    place.write("l/sub/draft.policy", version({ age: 30 }));
    place.write("l/other.policy", version({ number: "EX.2", effective: "2024-12-01" }));
    const json = JSON.parse(place.policy(["lint", "l", "--format", "json"]).out) as { diagnostics: { path: string; line: number; code: string; related?: { path: string; line: number }[] }[] };
    const about = json.diagnostics.filter(({ code }) => code.includes("version"));
    assert.deepEqual(about.map(({ path, line, code }) => `${path}:${line} ${code}`), ["l/a.policy:3 version-overlap", "l/b.policy:2 version-overlap", "l/sub/draft.policy:1 undated-version"]);
    assert.deepEqual(about[0]!.related?.map(({ path, line }) => `${path}:${line}`), ["l/b.policy:2"]);
    assert.match(place.policy(["lint", "l"]).out, /see: l\/b\.policy:2:14 The newer version begins here/u);
    assert.match(place.policy(["lint", "l", "--format", "sarif"]).out, /"uri": "l\/b\.policy"/u);
    // Each alone has nothing to say of the other.
    assert.doesNotMatch(place.policy(["lint", "l/a.policy"]).out, /version-/u);
  });

  test("lint takes settings and suppressions, and does not call those unneeded where it sees one file", () => {
    const suppressed = version({ effective: "2024-01-01", ends: "2024-06-30" }).replace("  ends", "  # lint-ignore version-gap: the service was not covered in July\n  ends");
    place.write("s/a.policy", suppressed);
    place.write("s/b.policy", version({ effective: "2024-08-01", age: 21 }));
    const gaps = (...args: readonly string[]): readonly string[] => [...place.policy(["lint", ...args, "--format", "compact"]).out.matchAll(/^(\S+?):.*(version-gap|unused-suppression)/gmu)].map((match) => `${match[1]} ${match[2]}`);
    assert.deepEqual(gaps("s"), ["s/b.policy version-gap"]);
    assert.deepEqual(gaps("s/a.policy"), []);
    place.write("s/b.policy", version({ effective: "2024-07-01", age: 21 }));
    assert.deepEqual(gaps("s"), ["s/a.policy unused-suppression"]);
    place.write("s/b.policy", version({ effective: "2024-08-01", age: 21 }));
    place.write("s/policy.config.yaml", "rules:\n  version-gap: off\n");
    assert.deepEqual(gaps("s"), []);
    place.write("s/policy.config.yaml", "ignore: [b.policy]\n");
    assert.deepEqual(gaps("s"), []);
  });

  test("revisions in git are versions, by their effective dates", () => {
    const repository = workplace();
    try {
      rmSync(join(repository.folder, ".git"), { recursive: true });
      repository.git("init", "-q");
      const commit = (name: string, text: string): void => {
        repository.write(name, text);
        repository.git("add", "-A");
        repository.git("commit", "-q", "-m", "x");
      };
      const cases = `\ncases\n${caseOf("First", "2024-02-01")}${caseOf("Second", "2025-02-01")}${caseOf("Third", "2026-02-01")}`;
      commit("old name.policy", version({ effective: "2024-01-01", age: 99 }));
      // A later wording of the same version counts.
      commit("old name.policy", version({ effective: "2024-01-01", age: 18 }));
      repository.git("mv", "old name.policy", "now.policy");
      repository.git("commit", "-q", "-m", "x");
      commit("now.policy", version({ effective: "2025-01-01", age: 21 }));
      commit("now.policy", version({ age: 50 }));
      repository.write("now.policy", version({ effective: "2026-01-01", age: 19, more: cases }));
      const told = (...args: readonly string[]): Told => JSON.parse(repository.policy(["evaluate", ...args, "--format", "json"]).out) as Told;
      const { results, versions } = told("now.policy", "--revisions");
      assert.deepEqual(versions?.map(({ source, effective }) => `${source.replace(/^[\da-f]+:/u, "REV:")} ${effective}`), ["now.policy 2026-01-01", "REV:now.policy 2025-01-01", "REV:now.policy 2024-01-01"]);
      assert.deepEqual(results.map(({ name, explanation }) => `${name} ${explanation?.determination} ${explanation?.policy.effective}`), ["First approve 2024-01-01", "Second refer 2025-01-01", "Third approve 2026-01-01"]);
      const named = told("HEAD~1:now.policy", "now.policy", "--case", "Second");
      assert.equal(named.results[0]!.explanation!.policy.source, "HEAD~1:now.policy");
      assert.equal(repository.policy(["evaluate", "now.policy", "nothing.policy", "--revisions"]).code, 2);
      assert.equal(repository.policy(["evaluate", "HEAD~9:now.policy", "now.policy"]).code, 2);
    } finally {
      repository.remove();
    }
  });
});

// ── The editor ────────────────────────────────────────────────────────────────────────────────────────────────────────
describe("versions in the editor", () => {
  let folder: string;
  let client: TestClient;
  const uriOf = (name: string): string => pathToFileURL(join(folder, name)).toString();
  const A = version({ effective: "2024-01-01", ends: "2024-06-30" });
  const B = version({ effective: "2024-08-01", age: 21 });
  const about = (found: readonly LspDiagnostic[]): readonly string[] => found.filter(({ code }) => String(code).includes("version")).map(({ code, range }) => `${String(code)} ${range.start.line}`);
  /** Asks until the answer is as expected: findings of other files come when they have been read. */
  const until = async (uri: string, expected: readonly string[]): Promise<readonly LspDiagnostic[]> => {
    for (let i = 0; ; i++) {
      const found = await client.pull(uri);
      if (JSON.stringify(about(found)) === JSON.stringify(expected) || i === 60) {
        assert.deepEqual(about(found), expected);
        return found;
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "policy-versions-"));
    writeFileSync(join(folder, "a.policy"), A);
    writeFileSync(join(folder, "b.policy"), B);
    writeFileSync(join(folder, "v1.policy"), V1.replaceAll("EX.1", "EX.9").replace(/\ncases\n[^]*$/u, "\n"));
    writeFileSync(join(folder, "v2.policy"), V2.replaceAll("EX.1", "EX.9").replace(/\ncases\n[^]*$/u, "\n"));
    writeFileSync(join(folder, "all.case.yaml"), NUMBERED.replace("EX.1", "EX.9"));
    client = await startClient({ folder, can: { workspace: { didChangeWatchedFiles: { dynamicRegistration: true } } } });
  });
  after(async () => {
    await client.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test("a gap is marked in both files, also against a file that is not open, and goes with an edit", async () => {
    client.open(uriOf("a.policy"), A);
    const [found] = await until(uriOf("a.policy"), ["version-gap 2"]).then((all) => all.filter(({ code }) => code === "version-gap"));
    assert.equal(found!.severity, 2);
    assert.deepEqual(found!.relatedInformation?.map(({ location }) => `${location.uri.slice(location.uri.lastIndexOf("/") + 1)}:${location.range.start.line}`), ["b.policy:1"]);
    client.open(uriOf("b.policy"), B);
    await until(uriOf("b.policy"), ["version-gap 1"]);
    const told = client.refreshed();
    client.change(uriOf("a.policy"), 2, A.replace("2024-06-30", "2024-07-31"));
    await told;
    await until(uriOf("a.policy"), []);
    await until(uriOf("b.policy"), []);
    // And an overlap comes with another.
    client.change(uriOf("a.policy"), 3, A.replace("2024-06-30", "2024-08-01"));
    await until(uriOf("b.policy"), ["version-overlap 1"]);
    await until(uriOf("a.policy"), ["version-overlap 2"]);
    // The older side of a comparison, and a text that is in no file, are no versions.
    client.open(`git:${new URL(uriOf("b.policy")).pathname}?HEAD`, version({ effective: "2024-08-01", age: 77 }));
    client.open("untitled:Untitled-1", version({ effective: "2024-08-01", age: 78 }));
    await client.pull("untitled:Untitled-1");
    await new Promise((resolve) => setTimeout(resolve, 400));
    assert.deepEqual(about(await client.pull(uriOf("b.policy"))), ["version-overlap 1"]);
    assert.deepEqual(about(await client.pull("untitled:Untitled-1")), []);
    // While the writer types elsewhere, it stays.
    client.change(uriOf("a.policy"), 4, `${A.replace("2024-06-30", "2024-08-01")}\n`);
    assert.deepEqual(about(await client.pull(uriOf("a.policy"))), ["version-overlap 2"]);
  });

  test("the status bar says that a later version has taken the place of one without an end", async () => {
    const status = async (name: string, text: string): Promise<string | undefined> => {
      client.open(uriOf(name), text);
      await client.pull(uriOf(name));
      for (let i = 0; ; i++) {
        const { inForce: now } = await client.connection.sendRequest<StatusResult>("policy/status", { uri: uriOf(name) });
        if (now === (name === "v1.policy" ? "no longer" : "today") || i === 30) return now;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    };
    assert.equal(await status("v1.policy", V1.replaceAll("EX.1", "EX.9").replace(/\ncases\n[^]*$/u, "\n")), "no longer");
    assert.equal(await status("v2.policy", V2.replaceAll("EX.1", "EX.9").replace(/\ncases\n[^]*$/u, "\n")), "today");
  });

  test("a version that comes on disk counts", async () => {
    writeFileSync(join(folder, "c.policy"), version({ effective: "2024-08-01", age: 40 }));
    void client.connection.sendNotification("workspace/didChangeWatchedFiles", { changes: [{ uri: uriOf("c.policy"), type: 1 }] });
    await until(uriOf("b.policy"), ["duplicate-version 1", "version-overlap 1"]);
  });

  test("a case file by number is read and run by the version of each date", async () => {
    const uri = uriOf("all.case.yaml");
    const text = NUMBERED.replace("EX.1", "EX.9");
    client.open(uri, text, "yaml");
    assert.deepEqual(await client.pull(uri), []);
    const { cases } = await client.connection.sendRequest<EvaluateResult>("policy/evaluate", { uri });
    assert.deepEqual(cases.map(({ name, determination, status }) => `${name}: ${determination} ${status}`), ["By number, early: approve passed", "By number, late: refer passed"]);
    const one = await client.connection.sendRequest<EvaluateResult>("policy/evaluate", { uri, at: { line: 6, character: 4 } });
    assert.equal(one.policyUri, uriOf("v2.policy"));
    // The fact is one of the later version only.
    client.change(uri, 2, text.replace("age: 19 years }", "age: 19 years, smoker: no }"));
    assert.deepEqual((await client.pull(uri)).map(({ code, range }) => `${String(code)} ${range.start.line}`), ["unknown-fact 4"]);
  });
});
