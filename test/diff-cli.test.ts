// `policy diff` as it is called: files, revisions of git, cases under both versions, drafts, exit codes.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { type Workplace, workplace } from "./support/cli.js";
import { ROOT } from "./support/core-fixtures.js";

const OLD = `policy EX.1 "Example treatment"
  revised    2024-10
  effective  2025-01-01

facts
  age     years   "Age on the date of service"
  smoker  yes/no  "Does the patient smoke?"

criteria
I. The treatment is medically necessary for any of the following:
   A. Age of 18 years or more
      when age >= 18 years
   B. The patient does not smoke
      when not smoker
   C. A plan has been written <b>@here</b>

codes
  CPT  77301  Planning of the dose
  CPT  77338  Collimator

cases
  case "Nineteen"
    on 2025-02-01
    age = 19 years
    smoker = yes
    I.C = not met
    expect approve
  case "Fifty"
    on 2025-02-01
    age = 50 years
    smoker = yes
    I.C = not met
    expect approve
  case "Plan"
    on 2025-02-01
    age = 10 years
    smoker = yes
    I.C = met
    expect approve
`;
/** Another age, and one criterion fewer, so that I.C becomes I.B. */
const NEW = OLD.replace("revised    2024-10", "revised    2025-10").replace("effective  2025-01-01", "effective  2026-01-01")
  .replace("Age of 18 years", "Age of 21 years").replace("age >= 18", "age >= 21")
  .replace("   B. The patient does not smoke\n      when not smoker\n", "").replace("   C. A plan", "   B. A plan")
  .replace("  CPT  77338  Collimator\n", "").replaceAll("I.C =", "I.B =");

const golden = (name: string, text: string): void => {
  assert.equal(text, readFileSync(join(ROOT, "test", "golden", name), "utf8"));
};

