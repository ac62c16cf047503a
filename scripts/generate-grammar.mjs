// Generates syntaxes/policy.tmLanguage.json, the colours of the language, from the table of its words.
//
//   node scripts/generate-grammar.mjs            writes the file
//   node scripts/generate-grammar.mjs --check    exit code 1 if the file is not what would be written
import { build } from "esbuild";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const target = join(root, "syntaxes/policy.tmLanguage.json");

/** The language's words, bundled in memory from the TypeScript table. */
async function vocabulary() {
  const { outputFiles } = await build({ entryPoints: [join(root, "server/src/vocabulary.ts")], bundle: true, write: false, format: "esm", logLevel: "silent" });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].text).toString("base64")}`);
}

const escaped = (word) => word.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&").replace(/ /g, "\\s+");
// Longest first: `at least` must not be cut short by `at`.
const anyOf = (words) => [...words].sort((a, b) => b.length - a.length).map(escaped).join("|");
const BEFORE = "(?<![\\p{L}\\p{N}_])";
const AFTER = "(?![\\p{L}\\p{N}_])";
const word = (words) => `${BEFORE}(?:${anyOf(words)})${AFTER}`;
const include = (...names) => names.map((name) => ({ include: `#${name}` }));

const LABEL = "(?:\\((?:[A-Za-z]{1,6}|\\d{1,3})\\)|(?:[A-Za-z]|[ivxlcdmIVXLCDM]{1,6}|[a-z]{2}|\\d{1,3})[.)])(?=\\s|$)";
const BULLET = "[-•*–▪◦·](?=\\s)";
const ADDRESS = "[A-Za-z0-9()]+(?:\\.\\*?[A-Za-z0-9()]+)*";
const DATE = "\\d{4}-\\d{1,2}(?:-\\d{1,2})?";

