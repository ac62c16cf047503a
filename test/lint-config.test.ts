// The configuration of the linter: what of it holds, what is wrong with it, its schema, and which one holds for a file.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { Ajv } from "ajv";
import { parse } from "yaml";
import { DIAGNOSTICS } from "../server/src/diagnostic.js";
import { NO_CONFIG } from "../server/src/lint/config.js";
import { readConfig } from "../server/src/lint/configfile.js";
import type { LintRule } from "../server/src/lint/model.js";
import { lintRule } from "../server/src/lint/rule.js";
import { LINT_RULES } from "../server/src/lint/rules/index.js";
import { configSchema } from "../server/src/lint/schema.js";
import { LINTED, UNCITED, workplace, type Workplace } from "./support/cli.js";
import { ROOT } from "./support/core-fixtures.js";

/** Lint rules with options of every type, so that no real one has to have them. */
const RULES: readonly LintRule[] = [
  lintRule({
    id: "sample-limit", category: "logic", summary: "Finds nothing here.", why: "", recommended: "warning", strict: "error",
    options: {
      most: { default: 3, description: "The most there may be.", minimum: 1 },
      strictly: { default: false, description: "Whether it is strict." },
      style: { default: "short", description: "How it is written.", choices: ["short", "long"] },
      known: { default: ["MRI"], description: "What is known." },
      title: { default: "", description: "Any words." },
    },
    examples: [{ avoid: "", finds: [], prefer: "" }], check: () => undefined,
  }),
  lintRule({ id: "sample-plain", category: "logic", summary: "Finds nothing here.", why: "", recommended: "off", strict: "info", examples: [{ avoid: "", finds: [], prefer: "" }], check: () => undefined }),
];

const found = (text: string): readonly string[] => readConfig(text, RULES).diagnostics.map((each) => `${each.code} “${text.slice(each.start, each.end)}” ${each.help ?? ""}`);
const sound = (text: string): ReturnType<typeof readConfig>["config"] => {
  const { config, diagnostics } = readConfig(text, RULES);
  assert.deepEqual(diagnostics, []);
  return config;
};

describe("what a configuration says", () => {
  test("everything it may say", () => {
    assert.deepEqual(sound(`
# A comment
profile: strict
rules:
  sample-limit: { level: error, most: 5, strictly: true, style: long, known: [CT, MRI], title: Words }
  sample-plain: off
  duplicate-code: error
words: [orthosis, "3D"]
ignore: [drafts, "archive/**"]
overrides:
  - files: ["old/*.policy"]
    profile: recommended
    rules:
      sample-limit:
        most: 9
  - files: new
    words: [neurolysis]
`), {
      profile: "strict",
      rules: { "sample-limit": { level: "error", options: { most: 5, strictly: true, style: "long", known: ["CT", "MRI"], title: "Words" } }, "sample-plain": { level: "off" }, "duplicate-code": { level: "error" } },
      words: ["orthosis", "3D"],
      ignore: ["drafts", "archive/**"],
      overrides: [
        { files: ["old/*.policy"], profile: "recommended", rules: { "sample-limit": { options: { most: 9 } } }, words: [] },
        { files: ["new"], rules: {}, words: ["neurolysis"] },
      ],
    });
  });
  test("nothing", () => {
    for (const text of ["", "# Nothing yet\n", "---\n", "null\n", "{}\n"]) assert.deepEqual(sound(text), NO_CONFIG, text);
  });
});

