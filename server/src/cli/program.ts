// The commands with their options and help. Each command's own work is loaded when it is called.
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { EXIT, UsageError, type ExitCode } from "./exit.js";

declare const POLICY_VERSION: string;

const STDIN_NAME = "stdin.policy";

const EXAMPLES = `
Examples:
  $ policy lint policies                          check every policy and case file in a folder
  $ policy lint - --stdin-filename a.policy       check what comes in on standard input
  $ policy lint --fix policies                    mend what can be mended
  $ policy format policies                        bring policies into the canonical layout
  $ policy explain uncited-reference              why a lint rule matters, and what to do
  $ policy test policies                          run the cases of every policy
  $ policy evaluate imrt.policy --case "Ewing sarcoma of the pelvis"
  $ policy evaluate imrt.policy --format markdown > note.md
  $ policy preview imrt.policy > imrt.html        the policy as the published document

Exit codes:
  0  nothing found, all cases as expected
  1  errors found, cases failed, or a policy with errors was not evaluated
  2  a usage mistake, a file that cannot be read, or a bug in this tool`;

/** Runs the command line and gives its exit code; undefined where a command goes on running. */
export async function run(args: readonly string[]): Promise<ExitCode | undefined> {
  let code: ExitCode | undefined = EXIT.ok;
  const said: string[] = [];
  const program = new Command("policy")
    .description("Check, test and evaluate clinical coverage policies (.policy files).")
    .version(POLICY_VERSION, "-V, --version", "print the version")
    .helpOption("-h, --help", "show help")
    .helpCommand("help [command]", "show help for a command")
    .option("--color", "colour the output even when it does not go to a terminal")
    .option("--no-color", "do not colour the output (also: NO_COLOR=1; FORCE_COLOR=1 for colour)")
    .addHelpText("after", EXAMPLES)
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ outputError: (text) => said.push(text) })
    .showSuggestionAfterError()
    .exitOverride();

  command(program, "lint [paths...]", "check policies and case files")
    .addOption(new Option("--format <format>", "how findings are put out").choices(["pretty", "compact", "json", "github", "sarif", "junit", "checkstyle", "gitlab"]).default("pretty"))
    .option("--output-file <file>", "write the report to a file")
    .option("--ignore <glob>", "leave out what matches; may be given several times", collected, [])
    .option("--config <file>", "use this configuration for all files, its globs counted from the current folder")
    .option("--no-config", "use no configuration")
    .addOption(new Option("--profile <name>", "start from this profile, whatever the configuration says").choices(["recommended", "strict"]))
    .option("--rule <id>", "show only what this lint rule or diagnostic finds; may be given several times", collected, [])
    .option("--category <name>", "show only what this category of lint rules finds; may be given several times", collected, [])
    .option("--as-of <date>", "judge codes and evidence as of this day instead of the policy's own date")
    .addOption(new Option("--fail-level <level>", "fail from this severity on").choices(["error", "warning", "info"]).default("error"))
    .option("--max-warnings <number>", "fail when there are more warnings than this", wholeNumber)
    .option("--quiet", "show errors only")
    .option("--fix", "mend what can be mended without changing what a policy means")
    .option("--unsafe-fixes", "with --fix: mend also where a fix is a guess at what was meant")
    .option("--diff", "with --fix or --add-suppressions: write nothing, print what would change")
    .option("--add-suppressions <reason>", "write a comment above each finding that suppresses it, with this reason")
    .option("--baseline <file>", "show only what this file does not hold; it is written where it is not there")
    .option("--update-baseline", "with --baseline: write it anew")
    .option("--since <ref>", "show only findings on lines that changed since this commit of git")
    .option("--statistics", "count the findings of each kind")
    .option("--timing", "show how long each lint rule took")
    .option("--print-config <file>", "show the settings that hold for a file, and check nothing")
    .option("--stdin-filename <name>", "the name that standard input goes by", STDIN_NAME)
    .addHelpText("after", `
PATHS are files, folders (searched for *.policy and *.case.yaml, .yml, .json), globs, or - for standard input; without
any, the current folder. Case files beside a policy are checked with it. Only errors make the command fail, unless
--fail-level or --max-warnings says otherwise.

Settings stand in the nearest policy.config.yaml, in the folder of a file or above it, up to the top of the repository.
A comment \`# lint-ignore ID: REASON\` suppresses a finding at one place. \`policy rules\` lists the lint rules.

With --fix, standard input is printed mended, and what is left is said on standard error.`)
    .action(async (paths: string[], options) => {
      code = await (await import("./lint.js")).lint(paths, options);
    });

  command(program, "format [paths...]", "bring policies into the canonical layout")
    .option("--check", "write nothing, list what would be formatted")
    .option("--diff", "write nothing, print what would change")
    .option("--line-width <columns>", "columns to which lines are filled (default: 120)", wholeNumber)
    .option("--no-wrap", "leave line breaks where they are")
    .option("--renumber", "put the labels of each list in order, with all references to them, in case files too")
    .option("--ignore <glob>", "leave out what matches; may be given several times", collected, [])
    .option("--stdin-filename <name>", "the name that standard input goes by", STDIN_NAME)
    .addHelpText("after", `
PATHS are as for lint. Files are written in place; standard input is printed formatted. Only white space changes, never a
word or a comment, and a policy says the same afterwards; what cannot be read is left as it is. With --check and --diff
the command fails when something would change.`)
    .action(async (paths: string[], options) => {
      code = await (await import("./format.js")).format(paths, options);
    });

  command(program, "rules", "list the lint rules with their levels")
    .addOption(new Option("--format <format>", "how they are put out").choices(["pretty", "json"]).default("pretty"))
    .action(async (options) => {
      code = (await import("./rules.js")).listRules(options);
    });

  command(program, "explain <id>", "explain a lint rule or a diagnostic: why it matters, what to avoid and to prefer, its options")
    .action(async (id: string) => {
      code = await (await import("./rules.js")).explain(id);
    });

  command(program, "test [paths...]", "run the cases of policies and compare them with what they expect")
    .addOption(new Option("--format <format>", "how results are put out").choices(["pretty", "json", "junit", "tap"]).default("pretty"))
    .option("--output-file <file>", "write the results to a file")
    .option("--case <text>", "run only cases whose name holds this text")
    .option("--criterion <address>", "run only cases that decide this criterion or expect something of it; may be given several times", collected, [])
    .option("--bail", "stop at the first case that is not as expected")
    .addOption(new Option("--coverage [=format]", "show which criteria and conditions the cases cover, as text or in another format").choices(["text", "json", "lcov", "cobertura", "html"]))
    .option("--coverage-file <file>", "write the coverage to a file")
    .option("--min-coverage <percent>", "fail when the cases decide fewer of the criteria than this", percentage)
    .option("--update", "rewrite what failing cases expect, after showing the change and asking")
    .option("-y, --yes", "with --update: do not ask")
    .option("--watch", "run again whenever a policy or a case file changes, until Ctrl+C")
    .option("--ignore <glob>", "leave out what matches; may be given several times", collected, [])
    .option("--stdin-filename <name>", "the name that standard input goes by", STDIN_NAME)
    .option("-v, --verbose", "name every case, explain failed ones in full, list everything that is not covered")
    .addHelpText("after", `
PATHS are as for lint. Cases stand in the policy or in case files beside it. A case that cannot be evaluated because of
an error counts as a failure.

A criterion is covered when a case decides it: met, not met, or left to a clinician. --min-coverage counts the criteria
of all policies that were tested, by the cases that were run.

--update changes determinations, deciding statements, missing facts and outcomes, never a fact. Look at the change: what
a case expects is a clinical decision. Where nobody can be asked, it shows the change, writes nothing and fails.`)
    .action(async (paths: string[], options) => {
      code = await (await import("./test.js")).test(paths, options);
    });

  command(program, "evaluate <paths...>", "evaluate cases and explain each determination")
    .addOption(new Option("--format <format>", "how explanations are put out; ndjson and csv with --cases").choices(["pretty", "json", "markdown", "ndjson", "csv"]).default("pretty"))
    .option("--cases <file>", "evaluate the cases of this .ndjson or .csv file, of any size, or - for standard input")
    .option("--explain", "with --cases: add the full explanation to each result")
    .option("--output-file <file>", "with --cases: write the results to a file")
    .option("--threads <number>", "with --cases: use this many threads at most", wholeNumber)
    .option("--case <name>", "evaluate this case; may be given several times", collected, [])
    .option("--stdin-filename <name>", "the name that standard input goes by", STDIN_NAME)
    .option("--as-of <date>", "decide under the version in force on this day, not on the date of service")
    .option("--revisions", "take the versions of the policy from the history of git")
    .option("--fhir <file>", "evaluate the case of this FHIR R4 file (JSON), by the mappings of the policy; may be given several times", collected, [])
    .option("--on <date>", "with --fhir: the date of service")
    .option("--codes <list>", "with --fhir: the requested codes, `CPT 77385, HCPCS G6015`")
    .option("--line-of-business <name>", "with --fhir: the line of business")
    .option("--pathway <name>", "with --fhir: the pathway of the request")
    .option("--missing", "say which answers could still decide a pended case, and what to ask next")
    .option("--why-not", "say how near a case is to approval: what the criteria ask beside what the record shows")
    .option("-v, --verbose", "show every criterion of a large policy")
    .addHelpText("after", `
PATHS are policies, case files, folders, globs, REVISION:PATH for a file in git, or - for standard input. A policy's cases are
its own and those of the case files beside it; without --case all of them are evaluated. A policy with errors is not evaluated:
its errors are shown.

Several files of one policy number are its versions: the one in force on a case's date of service decides it, and the explanation
names it. Cases of REVISION:PATH are left out beside files. With --as-of, that day picks the version; ages, windows and codes stay
those of the date of service. One file alone decides all of its cases, whatever stands beside it.

With --cases, one result a case is written in the order of the cases, as NDJSON or CSV, the form of the cases unless --format
says otherwise. A row with a mistake becomes a result with \`error\`, and the rest goes on. \`policy template\` writes the first rows.

With --fhir, facts come from a Bundle or a single resource by the \`from fhir\` lines of the policy. Date of service and codes that are not
given are those of its one Claim or ServiceRequest. What a mapping finds and cannot take over is said, and the command exits with 1.`)
    .action(async (paths: string[], options) => {
      code = await (await import("./evaluate.js")).evaluate(paths, options);
    });

  command(program, "template <file>", "write an empty case with every fact of a policy")
    .addOption(new Option("--format <format>", "the form of the cases").choices(["csv", "yaml", "json"]).default("yaml"))
    .option("--stdin-filename <name>", "the name that standard input goes by", STDIN_NAME)
    .action(async (file: string, options) => {
      code = await (await import("./template.js")).template(file, options);
    });

  command(program, "case-from-fhir <policy> <files...>", "make a case file of FHIR R4 files, with evidence, for a reviewer to complete")
    .option("--on <date>", "the date of service, where it is not that of the one Claim or ServiceRequest")
    .option("--codes <list>", "the requested codes, `CPT 77385, HCPCS G6015`")
    .option("--line-of-business <name>", "the line of business")
    .option("--pathway <name>", "the pathway of the request")
    .option("--output-file <file>", "write the case file here, where there is none yet")
    .addHelpText("after", `
FILES are Bundles or single resources in JSON, one case each, or - for standard input. Facts are those that the policy maps with
\`from fhir\`; nothing is guessed: what a mapping finds and cannot take over is said and left out, and the command exits with 1.`)
    .action(async (policy: string, files: string[], options) => {
      code = await (await import("./fhir.js")).caseFromFhir(policy, files, options);
    });

  command(program, "generate-cases <file>", "propose cases that try every criterion, every condition and both sides of each threshold")
    .option("--from-scratch", "leave the cases that there are out of account")
    .option("--limit <number>", "propose at most this many cases", wholeNumber)
    .addOption(new Option("--format <format>", "the form in which they are printed").choices(["policy", "yaml", "json", "ndjson"]).default("policy"))
    .option("--output-file <file>", "write them to a file")
    .option("--force", "with --output-file: write over a file that is there")
    .option("--append", "add them to the cases of the policy")
    .option("--write", "add them to NAME.generated.case.yaml beside the policy")
    .option("--accept", "write what they came to as what they expect: you have looked at each of them")
    .option("--stdin-filename <name>", "the name that standard input goes by", STDIN_NAME)
    .addHelpText("after", `
FILE is a policy, or - for standard input. Cases of the policy and of the case files beside it count; only what they do not
reach is proposed for. A case gives no more facts than it needs. Its note says what it is for and what it came to; what is to be
expected is a clinical decision, and is left out unless --accept is given. What no case reaches is listed with the reason.

Examples:
  $ policy generate-cases imrt.policy                     look at them
  $ policy generate-cases imrt.policy --write             add them to imrt.generated.case.yaml
  $ policy generate-cases imrt.policy --append --accept   add them to the policy, with what they came to`)
    .action(async (file: string, options) => {
      code = await (await import("./generate-cases.js")).generate(file, options);
    });

  command(program, "schema <file>", "write the JSON Schema of a policy's case files, by which editors complete and check them")
    .option("--stdin-filename <name>", "the name that standard input goes by", STDIN_NAME)
    .action(async (file: string, options) => {
      code = await (await import("./schema.js")).schema(file, options);
    });

  program.command("batch-worker", { hidden: true }).action(async () => {
    (await import("./batch/worker.js")).batchWorker();
    code = undefined;
  });

  command(program, "diff <versions...>", "say what has changed between two versions of a policy, and which cases come out otherwise")
    .addOption(new Option("--format <format>", "how it is put out").choices(["text", "json", "markdown"]).default("text"))
    .option("--cases <file>", "decide the cases of this file too; may be given several times", collected, [])
    .option("--revision-row", "print a draft of the row for the revision log, and nothing else")
    .option("--notice", "print a draft of the notice for providers in Markdown, and nothing else")
    .addOption(new Option("--fail-on <what>", "exit with 1 when cases come to another determination, when something changed that can bear on one, on any change, or never").choices(["flips", "meaning", "changes", "nothing"]).default("flips"))
    .option("--output-file <file>", "write it to a file")
    .option("-v, --verbose", "show the explanations of cases that come out otherwise")
    .addHelpText("after", `
VERSIONS are OLD and NEW: files, REVISION:PATH for a file in git, or a revision alone, which takes the path from the other.
  $ policy diff old.policy new.policy
  $ policy diff HEAD~1 policies/imrt.policy
  $ policy diff v1.0:imrt.policy HEAD:imrt.policy
One file alone is compared with its last commit. Criteria are matched by content, not by label; layout and comments do not
count. Cases are those of both versions and of the case files beside them (at a revision: those it had), decided as if both
versions were in force.`)
    .action(async (versions: string[], options) => {
      code = await (await import("./diff.js")).diff(versions, options);
    });

  command(program, "letter [paths...]", "write the letter that says what a case came to, and why, in plain words")
    .option("--case <name>", "the case that the letter is for")
    .addOption(new Option("--format <format>", "what is put out").choices(["markdown", "html", "json"]).default("markdown"))
    .addOption(new Option("--for <reader>", "who reads it").choices(["member", "provider"]).default("member"))
    .option("--template <path>", "use this template in Liquid, or those of this folder, before the built-in ones")
    .option("--print-template <name>", "print a built-in template, to be edited: approve, pend, refer, none, worksheet, or a part of them: about, statement, below, rules, sources")
    .option("--as-of <date>", "judge by the version of the policy that is in force on this day")
    .option("--output-file <file>", "write the letter to a file")
    .option("--stdin-filename <name>", "the name that standard input goes by", STDIN_NAME)
    .addHelpText("after", `
PATHS are as for evaluate. The letter names the rules that decided, their sources and what is missing, writes abbreviations
out and holds no codes. What it cannot write out is said on standard error.

  $ policy letter imrt.policy --case "Ewing sarcoma of the pelvis"
  $ policy letter imrt.policy --case "Ewing sarcoma of the pelvis" --for provider --format html > letter.html
  $ policy letter --print-template pend > templates/pend.liquid
  $ policy letter imrt.policy --case "Ewing sarcoma of the pelvis" --template templates`)
    .action(async (paths: string[], options) => {
      code = await (await import("./letter.js")).letter(paths, options);
    });

  command(program, "worksheet [paths...]", "write a reviewer's worksheet: each criterion with its outcome, reasons and evidence")
    .option("--case <name>", "the case that the worksheet is for")
    .addOption(new Option("--format <format>", "what is put out").choices(["markdown", "html", "json"]).default("markdown"))
    .option("--template <path>", "use this template in Liquid, or that of this folder, before the built-in one")
    .option("--as-of <date>", "judge by the version of the policy that is in force on this day")
    .option("--output-file <file>", "write the worksheet to a file")
    .option("--stdin-filename <name>", "the name that standard input goes by", STDIN_NAME)
    .addHelpText("after", `
PATHS are as for evaluate. The worksheet has the words and codes of the policy as they are, and room for notes and a signature.

  $ policy worksheet imrt.policy --case "Ewing sarcoma of the pelvis" --format html > worksheet.html`)
    .action(async (paths: string[], options) => {
      code = await (await import("./worksheet.js")).worksheet(paths, options);
    });

  command(program, "preview <file>", "write a policy as the published document, in HTML that prints")
    .option("--output-file <file>", "write the page to a file")
    .option("--conditions", "show the conditions beside the words")
    .option("--stdin-filename <name>", "the name that standard input goes by", STDIN_NAME)
    .action(async (file: string, options) => {
      code = await (await import("./draw.js")).preview(file, options);
    });

  command(program, "diagram <file>", "draw the logic of the criteria as a tree, in SVG")
    .option("--case <name>", "mark each criterion with its outcome in this case")
    .option("--statement <address>", "draw this statement only")
    .option("--output-file <file>", "write the drawing to a file")
    .option("--stdin-filename <name>", "the name that standard input goes by", STDIN_NAME)
    .action(async (file: string, options) => {
      code = await (await import("./draw.js")).diagram(file, options);
    });

  command(program, "parse <file>", "print the tokens or the syntax tree of a policy as JSON")
    .option("--ast", "the syntax tree and its diagnostics (the default)")
    .option("--tokens", "the tokens")
    .option("--stdin-filename <name>", "the name that standard input goes by", STDIN_NAME)
    .action(async (file: string, options) => {
      code = await (await import("./parse.js")).parse(file, options);
    });

  command(program, "language-server", "start the language server for an editor")
    .option("--stdio", "talk over standard input and output (the default)")
    .option("--node-ipc", "talk over the channel of a parent Node process")
    .option("--socket <port>", "talk over a socket")
    .option("--pipe <name>", "talk over a named pipe")
    .option("--clientProcessId <id>", "end when this process does")
    .action(async () => {
      (await import("./language-server.js")).languageServer();
      code = undefined;
    });

  if (args.length === 0) {
    program.outputHelp({ error: true });
    return EXIT.usage;
  }
  try {
    await program.parseAsync(withFormats(args), { from: "user" });
    return code;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return EXIT.ok;
    throw usageError(error, said.join(""), args);
  }
}

