// The TextMate grammar, loaded as an editor loads it.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { IGrammar } from "vscode-textmate";
import { ROOT } from "./client.js";

/** The grammar of policies; undefined where its scope is not found. */
export async function policyGrammar(): Promise<IGrammar | null> {
  const load = createRequire(join(ROOT, "package.json"));
  const oniguruma = load("vscode-oniguruma") as typeof import("vscode-oniguruma");
  const textmate = load("vscode-textmate") as typeof import("vscode-textmate");
  await oniguruma.loadWASM(readFileSync(load.resolve("vscode-oniguruma/release/onig.wasm")));
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({ createOnigScanner: (sources) => new oniguruma.OnigScanner(sources), createOnigString: (text) => new oniguruma.OnigString(text) }),
    loadGrammar: async () => textmate.parseRawGrammar(readFileSync(join(ROOT, "syntaxes/policy.tmLanguage.json"), "utf8"), "policy.json"),
  });
  return registry.loadGrammar("source.policy");
}
