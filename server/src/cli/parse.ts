// `policy parse`: the tokens or the syntax tree of a policy as JSON, for tools and for looking into the parser.
import { parse as parseText } from "../syntax/parse.js";
import { tokenList } from "../syntax/parser.js";
import { hasErrors } from "../diagnostic.js";
import { lineIndex } from "../text.js";
import { EXIT, UsageError, type ExitCode } from "./exit.js";
import { readStandardInput, readText } from "./files.js";
import { displayed } from "./inputs.js";
import { JSON_VERSION, jsonDiagnostic } from "./output.js";
import { print } from "./terminal.js";

export interface ParseOptions {
  readonly tokens?: boolean | undefined;
  readonly ast?: boolean | undefined;
  readonly stdinFilename: string;
}

/** Prints tokens, or else the tree with the diagnostics of the syntax; gives the exit code. */
export async function parse(file: string, options: ParseOptions): Promise<ExitCode> {
  if (options.tokens && options.ast) throw new UsageError("--tokens and --ast exclude each other");
  const content = file === "-" ? await readStandardInput() : readText(file);
  const path = displayed(file === "-" ? options.stdinFilename : file);
  if ("tooLarge" in content) throw new UsageError(`${path} is too large to be read: ${content.tooLarge} bytes`);
  const { text } = content;
  if (options.tokens) {
    print(indented({ path, tokens: tokenList(text) }));
    return EXIT.ok;
  }
  const { document, diagnostics } = parseText(text);
  const source = { path, text, lines: lineIndex(text) };
  print(indented({ path, document, diagnostics: diagnostics.map((found) => jsonDiagnostic(source, found)) }));
  return hasErrors(diagnostics) ? EXIT.findings : EXIT.ok;
}

/** A tree is looked at by people. */
const indented = (value: object): string => JSON.stringify({ version: JSON_VERSION, ...value }, null, 2);
