// What the tool says of mistakes: the files of samples/bad and inline fixtures, each finding with its exact place and words.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { type Diagnostic, type DiagnosticCode, DIAGNOSTICS } from "../server/src/diagnostic.js";
import { mappingDiagnostics } from "../server/src/fhir/mappings.js";
import { analyze } from "../server/src/semantics/analyze.js";
import { readConfig } from "../server/src/lint/configfile.js";
import { LINT_RULES } from "../server/src/lint/rules/index.js";
import { readCaseFile } from "../server/src/semantics/casefile.js";
import { readCaseFileByVersion } from "../server/src/semantics/caseversions.js";
import { versionFindings, versionOf } from "../server/src/semantics/versions.js";
import { BAD, checkMarked, policyText, samplesIn } from "./support/core-fixtures.js";

const bad = samplesIn(BAD);
const everything: { readonly where: string; readonly found: Diagnostic; readonly text: string }[] = [];
const collect = (where: string, text: string, found: readonly Diagnostic[]): readonly Diagnostic[] => {
  for (const each of found) everything.push({ where, found: each, text });
  return found;
};

describe("samples/bad", () => {
  for (const { name, text, analysis, caseFiles } of bad) {
    test(name, () => checkMarked(text, collect(name, text, analysis.diagnostics), name));
    for (const each of caseFiles) test(each.name, () => checkMarked(each.text, collect(each.name, each.text, each.file.diagnostics), each.name));
  }

  test("a file is named after the mistake it holds", () => {
    for (const { name, analysis, caseFiles } of bad) {
      const code = name.replace(/\.policy$/u, "");
      if (!(code in DIAGNOSTICS)) continue;
      const found = [...analysis.diagnostics, ...caseFiles.flatMap((each) => each.file.diagnostics)];
      assert.ok(found.some((each) => each.code === code), `${name} holds no ${code}`);
    }
  });

  test("every case file has its policy", () => {
    const paired = new Set(bad.flatMap((each) => each.caseFiles.map((file) => file.name)));
    for (const name of readdirSync(BAD)) if (name.includes(".case.")) assert.ok(paired.has(name), name);
  });
});