describe("policy diff", () => {
  let place: Workplace;
  before(() => {
    place = workplace();
    place.write("old.policy", OLD);
    place.write("new.policy", NEW);
  });
  after(() => place.remove());

  test("the same file has no change, in another layout neither", () => {
    place.write("layout.policy", OLD.replace(/\n(?=[a-z]+\n)/gu, "\n\n# a comment\n"));
    for (const other of ["old.policy", "layout.policy"]) {
      const run = place.policy(["diff", "old.policy", other, "--fail-on", "changes"]);
      assert.equal(run.code, 0, run.err);
      assert.match(run.out, /No change: the two versions say the same\./u);
      assert.match(run.out, /No determination changes \(3 cases\)\./u);
    }
  });

  test("as text", () => {
    const run = place.policy(["diff", "old.policy", "new.policy"]);
    assert.equal(run.code, 1, run.err);
    golden("diff.txt", run.out);
  });

  test("as Markdown, nothing of the policy is markup or a mention", () => {
    const run = place.policy(["diff", "old.policy", "new.policy", "--format", "markdown"]);
    assert.equal(run.code, 1, run.err);
    golden("diff.md", run.out);
    assert.doesNotMatch(run.out, /<b>|@here/u);
  });

  test("as JSON", () => {
    const run = place.policy(["diff", "old.policy", "new.policy", "--format", "json"]);
    const { version, old, summary, changes, cases } = JSON.parse(run.out);
    assert.equal(version, 1);
    assert.deepEqual(old, { name: "old.policy", number: "EX.1", title: "Example treatment", revised: "2024-10", effective: "2025-01-01" });
    assert.deepEqual(summary, { changes: changes.length, bearing: changes.filter((each: { bears: boolean }) => each.bears).length, cases: 3, flips: 1, otherwise: 0, same: 2, notEvaluated: 0 });
    assert.deepEqual(changes.find((each: { kind: string }) => each.kind === "condition changed"), { area: "criteria", kind: "condition changed", before: "I.A", after: "I.A", was: "age >= 18 years", now: "age >= 21 years", clause: "when", bears: true, words: "condition changed", oldPlace: { line: 11, endLine: 12 }, newPlace: { line: 11, endLine: 12 } });
    assert.deepEqual(cases.map((each: { name: string; change: string; from: string; to: string }) => [each.name, each.change, each.from, each.to]), [
      ["Nineteen", "flips", "approve by I.A", "refer"],
      ["Fifty", "same", "approve by I.A", "approve by I.A"],
      ["Plan", "same", "approve by I.C", "approve by I.B"],
    ]);
    assert.equal(cases[0].before.determination, "approve");
    assert.equal(cases[0].after.determination, "refer");
  });

  test("drafts of a row for the revision log and of a notice", () => {
    const row = place.policy(["diff", "old.policy", "new.policy", "--revision-row", "--fail-on", "nothing"]);
    assert.equal(row.code, 0);
    assert.equal(row.out, "  2025-10, effective 2026-01-01\n    Removed I.B (The patient does not smoke); I.C is now I.B; I.A now reads “Age of 21 years or more”. Codes: removed\n    CPT 77338.\n");
    assert.equal(row.err, "");
    const notice = place.policy(["diff", "old.policy", "new.policy", "--notice", "--fail-on", "nothing"]);
    golden("diff-notice.md", notice.out);
    assert.equal(place.policy(["diff", "old.policy", "new.policy", "--notice", "--revision-row"]).code, 2);
    place.write("undated.policy", OLD.replace("Collimator", "Leaves"));
    assert.match(place.policy(["diff", "old.policy", "undated.policy", "--revision-row"]).err, /same dates in both versions/u);
  });

  test("what makes the command fail", () => {
    place.write("words.policy", OLD.replace("does not smoke", "is no smoker"));
    place.write("background.policy", OLD.replace("\ncodes", "\nbackground\n  A story.\n\ncodes"));
    const code = (other: string, failOn: string): number | null => place.policy(["diff", "old.policy", other, "--fail-on", failOn]).code;
    assert.deepEqual(["flips", "meaning", "changes", "nothing"].map((failOn) => code("new.policy", failOn)), [1, 1, 1, 0]);
    assert.deepEqual(["flips", "meaning", "changes", "nothing"].map((failOn) => code("words.policy", failOn)), [0, 1, 1, 0]);
    assert.deepEqual(["flips", "meaning", "changes", "nothing"].map((failOn) => code("background.policy", failOn)), [0, 0, 1, 0]);
  });

  test("a version with errors is compared, and no case is decided with it", () => {
    place.write("broken.policy", NEW.replace("age >= 21 years", "age >= 21 kg"));
    const run = place.policy(["diff", "old.policy", "broken.policy"]);
    assert.equal(run.code, 1);
    assert.match(run.out, /No case was evaluated: the new version has errors/u);
    assert.match(run.out, /I\.B removed/u);
  });

  test("cases of files, beside the policy and named, are decided; one that only a version can read is carried over", () => {
    place.write("with/new.policy", NEW);
    place.write("with/new.case.yaml", "cases:\n  - name: Twenty\n    on: 2025-02-01\n    facts:\n      age: 20\n      smoker: yes\n    criteria:\n      I.B: not met\n");
    place.write("more.case.yaml", "cases:\n  - name: Only the old version knows I.C\n    on: 2025-02-01\n    facts:\n      age: 12\n      smoker: yes\n    criteria:\n      I.C: met\n");
    const run = place.policy(["diff", "old.policy", "with/new.policy", "--cases", "more.case.yaml", "--format", "json"]);
    const { cases } = JSON.parse(run.out);
    assert.deepEqual(cases.slice(3).map((each: { name: string; change: string; from: string; to: string }) => [each.name, each.change, each.from, each.to]), [
      ["Twenty", "flips", "approve by I.A", "refer"],
      ["Only the old version knows I.C", "same", "approve by I.C", "approve by I.B"],
    ]);
    assert.equal(place.policy(["diff", "old.policy", "new.policy", "--cases", "none.case.yaml"]).code, 2);
  });

  test("where several criteria decided together, the one that changed is the reason, not the last of them", () => {
    const both = (age: number): string => `policy EX.2 "Example"\n  effective 2025-01-01\n\nfacts\n  age  years  "Age"\n  seen  yes/no  "Seen?"\n\ncriteria\nI. Treatment is medically necessary when all of the following are met:\n   A. Old enough\n      when age >= ${age} years\n   B. The patient was seen\n      when seen\n\ncases\n  case "Nineteen"\n    on 2025-02-01\n    age = 19 years\n    seen = yes\n`;
    place.write("both/old.policy", both(18));
    place.write("both/new.policy", both(21));
    const run = place.policy(["diff", "both/old.policy", "both/new.policy"]);
    assert.match(run.out, /before {2}approve by I\n[\s\S]*now {5}refer\n {12}I\.A is not met: age is 19 years, which is not at least 21 years\.\n/u);
    assert.doesNotMatch(run.out, /I\.B is met/u);
    assert.match(place.policy(["diff", "both/old.policy", "both/new.policy", "--format", "markdown"]).out, /\| Nineteen \| approve by I \| refer ⚠ \| I\.A is not met: /u);
    place.write("both/more.policy", both(18).replace("\ncases", "   C. A plan is written\n      when age >= 30 years\n\ncases"));
    assert.match(place.policy(["diff", "both/old.policy", "both/more.policy", "--format", "markdown"]).out, /\| refer ⚠ \| [^|]*I\.C is not met/u);
  });

  test("usage", () => {
    for (const args of [[], ["none.policy", "new.policy"], ["old.policy", "new.policy", "old.policy"], ["old.policy", "."], ["old.policy", "new.policy", "--format", "xml"], ["old.policy", "new.policy", "--fail-on", "x"]]) {
      const run = place.policy(["diff", ...args]);
      assert.equal(run.code, 2, args.join(" "));
      assert.equal(run.out, "");
      assert.doesNotMatch(run.err, /\n\s+at /u, "no stack trace");
    }
    place.write("list.txt", "no policy");
    assert.match(place.policy(["diff", "list.txt", "new.policy"]).err, /is no policy/u);
  });
});

