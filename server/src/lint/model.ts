// What a lint rule is: metadata, explanation, examples, options and a check. Plain data; `rule.ts` makes it, `engine.ts` runs it.
import type { Fix, RelatedPlace } from "../diagnostic.js";
import type { Range } from "../text.js";
import type { LintedPolicy } from "./policy.js";

/** How much a finding matters; at `off` a lint rule does not run. */
export const LEVELS = ["off", "info", "warning", "error"] as const;
export type Level = (typeof LEVELS)[number];

/** The sets of levels that a configuration starts from. */
export const PROFILES = {
  recommended: "What a policy committee would want to hear of; a correct policy is silent under it.",
  strict: "All of that, and conventions that a plan may choose to hold its policies to.",
} as const;
export type Profile = keyof typeof PROFILES;

/** The kinds of lint rules, with what each looks after. */
export const CATEGORIES = {
  logic: "Conditions and criteria against one another: what is said twice, can never hold, or leaves a gap.",
  criteria: "Lists and how they are announced, statements, facts, definitions, and the cases that try them.",
  labels: "Labels as addresses, and the revision log that speaks of them.",
  references: "Citations, and a reference list in AMA style.",
  codes: "The code table against the statements, the notes and the calendar.",
  document: "The document as a whole: its dates, its revision log, its abbreviations.",
  wording: "Spelling, punctuation and terms that are used in one way throughout.",
  readability: "Words that a member who reads a notice, or a reviewer who must measure, can use.",
  suppressions: "The comments that keep lint rules quiet.",
} as const;
export type Category = keyof typeof CATEGORIES;

/** The value of an option, which is also what its type is told by. */
export type OptionValue = number | boolean | string | readonly string[];

export interface LintOption<T extends OptionValue = OptionValue> {
  readonly default: T;
  /** What the option does, one sentence. */
  readonly description: string;
  /** For a number: the least it may be. */
  readonly minimum?: number | undefined;
  /** For a text: what it may be. */
  readonly choices?: readonly string[] | undefined;
}
export type LintOptions = Readonly<Record<string, LintOption>>;
type Widened<T> = T extends number ? number : T extends boolean ? boolean : T extends readonly string[] ? readonly string[] : T extends string ? string : never;
export type OptionValues<O extends LintOptions> = { readonly [K in keyof O]: Widened<O[K]["default"]> };

/** A text in which the lint rule finds something, and the same text put right. Each is a test. */
export interface LintExample {
  /** A policy, or the sections of one; a header is put before it where it has none. */
  readonly avoid: string;
  /** The marked words of each finding, in the order of the text. */
  readonly finds: readonly string[];
  /** What `avoid` becomes when all fixes are applied, for a lint rule that has fixes. */
  readonly fixed?: string | undefined;
  /** A text in which it finds nothing. */
  readonly prefer: string;
  /** Why the one is worse than the other, where that does not go without saying. */
  readonly note?: string | undefined;
  /** The date as of which the policy is looked at, `2026-01-31`, where it matters. */
  readonly asOf?: string | undefined;
  /** Today, `2026-01-31`; 2026-01-01 where nothing is said. */
  readonly today?: string | undefined;
  /** Options other than the defaults. */
  readonly options?: Readonly<Record<string, OptionValue>> | undefined;
}

/** What a check adds to a place. `message` says what is wrong and why it matters, `help` what to do, one sentence each. */
export interface Finding {
  readonly message: string;
  readonly help: string;
  readonly related?: readonly RelatedPlace[] | undefined;
  readonly fix?: Fix | undefined;
}
export type Report = (range: Range, finding: Finding) => void;

export interface LintRule {
  /** Kebab-case and stable: it stands in configurations, suppressions and links. */
  readonly id: string;
  readonly category: Category;
  /** What it looks for, one sentence. */
  readonly summary: string;
  /** Markdown: why it matters to those who write, review, apply or receive a policy; the source of a fact that it rests on. */
  readonly why: string;
  readonly recommended: Level;
  readonly strict: Level;
  readonly options: LintOptions;
  readonly examples: readonly [LintExample, ...LintExample[]];
  /** Ids of lint rules, or codes of diagnostics, that look at something near. */
  readonly related: readonly string[];
  /** It looks at cases, those of case files too: whoever runs it has to read them. */
  readonly usesCases?: boolean | undefined;
  readonly check: (policy: LintedPolicy, report: Report, options: Readonly<Record<string, OptionValue>>) => void;
}