function grammar(v) {
  const terms = ["approval duration", "quantity limit"];
  const clauses = v.CLAUSE_KEYWORDS.map((term) => term.word).filter((keyword) => !["note", "applies to", ...terms].includes(keyword));
  const clauseStart = `(?:${anyOf(v.CLAUSE_KEYWORDS.map((term) => term.word))})(?=[\\s:]|$)`;
  // A section ends where the next begins: at column 0, where neither a label nor a comment stands.
  const sectionEnd = `^(?=\\S)(?!#|${LABEL}|${BULLET})`;
  const tableEnd = "^(?=\\S)(?!#)";
  const entryEnd = `^(?=\\s*(?:${LABEL}|${BULLET}|${clauseStart}|#\\s|$)|\\S)`;
  const section = (name, patterns, end = tableEnd) => ({
    name: `meta.section.${name}.policy`, begin: `^(?i:(${name}))(:?)(?=\\s*$|\\s+#\\s)`, end,
    beginCaptures: { 1: { name: "markup.heading.section.policy entity.name.section.policy" }, 2: { name: "punctuation.separator.policy" } }, patterns,
  });
  const systems = anyOf(v.CODE_SYSTEMS.map((system) => system.word));
  const combinators = v.COMBINATORS.map((each) => each.pattern.replace(/\((?!\?)/g, "(?:")).join("|");
  const open = v.OPEN_LIST.map((each) => each.pattern).join("|");
  const units = anyOf(v.UNIT_WORDS.flatMap((unit) => unit.words));
  const statements = v.STATEMENT_PHRASES.filter((each) => each.kind !== "see-policy").map((each) => `(?:${each.pattern.source})`).join("|");

  const repository = {
    comment: { name: "comment.line.number-sign.policy", match: "(?:(?<=\\s)|^)#(?=\\s|$).*$" },
    string: { name: "string.quoted.double.policy", match: "[\"“][^\"”\\n]*[\"”]?" },
    date: { name: "constant.numeric.date.policy", match: `(?<![\\d-])${DATE}(?![\\d-])` },
    citation: { name: "constant.numeric.citation.policy", match: "\\[\\s*\\d{1,4}(?:\\s*[-–,;]\\s*\\d{1,4})*\\s*\\]" },
    code: { match: `(?<![\\p{L}\\p{N}.])(?:(${systems})\\s+)?([A-Z]\\d[0-9A-Z](?:\\.(?:[0-9A-Z]{1,4}|-))?(?:-[A-Z]\\d[0-9A-Z](?:\\.[0-9A-Z]{1,4})?)?|[A-CEGHJ-MP-V]\\d{4}|\\d{4}[0-9AFMTU])(?![\\p{L}\\p{N}])`, captures: { 1: { name: "storage.type.code-system.policy" }, 2: { name: "entity.name.type.code.policy" } } },
    mention: { match: `\\b(${systems})®?\\s+(?:codes?\\s+)?([A-Z0-9][A-Z0-9.]{1,10}(?<![.]))(?![A-Za-z0-9])`, captures: { 1: { name: "storage.type.code-system.policy" }, 2: { name: "entity.name.type.code.policy" } } },
    policyNumber: { name: "entity.name.type.policy-number.policy", match: "\\b[A-Z]{2,4}(?:\\.[A-Z]{2,})+\\.\\d+\\b" },
    combinator: { name: "keyword.control.combinator.policy", match: `(?i:${BEFORE}(?:${combinators})${AFTER})` },
    open: { name: "keyword.control.open-list.policy", match: `(?i:${open})` },
    connector: { name: "keyword.operator.connector.policy", match: "(?i:(?<=[;,])\\s*(?:and|or)(?=\\s*(?:\\[[\\d,\\s–-]+\\]\\s*)*[.;]?\\s*$))" },
    statement: { name: "markup.bold.statement.policy", match: `(?i:${statements})` },
    number: { match: `(?<![\\p{L}\\p{N}_.])(\\d+(?:\\.\\d+)?)(?:\\s*(${units})(?![\\p{L}\\p{N}]))?`, captures: { 1: { name: "constant.numeric.policy" }, 2: { name: "keyword.other.unit.policy" } } },
    operator: { name: "keyword.operator.comparison.policy", match: "[<>]=?|!=|=|[≤≥≠]|[+*/]|(?<=\\s)-(?=\\s)" },
    conditionWord: { name: "keyword.operator.word.policy", match: word([...v.CONDITION_WORDS.map((term) => term.word).filter((each) => each !== "criterion"), "includes", "do not include", "does not include", "any of", "all of", "no more than", "no less than", "fewer than", "the"]) },
    constant: { name: "constant.language.policy", match: word(["yes", "no", "met", "not met", "unknown", "none"]) },
    criterionReference: { match: `${BEFORE}(criterion)\\s+(${ADDRESS})`, captures: { 1: { name: "keyword.other.criterion.policy" }, 2: { name: "entity.name.tag.address.policy" } } },
    name: { name: "variable.other.fact.policy", match: "[\\p{L}_](?:[\\p{L}\\p{N}_]|-(?=[\\p{L}\\p{N}_]))*" },
    condition: { patterns: include("comment", "string", "date", "criterionReference", "code", "number", "combinator", "conditionWord", "constant", "operator", "name") },
    prose: { patterns: include("comment", "citation", "mention", "policyNumber", "combinator", "open", "connector") },
  };

  return {
    $schema: "https://raw.githubusercontent.com/martinring/tmlanguage/master/tmlanguage.json",
    information_for_contributors: ["Generated by scripts/generate-grammar.mjs from server/src/vocabulary.ts; do not edit."],
    name: "Clinical Policy",
    scopeName: "source.policy",
    patterns: [
      { include: "#comment" },
      {
        name: "meta.header.policy", begin: "^\\x{FEFF}?(policy)(?:\\s+([^\\s\"“]+))?", end: "^(?=\\S)(?!#)",
        beginCaptures: { 1: { name: "keyword.control.policy" }, 2: { name: "entity.name.type.policy-number.policy" } },
        patterns: [
          { match: `^\\s+(${anyOf(v.HEADER_FIELDS.map((field) => field.word))})(?=\\s|$)`, captures: { 1: { name: "support.type.field.policy" } } },
          ...include("comment", "date", "string"),
        ],
      },
      section("facts", [
        { match: "^\\s+((?i:from\\s+fhir))(?=\\s|$)", captures: { 1: { name: "keyword.other.mapping.policy" } } },
        { match: "^\\s+([\\p{L}_][\\p{L}\\p{N}_-]*)", captures: { 1: { name: "variable.other.fact.policy" } } },
        { name: "storage.type.policy", match: word([...v.TYPE_WORDS.map((term) => term.word), ...v.CODE_SYSTEMS.map((system) => system.word)]) },
        { name: "keyword.other.policy", match: word(["from", "to", "or"]) },
        { match: `(?<=\\s)(${units})(?=\\s)`, captures: { 1: { name: "keyword.other.unit.policy" } } },
        ...include("comment", "string", "number"),
        { name: "constant.other.choice.policy", match: "[\\p{L}_][\\p{L}\\p{N}_-]*" },
      ]),
      section("define", [
        { match: "^\\s{1,4}([\\p{L}_][\\p{L}\\p{N}_-]*)(?=\\s{2}|\\s*=|\\s+\\S)", captures: { 1: { name: "entity.name.function.definition.policy" } } },
        ...include("condition"),
      ]),
      section("criteria", [
        {
          name: "meta.condition.policy", begin: `^\\s*(${anyOf(clauses)})(?=[\\s:]|$)`, end: entryEnd,
          beginCaptures: { 1: { name: "keyword.control.clause.policy" } }, patterns: include("condition"),
        },
        {
          name: "meta.scope.policy", begin: "^\\s*(applies\\s+to)(?:\\s+(codes|line of business|pathway))?(?=\\s|$)", end: entryEnd,
          beginCaptures: { 1: { name: "keyword.control.clause.policy" }, 2: { name: "support.type.field.policy" } }, patterns: include("condition"),
        },
        {
          name: "meta.approval.policy", begin: `^\\s*((?i:${anyOf(terms)}))(?=[\\s:]|$)`, end: entryEnd,
          beginCaptures: { 1: { name: "keyword.control.clause.policy" } },
          patterns: [
            ...include("comment", "mention", "code"), { name: "constant.numeric.policy", match: "(?<![\\p{L}\\p{N}_.])\\d+(?:\\.\\d+)?(?![\\p{L}\\p{N}])" },
            // What is counted is a word of the policy's own.
            { match: "(?<![\\p{L}\\p{N}])(?:of|per|from\\s+(?:the\\s+)?date\\s+of\\s+service)(?![\\p{L}\\p{N}])" }, { name: "keyword.other.unit.policy", match: "\\p{L}[\\p{L}\\p{N}/-]*" },
          ],
        },
        {
          name: "meta.note.policy", begin: "^\\s*(note)(?=[\\s:]|$)", end: entryEnd,
          beginCaptures: { 1: { name: "keyword.control.note.policy" } }, patterns: include("prose"),
        },
        {
          name: "meta.statement.policy", begin: `^(${LABEL}|${BULLET})`, end: entryEnd,
          beginCaptures: { 1: { name: "entity.name.tag.label.policy" } }, patterns: [...include("statement", "prose")],
        },
        {
          name: "meta.criterion.policy", begin: `^\\s+(${LABEL}|${BULLET})`, end: entryEnd,
          beginCaptures: { 1: { name: "entity.name.tag.label.policy" } },
          patterns: [{ match: "(?<=\\s)(when)(?=\\s)(.*)$", captures: { 1: { name: "keyword.control.clause.policy" } } }, ...include("prose")],
        },
        ...include("comment"),
      ], sectionEnd),
      section("notes", [
        { match: "^\\s+([*†‡§]+)(?=\\s)", captures: { 1: { name: "keyword.other.mark.policy" } } },
        ...include("prose"),
      ]),
      section("codes", [
        {
          match: `^\\s*(${systems})\\s+([^\\s*†‡§]+)([*†‡§]*)`,
          captures: { 1: { name: "storage.type.code-system.policy" }, 2: { name: "entity.name.type.code.policy" }, 3: { name: "keyword.other.mark.policy" } },
        },
        { name: "markup.heading.group.policy", match: "^\\s+\\S.*:\\s*$" },
        { match: `(?:(?<=\\s{2})|(?<=,\\s))(effective|ended)\\s+(${DATE})`, captures: { 1: { name: "keyword.other.status.policy" }, 2: { name: "constant.numeric.date.policy" } } },
        { match: "(?:(?<=\\s{2})|(?<=,\\s))(see)\\s+((?:[A-Z0-9.-]+(?:,\\s+)?)+)", captures: { 1: { name: "keyword.other.status.policy" }, 2: { name: "entity.name.type.code.policy" } } },
        { match: `(?:(?<=\\s{2})|(?<=,\\s))(for)\\s+(${ADDRESS}(?:,\\s*${ADDRESS})*)`, captures: { 1: { name: "keyword.other.status.policy" }, 2: { name: "entity.name.tag.address.policy" } } },
        ...include("comment", "citation"),
      ], `^(?=\\S)(?!#|(?:${systems})\\s)`),
      section("revisions", [
        { match: `^\\s*(${DATE})`, captures: { 1: { name: "constant.numeric.date.policy" } } },
        { match: `(?<=,\\s)(approved|effective)\\s+(${DATE})`, captures: { 1: { name: "keyword.other.status.policy" }, 2: { name: "constant.numeric.date.policy" } } },
        ...include("comment"),
      ], "^(?=\\S)(?!#|\\d{4}-)"),
      section("references", [
        { match: "^\\s*(\\d{1,4}\\.)(?=\\s|$)", captures: { 1: { name: "entity.name.tag.label.policy" } } },
        { name: "markup.underline.link.policy", match: "https?://[^\\s<>\"]+|\\b(?i:doi):?\\s*10\\.\\d{4,9}/[^\\s\"<>]+" },
        ...include("comment"),
      ], "^(?=\\S)(?!#|\\d{1,4}\\.(?:\\s|$))"),
      section("cases", [
        { match: "^\\s*(case)\\s+([\"“][^\"”\\n]*[\"”]?)", captures: { 1: { name: "keyword.control.case.policy" }, 2: { name: "string.quoted.double.policy entity.name.function.case.policy" } } },
        { match: "^\\s+(expect)\\b", captures: { 1: { name: "keyword.control.expect.policy" } } },
        { match: "^\\s+(note)\\s(.*)$", captures: { 1: { name: "keyword.control.note.policy" } } },
        {
          name: "meta.evidence.policy", begin: "^\\s+(evidence)(?=[\\s\"“]|$)(?!\\s*=)", end: "$", beginCaptures: { 1: { name: "keyword.control.evidence.policy" } },
          patterns: [
            ...include("comment", "string", "date"),
            { match: "(?i:(?<=[\\s,;])(pages?|pp?\\.?)\\s*(\\d+(?:\\s*[-–&]\\s*\\d+)?)(?![\\p{L}\\p{N}]))", captures: { 1: { name: "keyword.other.policy" }, 2: { name: "constant.numeric.policy" } } },
            { match: "(?i:(?<=[,;]\\s)(note)(?=\\s))", captures: { 1: { name: "keyword.other.policy" } } },
          ],
        },
        { match: `(?<==\\s*)(?i:(${anyOf(v.ANSWER_WORDS.map((term) => term.word))}))${AFTER}([^#]*)`, captures: { 1: { name: "constant.language.policy" } } },
        { match: `^\\s+(${anyOf(v.CASE_WORDS.map((term) => term.word).filter((each) => !["case", "expect", "note", "evidence"].includes(each)))})(?=\\s)(?!\\s*=)`, captures: { 1: { name: "support.type.field.policy" } } },
        { name: "constant.language.policy", match: word(["met", "not met", "unknown", "none", "yes", "no", ...v.DETERMINATIONS.map((term) => term.word)]) },
        { name: "keyword.other.policy", match: `${BEFORE}(?:by|missing)${AFTER}` },
        { match: `(?:^\\s+|(?<=\\bby\\s)|(?<=\\bexpect\\s)|(?<=,\\s))([A-Za-z0-9]+(?:\\.\\*?[A-Za-z0-9()]+)+|[IVXL]+(?=\\s))`, captures: { 1: { name: "entity.name.tag.address.policy" } } },
        { match: "([\\p{L}_][\\p{L}\\p{N}_-]*)(?=\\s*=)", captures: { 1: { name: "variable.other.fact.policy" } } },
        ...include("comment", "string", "date", "code", "number", "operator"),
        { name: "constant.other.choice.policy", match: "[\\p{L}_][\\p{L}\\p{N}_-]*" },
      ], "^(?=\\S)(?!#|case\\s)"),
      {
        name: "meta.section.text.policy", begin: "^(?=\\S)(?!#)(.*)$", end: tableEnd,
        beginCaptures: { 1: { name: "markup.heading.section.policy entity.name.section.policy" } }, patterns: include("comment", "citation", "mention", "policyNumber"),
      },
    ],
    repository,
  };
}

const text = `${JSON.stringify(grammar(await vocabulary()), undefined, 2)}\n`;
if (process.argv.includes("--check")) {
  if (readFileSync(target, "utf8") !== text) {
    console.error("syntaxes/policy.tmLanguage.json is not up to date. Run `node scripts/generate-grammar.mjs`.");
    process.exit(1);
  }
} else {
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, text);
}