describe("policy diff with git", () => {
  let place: Workplace;
  before(() => {
    place = workplace();
    place.git("init", "--quiet");
    place.write("policies/ex.policy", OLD);
    place.git("add", ".");
    place.git("commit", "--quiet", "-m", "one");
    place.git("tag", "v1");
    place.write("policies/ex.policy", NEW);
    place.git("commit", "--quiet", "-am", "two");
  });
  after(() => place.remove());

  const removed = /I\.B removed/u;
  test("a revision and a file, from any folder", () => {
    for (const [folder, path] of [[".", "policies/ex.policy"], ["policies", "ex.policy"], ["policies", "../policies/ex.policy"]] as const) {
      const run = place.policy(["diff", "HEAD~1", path], { in: folder });
      assert.equal(run.code, 1, run.err);
      assert.match(run.out, removed);
      assert.match(run.out, /from HEAD~1:/u);
      assert.match(run.out, /1 of 3 cases comes? to another determination/u);
    }
  });

  test("REVISION:PATH on either side, and a revision that takes its path from there", () => {
    assert.match(place.policy(["diff", "v1:policies/ex.policy", "HEAD:policies/ex.policy"]).out, removed);
    assert.match(place.policy(["diff", "v1", "HEAD:policies/ex.policy"]).out, removed);
    assert.match(place.policy(["diff", "v1:./ex.policy", "ex.policy"], { in: "policies" }).out, removed);
    assert.match(place.policy(["diff", "v1:policies/ex.policy", "ex.policy"], { in: "policies" }).out, removed);
    assert.match(place.policy(["diff", "policies/ex.policy", "v1"]).out, /I\.B added/u);
  });

  test("one file alone is compared with its last commit", () => {
    assert.match(place.policy(["diff", "policies/ex.policy"]).out, /No change/u);
    place.write("policies/ex.policy", NEW.replace("21", "25"));
    assert.match(place.policy(["diff", "policies/ex.policy"]).out, /Age of 25 years/u);
    place.write("policies/ex.policy", NEW);
  });

  test("case files are those of the revision, and the report goes to a file", () => {
    const file = (name: string, age: string): string => `cases:\n  - name: ${name}\n    on: 2025-07-01\n    facts: { age: ${age} years, smoker: no }\n    expect: { determination: approve }\n`;
    place.write("policies/ex.case.yaml", file("Only then", "12"));
    place.write("policies/other.case.yaml", file("Of another policy", "12"));
    place.git("add", ".");
    place.git("commit", "--quiet", "-m", "three");
    place.write("policies/ex.case.yaml", file("Now", "12"));
    const names = (...args: string[]): readonly string[] => {
      const run = place.policy(["diff", "--format", "json", "--output-file", "out/diff.json", ...args]);
      assert.equal(run.out, "", run.err);
      return (JSON.parse(place.read("out/diff.json")) as { cases: { name: string }[] }).cases.map(({ name }) => name).filter((name) => ["Only then", "Now", "Of another policy"].includes(name));
    };
    assert.deepEqual(names("HEAD", "policies/ex.policy"), ["Now", "Only then"]);
    assert.deepEqual(names("HEAD~1", "HEAD:policies/ex.policy"), ["Only then"]);
    assert.deepEqual(names("v1", "HEAD~1:policies/ex.policy"), []);
    place.git("rm", "--quiet", "-f", "policies/ex.case.yaml", "policies/other.case.yaml");
    place.git("commit", "--quiet", "-m", "four");
  });

  test("what git does not know is a usage mistake, and nothing is taken for an option", () => {
    for (const args of [["nope", "policies/ex.policy"], ["HEAD~9", "policies/ex.policy"], ["HEAD", "HEAD~1"], ["HEAD:nope.policy", "policies/ex.policy"], ["HEAD:policies", "policies/ex.policy"], ["--", "--output=x:ex.policy", "policies/ex.policy"], ["--", "-p", "policies/ex.policy"]]) {
      const run = place.policy(["diff", ...args]);
      assert.equal(run.code, 2, `${args.join(" ")}: ${run.out}`);
      assert.doesNotMatch(run.err, /\n\s+at |fatal:/u);
    }
    assert.throws(() => place.read("x"));
  });

  test("without a repository", () => {
    const other = workplace();
    try {
      other.write("a.policy", NEW);
      const run = other.policy(["diff", "HEAD", "a.policy"]);
      assert.equal(run.code, 2);
      assert.match(run.err, /git/u);
    } finally {
      other.remove();
    }
  });
});
