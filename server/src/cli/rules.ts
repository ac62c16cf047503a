// `policy rules` and `policy explain`: which lint rules there are, and the page of one of them or of a diagnostic.
import { DIAGNOSTICS, isDiagnosticCode } from "../diagnostic.js";
import { pageUrl } from "../lint/links.js";
import { CATEGORIES, type Category, type LintRule } from "../lint/model.js";
import { LINT_RULES, lintRuleOf } from "../lint/rules/index.js";
import { hasFixes, lintRulePage } from "../render/lintpage.js";
import { markdownText } from "../render/markdowntext.js";
import { padded, wrapped } from "../render/width.js";
import { EXIT, UsageError, type ExitCode } from "./exit.js";
import { json } from "./output.js";
import { nearest } from "./suggest.js";
import { outputColours, outputWidth, print } from "./terminal.js";

export interface RulesOptions {
  readonly format: "pretty" | "json";
}

/** Lists the lint rules by category. */
export function listRules({ format }: RulesOptions): ExitCode {
  if (format === "json") {
    print(json({
      rules: LINT_RULES.map((rule) => ({
        id: rule.id, category: rule.category, summary: rule.summary, recommended: rule.recommended, strict: rule.strict, fixes: hasFixes(rule),
        options: Object.fromEntries(Object.entries(rule.options).map(([name, { default: standard, description, minimum, choices }]) => [name, { default: standard, description, minimum, choices }])),
        related: rule.related, url: pageUrl(rule.id),
      })),
    }));
    return EXIT.ok;
  }
  const colours = outputColours();
  const width = outputWidth();
  const widest = Math.max(0, ...LINT_RULES.map(({ id }) => id.length));
  const line = (rule: LintRule): string => {
    const head = `  ${padded(rule.id, widest)}  ${padded(rule.recommended, 7)}  ${padded(rule.strict, 7)}  ${hasFixes(rule) ? "fixes" : "     "}  `;
    const room = width - head.length;
    const lines = room < 30 ? [rule.summary] : wrapped(rule.summary, room);
    return head + lines.map((each, i) => (i === 0 ? each : " ".repeat(head.length) + each)).join("\n");
  };
  const blocks = (Object.keys(CATEGORIES) as Category[]).flatMap((category) => {
    const rules = LINT_RULES.filter((rule) => rule.category === category);
    return rules.length === 0 ? [] : [[colours.bold(category), ...wrapped(CATEGORIES[category], width - 2).map((each) => `  ${colours.dim(each)}`), ...rules.map(line)].join("\n")];
  });
  print(`${[colours.dim(`  ${padded("", widest)}  ${padded("recom.", 7)}  strict`), ...blocks].join("\n\n")}\n\n${LINT_RULES.length} lint rules. \`policy explain ID\` shows the page of one.`);
  return EXIT.ok;
}

/** Prints the page of a lint rule or what a diagnostic means. */
export async function explain(id: string): Promise<ExitCode> {
  const rule = lintRuleOf(id);
  const options = { colours: outputColours(), width: outputWidth() };
  if (rule !== undefined) {
    print(`${markdownText(lintRulePage(rule, pageUrl), options)}\n${options.colours.dim(pageUrl(id))}`);
  } else if (isDiagnosticCode(id)) {
    const [severity, meaning] = DIAGNOSTICS[id];
    const level = severity === "error" ? "It is an error: a policy that has it is not evaluated, and its level is fixed." : `Its severity is ${severity}; \`policy.config.yaml\` may set another.`;
    print(`${markdownText(`# ${id}\n\n${meaning}\n\n${level}`, options)}\n${options.colours.dim(pageUrl(id))}`);
  } else {
    const meant = await nearest(id, [...LINT_RULES.map((each) => each.id), ...Object.keys(DIAGNOSTICS)]);
    throw new UsageError(`there is no lint rule or diagnostic \`${id}\``, `${meant === undefined ? "" : `Did you mean ${meant}? `}\`policy rules\` lists the lint rules.`);
  }
  return EXIT.ok;
}