describe("mistakes that no sample shows", () => {
  test("a file that is too large", () => {
    const text = `policy EX.1 "T"\n${"# x\n".repeat(5_000_000)}`;
    const { diagnostics, policy } = analyze(text, "large.policy");
    assert.deepEqual(diagnostics.map((found) => found.code), ["file-too-large", "missing-header"].slice(0, diagnostics.length));
    assert.equal(diagnostics[0]!.code, "file-too-large");
    assert.equal(policy, undefined);
    collect("large file", "", diagnostics.slice(0, 1));
  });

  test("a case file that is too large, or belongs to no policy", () => {
    const large = readCaseFile(`cases: []\n${"# x\n".repeat(3_000_000)}`, "a.case.yaml", undefined);
    assert.deepEqual(large.diagnostics.map((found) => found.code), ["file-too-large"]);
    const text = "cases:\n  - name: A\n";
    const orphan = readCaseFile(text, "orphan.case.yaml", undefined);
    assert.deepEqual(collect("orphan", text, orphan.diagnostics).map((found) => [found.code, found.start, found.end]), [["policy-not-found", 0, 6]]);
    assert.match(orphan.diagnostics[0]!.help!, /`orphan\.policy`/u);
  });

  test("mistakes in a configuration", () => {
    const text = "profle: strict\nrules:\n  uncited-referense: off\n  final-period: loud\n";
    const { diagnostics } = readConfig(text, LINT_RULES);
    assert.deepEqual(collect("policy.config.yaml", text, diagnostics).map((found) => found.code), ["unknown-config-key", "unknown-lint-rule", "invalid-config"]);
  });

  test("versions whose dates do not fit together", () => {
    const text = (name: string, more: string): string => policyText({ criteria: `I. It is medically necessary when ${name} is given` }).replace("\n", `\n${more}`);
    const dates = { a: "  effective  2024-01-01\n  ends  2024-06-30\n", b: "  effective  2024-08-01\n  ends  2024-12-31\n", c: "  effective  2024-12-01\n", d: "  effective  2024-12-01\n", draft: "" };
    const analyses = Object.entries(dates).map(([name, more]) => analyze(text(name, more), `${name}.policy`));
    const versions = analyses.map((analysis) => versionOf(analysis)!);
    const found = versionFindings(versions);
    const codes = versions.map((version) => collect(version.source, version.text, (found.get(version) ?? []).map((each) => ({ ...each, related: [] }))).map(({ code }) => code).sort().join());
    assert.deepEqual(codes, ["version-gap", "version-gap,version-overlap", "duplicate-version,version-overlap", "duplicate-version", "undated-version"]);
    const cases = "policy: CP.EX.1\ncases:\n  - name: A\n    on: 2025-01-01\n";
    assert.deepEqual(collect("a.case.yaml", cases, readCaseFileByVersion(cases, "a.case.yaml", analyses).diagnostics).map(({ code }) => code).includes("unclear-version"), true);
  });

  test("mistakes in mappings", () => {
    const expressions = [
      "Patient.birthdate", "Pateint.birthDate", "birthDate", "Patient.", "Patient.name family", "Patient.where(active", "Patient.name.frist()", "Patient.nonsense()", "now()", "Patient.name.where()", "%foo", "Patient.repeat(1)",
      "Observation.where(code = '39156-5').value", "Patient.active = 'yes'", "Patient.active", "Observation.value.ofType(Range).low", "Observation.value.ofType(Patient)", "Observation.value.ofType(Quantitty)", "Condition.code.coding.code", "Patient { id: 'x' }",
      "((((((((((((((((((((((((((1))))))))))))))))))))))))))", "x".repeat(2100), "Observation.value.ofType(Quantity).value", "Observation.component", "Claim.item.servicedQuantity",
    ];
    for (const [i, expression] of expressions.entries()) {
      for (const type of ["date", "text", "ICD-10-CM", "kg", "yes/no", "one of a, b"]) {
        const text = policyText({ facts: [`it  ${type}  "It"`, `  from fhir "${expression}"`], criteria: "I. It is medically necessary when the prescriber has seen the patient" });
        collect(`mapping ${i}`, text, mappingDiagnostics(analyze(text, "mapped.policy")));
      }
    }
  });

  test("more findings than are shown", () => {
    const lines = Array.from({ length: 1200 }, (_, i) => `   A${i}. Line\n      when unknown_${i}`).join("\n");
    const text = policyText({ criteria: `I. It is medically necessary when all of the following are met:\n${lines}` });
    const { diagnostics, policy } = analyze(text, "many.policy");
    assert.equal(diagnostics.length, 1001);
    assert.equal(diagnostics[1000]!.code, "too-many-diagnostics");
    assert.equal(diagnostics[1000]!.severity, "info");
    assert.equal(policy, undefined);
    collect("many", text, diagnostics.slice(1000));
  });

  test("an error behind a thousand warnings still keeps the policy from being evaluated", () => {
    const rows = Array.from({ length: 1200 }, () => "  HCPCS  E1390  Concentrator").join("\n");
    const criteria = "I. It is medically necessary when the prescriber has seen the patient";
    assert.ok(analyze(policyText({ criteria, rest: `codes\n${rows}\n` }), "warnings.policy").policy);
    const { policy } = analyze(policyText({ criteria, rest: `codes\n${rows}\n  HCPCS  E1391  Other  for II\n` }), "error.policy");
    assert.equal(policy, undefined);
  });
});

