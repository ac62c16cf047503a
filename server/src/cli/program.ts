// The commands with their options and help. Each command's own work is loaded when it is called.
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { EXIT, UsageError, type ExitCode } from "./exit.js";

declare const POLICY_VERSION: string;

const STDIN_NAME = "stdin.policy";

const EXAMPLES = `
Examples:
  $ policy lint policies                          check every policy and case file in a folder
  $ policy lint - --stdin-filename a.policy       check what comes in on standard input
  $ policy test policies                          run the cases of every policy
  $ policy evaluate imrt.policy --case "Ewing sarcoma of the pelvis"
  $ policy evaluate imrt.policy --format markdown > note.md

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
    .addOption(new Option("--format <format>", "how findings are put out").choices(["pretty", "json"]).default("pretty"))
    .option("--ignore <glob>", "leave out what matches; may be given several times", collected, [])
    .option("--max-warnings <number>", "fail when there are more warnings than this", wholeNumber)
    .option("--quiet", "show errors only")
    .option("--stdin-filename <name>", "the name that standard input goes by", STDIN_NAME)
    .addHelpText("after", `
PATHS are files, folders (searched for *.policy and *.case.yaml, .yml, .json), globs, or - for standard input; without
any, the current folder. Case files beside a policy are checked with it. Only errors make the command fail, unless
--max-warnings sets a bound for warnings.`)
    .action(async (paths: string[], options) => {
      code = await (await import("./lint.js")).lint(paths, options);
    });

  command(program, "test [paths...]", "run the cases of policies and compare them with what they expect")
    .addOption(new Option("--format <format>", "how results are put out").choices(["pretty", "json"]).default("pretty"))
    .option("--case <text>", "run only cases whose name holds this text")
    .option("--ignore <glob>", "leave out what matches; may be given several times", collected, [])
    .option("--stdin-filename <name>", "the name that standard input goes by", STDIN_NAME)
    .option("-v, --verbose", "name every case, and explain failed ones in full")
    .addHelpText("after", `
PATHS are as for lint. Cases stand in the policy or in case files beside it. A case that cannot be evaluated because of
an error counts as a failure.`)
    .action(async (paths: string[], options) => {
      code = await (await import("./test.js")).test(paths, options);
    });

  command(program, "evaluate <file>", "evaluate cases and explain each determination")
    .addOption(new Option("--format <format>", "how explanations are put out").choices(["pretty", "json", "markdown"]).default("pretty"))
    .option("--case <name>", "evaluate this case; may be given several times", collected, [])
    .option("--stdin-filename <name>", "the name that standard input goes by", STDIN_NAME)
    .option("-v, --verbose", "show every criterion of a large policy")
    .addHelpText("after", `
FILE is a policy, a case file, or - for standard input. A policy's cases are its own and those of the case files beside
it; without --case all of them are evaluated. A policy with errors is not evaluated: its errors are shown.`)
    .action(async (file: string, options) => {
      code = await (await import("./evaluate.js")).evaluate(file, options);
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
    await program.parseAsync([...args], { from: "user" });
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
