// Letters and worksheets from a case to Markdown or a page: content, template, abbreviations.
import type { Explanation } from "../../evaluate/model.js";
import type { Policy, PolicyCase } from "../../semantics/model.js";
import { escaped } from "../markdown.js";
import { expandAbbreviations, glossaryOf } from "./abbreviations.js";
import { fill } from "./engine.js";
import { letterOf } from "./letter.js";
import type { Audience, Letter, Worksheet } from "./model.js";
import { letterPage } from "./page.js";
import { worksheetOf } from "./worksheet.js";

export { TemplateProblem, LARGEST_TEMPLATE } from "./engine.js";
export { TEMPLATES } from "./templates.js";
export { LETTER_KINDS } from "./model.js";
export { VARIABLES } from "./variables.js";
export type { Audience, Letter, Worksheet } from "./model.js";

/** A text that was written, with what its writer should look at. */
export interface Written<T> {
  readonly data: T;
  readonly markdown: string;
  /** What keeps the text from being plain: abbreviations that nothing explains. */
  readonly problems: readonly string[];
}

/** Templates of the plan by name, which come before the built-in ones. */
export type OwnTemplates = Readonly<Record<string, string>>;

/** The letter for a case. `template` names the template where it is not that of the determination. Throws a `TemplateProblem`. */
export function writeLetter(policy: Policy, policyCase: PolicyCase, explanation: Explanation, options: { readonly audience: Audience; readonly own?: OwnTemplates; readonly template?: string }): Written<Letter> {
  const data = letterOf(policy, policyCase, explanation, options.audience);
  const filled = fill(options.template ?? data.kind, data, options.own);
  const { text, unexplained } = expandAbbreviations(filled, glossaryOf(policy.analysis), data.sources.map((source) => escaped(source.text)));
  return { data, markdown: text, problems: unexplained.map((short) => `Nothing in the policy says what ${short} stands for; write it out there once: “long form (${short})”.`) };
}

/** The worksheet for a case. Throws a `TemplateProblem`. */
export function writeWorksheet(policy: Policy, policyCase: PolicyCase, explanation: Explanation, options: { readonly own?: OwnTemplates; readonly template?: string } = {}): Written<Worksheet> {
  const data = worksheetOf(policy, policyCase, explanation);
  return { data, markdown: fill(options.template ?? "worksheet", data, options.own), problems: [] };
}

/** What was written as a page that prints. */
export function writtenPage({ markdown, data }: Written<Letter | Worksheet>): string {
  const heading = /^# (.*)$/mu.exec(markdown)?.[1]?.replace(/\\(?=[^\w\s])/gu, "") ?? "";
  return letterPage(markdown, [heading, data.policy.title].filter((part) => part !== "").join(": "), "kind" in data ? "letter" : "worksheet");
}
