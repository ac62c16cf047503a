// The page of a lint rule as Markdown: the same in `docs/lint/`, in the editor and in the terminal.
import { CATEGORIES, type LintExample, type LintOption, type LintRule } from "../lint/model.js";

/** Where the page of a related finding stands, as a link from the page. */
export type PageLink = (id: string) => string;

/** Writes the page: summary, avoid, prefer, why, options, related. */
export function lintRulePage(rule: LintRule, link: PageLink): string {
  const parts = [
    `# ${rule.id}`,
    rule.summary,
    `Category: [${rule.category}](README.md#${rule.category}) · recommended: **${rule.recommended}** · strict: **${rule.strict}**${fixes(rule)}`,
    ...rule.examples.flatMap((example, i) => exampleParts(example, rule.examples.length > 1 ? ` ${i + 1}` : "")),
    "## Why",
    rule.why.trim(),
    "## Configuration",
    configuration(rule),
    ...(rule.related.length === 0 ? [] : ["## Related", rule.related.map((id) => `- [${id}](${link(id)})`).join("\n")]),
  ];
  return `${parts.join("\n\n")}\n`;
}

/** Whether `policy lint --fix` mends what the lint rule finds, as its examples show. */
export const hasFixes = (rule: LintRule): boolean => rule.examples.some((example) => example.fixed !== undefined);

const fixes = (rule: LintRule): string => (hasFixes(rule) ? " · has fixes" : "");

function exampleParts(example: LintExample, number: string): readonly string[] {
  const given = [
    ...(example.asOf === undefined ? [] : [`as of ${example.asOf}`]),
    ...(example.today === undefined ? [] : [`on ${example.today}`]),
    ...Object.entries(example.options ?? {}).map(([name, value]) => `with \`${name}: ${JSON.stringify(value)}\``),
  ];
  const finds = example.finds.map((words) => `\`${words.replace(/\s+/gu, " ")}\``).join(", ");
  return [
    `## Avoid${number}`,
    ...(example.note === undefined ? [] : [example.note]),
    fenced(example.avoid),
    `It finds ${finds}${given.length === 0 ? "" : ` (${given.join(", ")})`}.`,
    `## Prefer${number}`,
    fenced(example.prefer),
  ];
}

const fenced = (text: string): string => `\`\`\`policy\n${text.trimEnd()}\n\`\`\``;

function configuration(rule: LintRule): string {
  const options = Object.entries(rule.options);
  const lines = options.map(([name, option]) => `| \`${name}\` | ${typeOf(option)} | \`${JSON.stringify(option.default)}\` | ${option.description.replaceAll("|", "\\|")} |`);
  const table = options.length === 0 ? [] : ["", "| option | value | default | what it does |", "|---|---|---|---|", ...lines];
  const setting = options.length === 0 ? "warning" : `{ level: warning, ${options.map(([name, option]) => `${name}: ${JSON.stringify(option.default)}`)[0]!} }`;
  return [
    "```yaml", "# policy.config.yaml", "rules:", `  ${rule.id}: ${setting}`, "```", ...table, "",
    `At one place, with a reason: \`# lint-ignore ${rule.id}: REASON\`.`,
  ].join("\n");
}

function typeOf(option: LintOption): string {
  if (option.choices !== undefined) return option.choices.map((choice) => `\`${choice}\``).join(", ");
  if (typeof option.default === "number") return option.minimum === undefined ? "number" : `number from ${option.minimum}`;
  if (typeof option.default === "boolean") return "true or false";
  return typeof option.default === "string" ? "text" : "list of texts";
}

/** The index of all pages, by category. */
export function lintIndexPage(rules: readonly LintRule[], profiles: Readonly<Record<string, string>>): string {
  const sections = Object.entries(CATEGORIES).map(([category, meaning]) => {
    const rows = rules.filter((rule) => rule.category === category).map((rule) => `| [${rule.id}](${rule.id}.md) | ${rule.summary.replaceAll("|", "\\|")} | ${rule.recommended} | ${rule.strict} | ${hasFixes(rule) ? "yes" : ""} |`);
    return `## ${category}\n\n${meaning}\n\n| lint rule | finds | recommended | strict | fixes |\n|---|---|---|---|---|\n${rows.join("\n")}\n`;
  });
  return `# Lint rules

${rules.length} lint rules look at a policy beside the checks of the language itself ([diagnostics](../diagnostics.md)). Each has a level:
off, info, warning or error. A profile sets them all, and \`policy.config.yaml\` changes what a plan wants otherwise.

${Object.entries(profiles).map(([name, meaning]) => `- **${name}**: ${meaning}`).join("\n")}

${sections.join("\n")}`;
}