describe("mistakes in a configuration", () => {
  test("keys that mean nothing", () => {
    assert.deepEqual(found("profil: strict\n"), ["unknown-config-key “profil” Did you mean `profile`?"]);
    assert.deepEqual(found("overrides:\n  - files: [a]\n    ignore: [b]\n"), ["unknown-config-key “ignore” Keys are `files`, `profile`, `rules` and `words`."]);
    assert.deepEqual(found("<<: { profile: strict }\n"), ["unknown-config-key “<<” Keys are `profile`, `rules`, `words`, `ignore` and `overrides`."]);
  });
  test("lint rules that do not exist, and errors of the language", () => {
    assert.deepEqual(found("rules:\n  sample-limt: off\n"), ["unknown-lint-rule “sample-limt” Did you mean `sample-limit`?"]);
    assert.deepEqual(found("rules:\n  toString: off\n"), ["unknown-lint-rule “toString” `policy rules` lists them."]);
    assert.deepEqual(found("rules:\n  unknown-name: warning\n"), ["invalid-config “unknown-name” Take the line out."]);
  });
  test("levels and profiles", () => {
    assert.deepEqual(found("rules:\n  sample-plain: wraning\n"), ["invalid-config “wraning” Did you mean `warning`?"]);
    assert.deepEqual(found("rules:\n  sample-plain: { level: 2 }\n"), ["invalid-config “2” Write `off`, `info`, `warning` or `error`."]);
    assert.deepEqual(found("profile: all\n"), ["invalid-config “all” Write `recommended` or `strict`."]);
    assert.deepEqual(found("profile:\n"), ["invalid-config “profile” Write it behind the colon, or take the line out."]);
    assert.deepEqual(found("rules:\n  sample-plain: [off]\n"), ["invalid-config “[off]” Write one value behind the colon."]);
  });
  test("options", () => {
    const option = (text: string): readonly string[] => found(`rules:\n  sample-limit: { ${text} }\n`);
    assert.deepEqual(option("mosst: 3"), ["unknown-config-key “mosst” Did you mean `most`?"]);
    assert.deepEqual(option("most: 0"), ["invalid-config “0” Write 1 or more; where nothing is said it is 3."]);
    assert.deepEqual(option("most: many"), ["invalid-config “many” Write a number; where nothing is said it is 3."]);
    assert.deepEqual(option("most: .inf"), ["invalid-config “.inf” Write a number; where nothing is said it is 3."]);
    assert.deepEqual(option("strictly: yes"), ["invalid-config “yes” Write `true` or `false`; where nothing is said it is false."]);
    assert.deepEqual(option("style: shrot"), ["invalid-config “shrot” Did you mean `short`?"]);
    assert.deepEqual(option("known: [CT, { a: b }]"), ["invalid-config “{ a: b }” Write one text behind each hyphen."]);
    assert.deepEqual(found("rules:\n  sample-plain: { most: 3 }\n"), ["unknown-config-key “most” `sample-plain` has no options, only `level`."]);
    assert.deepEqual(found("rules:\n  duplicate-code: { most: 3 }\n"), ["unknown-config-key “most” `duplicate-code` has no options, only `level`."]);
  });
  test("globs that lead elsewhere", () => {
    for (const glob of ["/etc", "../other/**", "!keep", "C:\\\\policies", "x".repeat(600)]) assert.deepEqual(found(`ignore: ["${glob}"]\n`).map((each) => each.split(" ")[0]), ["invalid-config"], glob);
    assert.deepEqual(found("overrides:\n  - rules: {}\n"), ["invalid-config “rules: {}” Write `files:` with a list of globs, such as `drafts/**`."]);
  });
  test("what is sound beside a mistake still holds", () => {
    const { config } = readConfig("profile: strict\nwrods: [a]\nrules:\n  sample-limit: { most: 0, strictly: true }\n  sample-plain: off\n  no-such: off\n", RULES);
    assert.deepEqual(config, { ...NO_CONFIG, profile: "strict", rules: { "sample-limit": { options: { strictly: true } }, "sample-plain": { level: "off" } } });
    const twice = readConfig("profile: strict\nprofile: recommended\n", RULES);
    assert.deepEqual([twice.config.profile, twice.diagnostics.map(({ code, start }) => [code, start])], ["strict", [["invalid-config", 16]]]);
  });
  test("texts that are no configuration", () => {
    for (const text of ["- a\n- b\n", "profile strict\n", "a: [\n", "a: b\n---\nc: d\n", "\ta: b\n", "[".repeat(20_000), `words: [${"a,".repeat(600_000)}]`, "x: &a [1]\nwords: *a\n", "words: [*b]\n", "!!js/function x: 1\n", "? [a, b]\n: c\n", "\u0000"]) {
      const { diagnostics } = readConfig(text, RULES);
      assert.ok(diagnostics.length > 0 && diagnostics.every((each) => each.severity === "error"), text.slice(0, 20));
      for (const each of diagnostics) assert.ok(each.start <= each.end && each.end <= text.length, text.slice(0, 20));
    }
  });
  test("any piece of a configuration is borne", () => {
    const text = "profile: strict\nrules:\n  sample-limit: { level: error, most: 5, known: [CT] }\noverrides:\n  - files: [a]\n    words: [b]\n";
    for (let cut = 0; cut < text.length; cut++) {
      readConfig(text.slice(0, cut), RULES);
      readConfig(text.slice(0, cut) + text.slice(cut + 3), RULES);
    }
  });
});

