// The JSON Schema of `policy.config.yaml`, from the lint rules themselves: editors complete and check configurations with it.
import { DIAGNOSTICS, type DiagnosticCode } from "../diagnostic.js";
import { configurable } from "./config.js";
import { pageUrl } from "./links.js";
import { LEVELS, type LintOption, type LintRule, PROFILES } from "./model.js";

type Schema = Readonly<Record<string, unknown>>;

/** Builds the schema (draft 07, which editors know best). */
export function configSchema(rules: readonly LintRule[]): Schema {
  const globs = { type: ["array", "string"], minLength: 1, items: { type: "string", minLength: 1, pattern: "^(?![!/~\\\\]|\\.\\./)" } };
  const scope = {
    profile: { description: "The set of levels to start from.", oneOf: Object.entries(PROFILES).map(([name, meaning]) => ({ const: name, description: meaning })) },
    rules: { $ref: "#/definitions/rules" },
    words: { description: "Words that are spelled right.", type: ["array", "string"], minLength: 1, items: { type: "string", minLength: 1 } },
  };
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Configuration of the linter of clinical policies",
    type: "object",
    additionalProperties: false,
    properties: {
      ...scope,
      ignore: { description: "Globs of files that are not linted, from the folder of this configuration.", ...globs },
      overrides: {
        description: "What holds otherwise for some files; later ones outweigh earlier ones.",
        type: "array",
        items: { type: "object", additionalProperties: false, required: ["files"], properties: { files: { description: "Globs from the folder of this configuration.", ...globs }, ...scope } },
      },
    },
    definitions: {
      level: { description: "How much a finding matters; at off it is not looked for.", enum: LEVELS },
      rules: {
        description: "Levels and options of lint rules, and levels of the warnings of the language.",
        type: "object",
        additionalProperties: false,
        properties: Object.fromEntries([...rules.map((rule) => [rule.id, ruleSchema(rule)]), ...(Object.keys(DIAGNOSTICS) as DiagnosticCode[]).filter(configurable).map((code) => [code, settingSchema(code, DIAGNOSTICS[code][1], DIAGNOSTICS[code][0], {})])]),
      },
    },
  };
}

const ruleSchema = (rule: LintRule): Schema =>
  settingSchema(rule.id, rule.summary, `recommended: ${rule.recommended}, strict: ${rule.strict}`, Object.fromEntries(Object.entries(rule.options).map(([name, option]) => [name, optionSchema(option)])));

function settingSchema(id: string, meaning: string, levels: string, options: Readonly<Record<string, Schema>>): Schema {
  const level = { $ref: "#/definitions/level" };
  return {
    description: `${meaning} (${levels}) ${pageUrl(id)}`,
    oneOf: [level, { type: "object", additionalProperties: false, properties: { level, ...options } }],
  };
}

function optionSchema(option: LintOption): Schema {
  const { default: standard, description, minimum, choices } = option;
  const type = typeof standard === "object" ? { type: ["array", "string"], minLength: 1, items: { type: "string", minLength: 1 } } : choices !== undefined ? { enum: choices } : { type: typeof standard };
  return { description, ...type, ...(minimum === undefined ? {} : { minimum }), default: standard };
}