function command(program: Command, usage: string, description: string): Command {
  return program.command(usage).description(description).showHelpAfterError(false);
}

/** Commander's message in our form, with where to find help. */
function usageError(error: CommanderError, said: string, args: readonly string[]): UsageError {
  const [first = error.message, ...rest] = said.trim().split("\n");
  const message = first.replace(/^error: /u, "").replace(/'([^']*)'/gu, "`$1`");
  const suggestion = rest.join(" ").replace(/^\((.*)\)$/u, "$1");
  const named = args.find((argument) => !argument.startsWith("-"));
  const known = error.code !== "commander.unknownCommand" && named !== undefined;
  if (error.code === "commander.unknownCommand" && named !== undefined && /[./\\]/u.test(named)) {
    return new UsageError(message, `To check a file, write \`policy lint ${named}\`.`);
  }
  return new UsageError(message, `${suggestion === "" ? "" : `${suggestion} `}\`policy ${known ? `${named} ` : ""}--help\` shows what there is.`);
}

const collected = (value: string, before: string[]): string[] => [...before, value];

function wholeNumber(value: string): number {
  if (!/^\d+$/u.test(value)) throw new InvalidArgumentError("It has to be a whole number.");
  return Number(value);
}

function percentage(value: string): number {
  if (!/^\d+(?:\.\d+)?$/u.test(value)) throw new InvalidArgumentError("It has to be a number of percent.");
  return Number(value);
}

/** `--coverage` takes its format with an equals sign, so that it does not swallow the path behind it. */
function withFormats(args: readonly string[]): string[] {
  const end = args.indexOf("--");
  return args.map((arg, i) => (arg === "--coverage" && (end < 0 || i < end) && args.includes("test") ? "--coverage=text" : arg));
}