describe("the schema", () => {
  const ajv = new Ajv({ allErrors: true, strict: false });
  const valid = ajv.compile(configSchema(RULES));
  test("takes what the reader takes, and nothing else", () => {
    for (const [text, good] of [
      ["profile: strict", true], ["profile: all", false], ["rules: { sample-plain: off }", true], ["rules: { sample-plain: of }", false], ["rules: { sample-plain: { level: error } }", true],
      ["rules: { sample-limit: { most: 2, known: [a], style: long } }", true], ["rules: { sample-limit: { most: 0 } }", false], ["rules: { sample-limit: { mots: 2 } }", false], ["rules: { sample-plain: { most: 2 } }", false],
      ["rules: { unknown-name: off }", false], ["rules: { duplicate-code: error }", true], ["rules: { no-such: off }", false], ["words: [a]", true], ["words: [[a]]", false],
      ["ignore: drafts", true], ["ignore: [../x]", false], ["overrides: [{ files: [a], profile: strict }]", true], ["overrides: [{ profile: strict }]", false], ["overrides: [{ files: [a], ignore: [b] }]", false], ["nothing: 1", false],
    ] as const) {
      assert.equal(valid(parse(text)), good, `${text}: ${ajv.errorsText(valid.errors)}`);
      assert.equal(readConfig(`${text}\n`, RULES).diagnostics.length === 0, good, text);
    }
  });
  test("knows all lint rules and every warning of the language", () => {
    const { definitions } = configSchema(LINT_RULES) as { definitions: { rules: { properties: object } } };
    const warnings = Object.entries(DIAGNOSTICS).filter(([, [severity]]) => severity !== "error").map(([code]) => code);
    assert.deepEqual(Object.keys(definitions.rules.properties), [...LINT_RULES.map((rule) => rule.id), ...warnings]);
  });
  test("the file is what the lint rules say", () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ["scripts/generate-lint-schema.mjs", "--print"], { cwd: ROOT, encoding: "utf8" });
    assert.equal(status, 0, stderr);
    assert.equal(readFileSync(join(ROOT, "server/schemas/policy-config.schema.json"), "utf8"), stdout, "run `npm run generate`");
  });
});