describe("messages", () => {
  test("every code is shown by a sample or fixture", () => {
    const seen = new Set(everything.map(({ found }) => found.code));
    assert.deepEqual((Object.keys(DIAGNOSTICS) as DiagnosticCode[]).filter((code) => !seen.has(code)), []);
  });

  test("every message says what to do, in a sentence of its own", () => {
    for (const { where, found } of everything) {
      assert.match(found.message, /^["`“A-Z0-9].*[.?]$/u, `${where}: ${found.message}`);
      assert.ok(found.help !== undefined, `${where}: no help for "${found.message}"`);
      assert.match(found.help, /^[A-Z`].*[.?]$/u, `${where}: ${found.help}`);
    }
  });

  test("no message speaks to developers", () => {
    const jargon = /\b(?:tokens?|undefined|null|NaN|EOF|parser?|lexer|regex|exception|AST|node|integer|boolean|string|array|object|Infinity|identifier|syntax|orExpression|andExpression|predicate|Newline|Dedent|Chevrotain)\b/iu;
    for (const { where, found } of everything) {
      for (const words of [found.message, found.help ?? "", ...(found.related ?? []).map((place) => place.message)]) {
        // What is quoted are the writer's own words.
        assert.doesNotMatch(words.replace(/`[^`]*`|"[^"]*"/gu, "…"), jargon, `${where}: ${words}`);
      }
    }
  });

  test("every place lies in the text, and every replacement changes something", () => {
    for (const { where, found, text } of everything) {
      if (text === "") continue;
      for (const place of [found, ...(found.related ?? [])]) assert.ok(0 <= place.start && place.start <= place.end && place.end <= text.length, where);
      if (found.replacement !== undefined) assert.notEqual(text.slice(found.start, found.end), found.replacement, where);
    }
  });

  test("taking a replacement mends what it was offered for", () => {
    for (const { where, found, text } of everything) {
      if (found.replacement === undefined || text === "" || /\.(?:case|config)\./u.test(where)) continue;
      const mended = text.slice(0, found.start) + found.replacement + text.slice(found.end);
      const count = (of: string): number => {
        const analysis = analyze(of, where);
        return [...analysis.diagnostics, ...mappingDiagnostics(analysis)].filter((each) => each.code === found.code).length;
      };
      assert.ok(count(mended) < count(text), `${where}: "${found.replacement}" does not mend ${found.code}`);
    }
  });

  test("severities are those of the table", () => {
    for (const { found } of everything) assert.equal(found.severity, DIAGNOSTICS[found.code as DiagnosticCode][0]);
  });
});

describe("one mistake is one finding", () => {
  const GOOD = readFileSync(join(BAD, "..", "imrt.policy"), "utf8");
  const errorsOf = (text: string): readonly string[] => analyze(text, "imrt.policy").diagnostics.filter((found) => found.severity === "error").map((found) => found.code);

  test("a broken condition leaves every other criterion, fact and case as it was", () => {
    const before = analyze(GOOD, "imrt.policy");
    const condition = /\n +when (?!.*,\n)[^\n]+/gu;
    for (const match of [...GOOD.matchAll(condition)].slice(0, 40)) {
      const at = match.index + match[0].indexOf("when ") + 5;
      const line = GOOD.indexOf("\n", at);
      for (const broken of [") and", "zzz >=", "", "age >= and"]) {
        const after = analyze(GOOD.slice(0, at) + broken + GOOD.slice(line), "imrt.policy");
        assert.equal(after.policy, undefined);
        assert.deepEqual([...after.byAddress.keys()], [...before.byAddress.keys()]);
        assert.deepEqual([...after.facts.keys()], [...before.facts.keys()]);
        assert.deepEqual(after.cases.map((each) => each.sound), before.cases.map((each) => each.sound));
        assert.equal(after.references.size, before.references.size);
      }
    }
  });

  test("a mistake in a condition is said once", () => {
    const put = (condition: string): string => GOOD.replace(/when age < 18 years and solid_tumor/u, `when ${condition}`);
    assert.notEqual(put("x"), GOOD);
    assert.deepEqual(errorsOf(put("agee < 18 years and solid_tumor")), ["unknown-name"]);
    assert.deepEqual(errorsOf(put("age < 18 and solid_tumor")), ["missing-unit"]);
    assert.deepEqual(errorsOf(put("age < 18 years and")), ["unexpected-text"]);
    assert.deepEqual(errorsOf(put("(age < 18 years and solid_tumor")), ["unexpected-text"]);
    assert.deepEqual(errorsOf(put("age < 18 years && solid_tumor")), ["unknown-character"]);
    assert.deepEqual(errorsOf(put("age < 18 years solid_tumor")), ["unexpected-text"]);
    assert.deepEqual(errorsOf(put("< 18 years")), ["missing-condition"]);
  });

  test("a fact with a mistake is declared all the same", () => {
    const text = policyText({ facts: ["age  yeras  \"Age\"", "smoker  yes/no  \"Smoker?"], criteria: "I. It is medically necessary when all of the following are met:\n   A. Adults\n      when age >= 18 years and smoker" });
    assert.deepEqual(errorsOf(text), ["unknown-unit", "unclosed-text"]);
  });

  test("a mistake in a case spoils that case only", () => {
    const criteria = "I. It is medically necessary when all of the following are met:\n   A. Adults\n      when age >= 18 years";
    const cases = ["age = 64 years", "age = 64", "agee = 64 years", "age = = 64 years", "age"].map((line, i) => `  case "${i}"\n    on 2025-07-01\n    ${line}\n    expect approve\n`).join("");
    const { policy, cases: read } = analyze(policyText({ facts: ["age  years  \"Age\""], criteria, rest: `cases\n${cases}` }), "cases.policy");
    assert.ok(policy);
    assert.deepEqual(read.map((each) => each.sound), [true, false, false, false, false]);
  });

  test("a definition with a mistake is not reported where it is used", () => {
    const text = policyText({ facts: ["age  years  \"Age\""], define: ["adult  agee >= 18 years"], criteria: "I. It is medically necessary when all of the following are met:\n   A. Adults\n      when adult\n   B. Again\n      when not adult" });
    assert.deepEqual(errorsOf(text), ["unknown-name"]);
  });
});
