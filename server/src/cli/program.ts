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

  command(program, "evaluate <file>", "evaluate cases and explain each determination")
    .addOption(new Option("--format <format>", "how explanations are put out; ndjson and csv with --cases").choices(["pretty", "json", "markdown", "ndjson", "csv"]).default("pretty"))
    .option("--cases <file>", "evaluate the cases of this .ndjson or .csv file, of any size, or - for standard input")
    .option("--explain", "with --cases: add the full explanation to each result")
    .option("--output-file <file>", "with --cases: write the results to a file")
    .option("--threads <number>", "with --cases: use this many threads at most", wholeNumber)
    .option("--case <name>", "evaluate this case; may be given several times", collected, [])
    .option("--stdin-filename <name>", "the name that standard input goes by", STDIN_NAME)
    .option("--missing", "say which answers could still decide a pended case, and what to ask next")
    .option("--why-not", "say how near a case is to approval: what the criteria ask beside what the record shows")
    .option("-v, --verbose", "show every criterion of a large policy")
    .addHelpText("after", `
FILE is a policy, a case file, or - for standard input. A policy's cases are its own and those of the case files beside
it; without --case all of them are evaluated. A policy with errors is not evaluated: its errors are shown.

With --cases, one result a case is written in the order of the cases, as NDJSON or CSV, the form of the cases unless --format
says otherwise. A row with a mistake becomes a result with \`error\`, and the rest goes on. \`policy template\` writes the first rows.`)
    .action(async (file: string, options) => {
      code = await (await import("./evaluate.js")).evaluate(file, options);
    });

  command(program, "template <file>", "write an empty case with every fact of a policy")
    .addOption(new Option("--format <format>", "the form of the cases").choices(["csv", "yaml", "json"]).default("yaml"))
    .option("--stdin-filename <name>", "the name that standard input goes by", STDIN_NAME)
    .action(async (file: string, options) => {
      code = await (await import("./template.js")).template(file, options);
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
    .option("-v, --verbose", "show the explanations of cases that come out otherwise")
    .addHelpText("after", `
VERSIONS are OLD and NEW: files, REVISION:PATH for a file in git, or a revision alone, which takes the path from the other.
  $ policy diff old.policy new.policy
  $ policy diff HEAD~1 policies/imrt.policy
  $ policy diff v1.0:imrt.policy HEAD:imrt.policy
One file alone is compared with its last commit. Criteria are matched by content, not by label; layout and comments do not
count. Cases are those of both versions and of the case files beside them, decided as if both versions were in force.`)
    .action(async (versions: string[], options) => {
      code = await (await import("./diff.js")).diff(versions, options);
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