describe("which configuration holds for a file", () => {
  let at: Workplace;
  before(() => {
    at = workplace();
    at.write("plan/policies/a.policy", LINTED);
    at.write("plan/policies/deep/b.policy", LINTED);
    at.write("plan/other/c.policy", LINTED);
  });
  after(() => at.remove());
  const clean = (): void => {
    for (const path of ["policy.config.yaml", "plan/policy.config.yaml", "plan/policies/policy.config.yml", "plan/policies/deep/policy.config.yaml", "ci.yaml"]) rmSync(join(at.folder, path), { force: true });
    rmSync(join(at.folder, "plan/.git"), { recursive: true, force: true });
  };
  /** The files in which the uncited reference is found. */
  const finds = (...args: readonly string[]): readonly string[] => {
    const { out, err } = at.policy(["lint", ".", ...UNCITED, "--format", "json", ...args]);
    assert.equal(err, "");
    return (JSON.parse(out) as { diagnostics: { path: string; code: string; severity: string }[] }).diagnostics.filter(({ code }) => code === "uncited-reference").map(({ path, severity }) => `${path}${severity === "warning" ? "" : ` ${severity}`}`);
  };
  const [A, B, C] = ["plan/policies/a.policy", "plan/policies/deep/b.policy", "plan/other/c.policy"];

  // `--rule` shows a lint rule even where it is off, so levels are told apart by severity.
  test("the nearest, from the folder upward", () => {
    clean();
    assert.deepEqual(finds(), [C, A, B]);
    at.write("plan/policy.config.yaml", "rules: { uncited-reference: error }\n");
    assert.deepEqual(finds(), [`${C} error`, `${A} error`, `${B} error`]);
    at.write("plan/policies/policy.config.yml", "rules: { uncited-reference: info }\n");
    assert.deepEqual(finds(), [`${C} error`, `${A} info`, `${B} info`]);
    at.write("plan/policies/deep/policy.config.yaml", "rules: { uncited-reference: error }\n");
    assert.deepEqual(finds(), [`${C} error`, `${A} info`, `${B} error`]);
  });
  test("not above the top of a repository", () => {
    clean();
    at.write("policy.config.yaml", "rules: { uncited-reference: error }\n");
    assert.deepEqual(finds(), [`${C} error`, `${A} error`, `${B} error`]);
    mkdirSync(join(at.folder, "plan/.git"));
    assert.deepEqual(finds(), [C, A, B]);
  });
  test("overrides and ignored files, by paths from the configuration", () => {
    clean();
    at.write("plan/policy.config.yaml", "overrides:\n  - files: [policies]\n    rules: { uncited-reference: info }\n  - files: ['**/deep/*.policy']\n    rules: { uncited-reference: error }\n");
    assert.deepEqual(finds(), [C, `${A} info`, `${B} error`]);
    at.write("plan/policy.config.yaml", "ignore: [deep/, other/c.policy]\n");
    assert.deepEqual(finds(), [A]);
    const { code, out } = at.policy(["lint", "plan/other/c.policy"]);
    assert.deepEqual([code, out], [0, "✓ 0 files checked, nothing found.\n"]);
  });
  test("off, and everything again with --rule", () => {
    clean();
    at.write("policy.config.yaml", "rules: { uncited-reference: off }\n");
    const { out } = at.policy(["lint", A!, "--format", "json"]);
    assert.doesNotMatch(out, /"code":"uncited-reference"/u);
    assert.equal(finds().length, 3);
  });
  test("--config, --no-config and --profile", () => {
    clean();
    at.write("policy.config.yaml", "rules: { uncited-reference: error }\n");
    at.write("ci.yaml", "overrides: [{ files: [plan/other/**], rules: { uncited-reference: info } }]\n");
    assert.deepEqual(finds("--no-config"), [C, A, B]);
    assert.deepEqual(finds("--config", "ci.yaml"), [`${C} info`, A, B]);
    const gone = at.policy(["lint", "--config", "gone.yaml"]);
    assert.deepEqual([gone.code, gone.err], [2, "policy: cannot read gone.yaml: there is no such file\n"]);
    const strict = (...args: readonly string[]): unknown => (parse(at.policy(["lint", "--print-config", A!, ...args]).out) as { rules: Record<string, unknown> }).rules["no-limiting-statement"];
    assert.deepEqual([strict(), strict("--profile", "strict")], ["off", LINT_RULES.find(({ id }) => id === "no-limiting-statement")?.strict]);
    assert.equal(at.policy(["lint", "--profile", "harsh"]).code, 2);
  });
  test("mistakes in it are findings of its file and fail the run; the rest of it holds", () => {
    clean();
    at.write("plan/policy.config.yaml", "rules:\n  uncited-reference: info\n  uncited-referense: error\n");
    const { code, out } = at.policy(["lint", "plan", ...UNCITED]);
    assert.equal(code, 1);
    assert.match(out, /^plan\/policy\.config\.yaml:3:3 error unknown-lint-rule$/mu);
    assert.match(out, /Did you mean `uncited-reference`\?/u);
    assert.match(out, /✗ 1 error and 3 infos in 4 files\./u);
  });
  test("levels of the language's own warnings, in policies and in case files", () => {
    clean();
    const warned = LINTED.replace("  next review 2099-01-01\n", "  line of business  Medicade\n");
    const level = (): string | undefined => /a\.policy:3:\d+ (\w+) unknown-line-of-business/u.exec(at.policy(["lint", "-", "--stdin-filename", A!, "--rule", "unknown-line-of-business"], { input: warned }).out)?.[1];
    assert.equal(level(), "warning");
    at.write("policy.config.yaml", "rules: { unknown-line-of-business: error, case-without-expectation: error }\n");
    assert.equal(level(), "error");
    at.write("plan/policies/a.case.yaml", "cases:\n  - name: One\n    on: 2025-07-01\n    facts: { age: 3 years }\n");
    assert.match(at.policy(["lint", "plan/policies/a.case.yaml"]).out, /a\.case\.yaml:\d+:\d+ error case-without-expectation/u);
    at.write("policy.config.yaml", "rules: { unknown-line-of-business: off, case-without-expectation: off }\n");
    assert.equal(level(), undefined);
    assert.match(at.policy(["lint", "plan/policies/a.case.yaml"]).out, /✓ 1 file checked, nothing found\./u);
    rmSync(join(at.folder, "plan/policies/a.case.yaml"));
  });
  test("--print-config", () => {
    clean();
    at.write("policy.config.yaml", "profile: strict\nrules: { uncited-reference: info, duplicate-code: off }\nwords: [Orthosis]\n");
    const { code, out } = at.policy(["lint", "--print-config", A!]);
    assert.equal(code, 0);
    assert.match(out, /^# What holds for plan\/policies\/a\.policy, by policy\.config\.yaml\.\n/u);
    const settings = parse(out) as { rules: Record<string, unknown>; words: unknown };
    assert.deepEqual([settings.rules["uncited-reference"], settings.rules["duplicate-code"], settings.rules["label-order"], settings.words], ["info", "off", "warning", ["orthosis"]]);
    // What is printed is a configuration that says the same.
    at.write("ci.yaml", out);
    const again = at.policy(["lint", "--print-config", A!, "--config", "ci.yaml"]);
    assert.deepEqual([again.code, parse(again.out)], [0, settings]);
    assert.deepEqual((JSON.parse(at.policy(["lint", "--print-config", A!, "--format", "json"]).out) as { config: string }).config, "policy.config.yaml");
  });
});
