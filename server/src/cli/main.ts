// The entry of the command line: runs a command, and turns whatever goes wrong into one clear line and an exit code.
import { EXIT, UsageError } from "./exit.js";
import { reportProblems } from "./problems.js";
import { complain } from "./terminal.js";

async function main(): Promise<void> {
  try {
    const { run } = await import("./program.js");
    const code = await run(process.argv.slice(2));
    if (code !== undefined) process.exitCode = code;
  } catch (error) {
    process.exitCode = EXIT.usage;
    if (error instanceof UsageError) reportProblems([error]);
    else reportBug(error);
  }
}

function reportBug(error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  const debug = Boolean(process.env["POLICY_DEBUG"]);
  complain(`policy: something went wrong inside this tool: ${message.split("\n", 1)[0]}`);
  if (debug) complain(error instanceof Error ? `${error.stack}${error.cause instanceof Error ? `\nbecause of ${error.cause.stack}` : ""}` : String(error));
  else complain("        This is a bug. Run the command again with POLICY_DEBUG=1 to see where, and report it.");
}

void main();
