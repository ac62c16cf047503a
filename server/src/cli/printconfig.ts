// `policy lint --print-config FILE`: the settings that hold for one file.
import { stringify } from "yaml";
import { DIAGNOSTICS, type DiagnosticCode } from "../diagnostic.js";
import { configurable } from "../lint/config.js";
import { LINT_RULES } from "../lint/rules/index.js";
import { EXIT, type ExitCode } from "./exit.js";
import { displayed } from "./inputs.js";
import type { LintConfigs } from "./lintconfig.js";
import { json } from "./output.js";
import type { Selection } from "./selection.js";
import { print } from "./terminal.js";

/** Prints the settings of a file, as a configuration would write them or as JSON. */
export function printConfig(path: string, configs: LintConfigs, selection: Selection, format: string): ExitCode {
  const { settings: found, ignored, config } = configs.of(path);
  const settings = selection.settings(found);
  const rules: Record<string, unknown> = {};
  for (const { id } of LINT_RULES) {
    const active = settings.active.find(({ rule }) => rule.id === id);
    rules[id] = active === undefined ? "off" : Object.keys(active.options).length === 0 ? active.level : { level: active.level, ...active.options };
  }
  for (const code of (Object.keys(DIAGNOSTICS) as DiagnosticCode[]).filter(configurable)) rules[code] = settings.languageLevels.get(code) ?? DIAGNOSTICS[code][0];
  const effective = { rules, words: [...settings.words].sort() };
  if (format === "json") print(json({ path: displayed(path), config, ignored, ...effective }));
  else print(`# What holds for ${displayed(path)}${config === undefined ? ", which has no configuration" : `, by ${config}`}${ignored ? "; it is ignored" : ""}.\n${stringify(effective)}`);
  return configs.read.some(({ diagnostics }) => diagnostics.length > 0) ? EXIT.findings : EXIT.ok;
}
