// `policy language-server`: starts the language server, which is a bundle of its own beside this one.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { UsageError } from "./exit.js";

const TRANSPORTS = /^--(?:stdio|node-ipc|socket(?:=|$)|pipe(?:=|$))/u;

/** Starts the server in this process; it ends when its client does. Standard input and output is the transport unless another is named. */
export function languageServer(): void {
  const bundle = join(__dirname, "server.js");
  if (!existsSync(bundle)) throw new UsageError("the language server has not been built", "Run `npm run build` in the project's folder.");
  // The protocol library reads the transport from the arguments itself.
  if (!process.argv.some((argument) => TRANSPORTS.test(argument))) process.argv.push("--stdio");
  require(bundle);
}
