// Fills templates in Liquid: bounded in time and size, without files, clock or code, every value escaped for Markdown.
import { escaped } from "../markdown.js";
import { Liquid } from "./libraries.js";
import { visible } from "./plain.js";
import { TEMPLATES } from "./templates.js";

/** What is wrong with a template, and where. */
export class TemplateProblem extends Error {
  constructor(message: string, readonly template: string, readonly line: number, readonly column: number, readonly hint: string, readonly unknown?: string) {
    super(message);
  }
}

/** Larger templates are not read, in characters; all parts together. */
export const LARGEST_TEMPLATE = 262_144;
const LARGEST_LETTER = 4_000_000;
const MOST_MEMORY = 20_000_000;
/** Milliseconds that filling a template may take. */
const LONGEST_RENDER = 3_000;

/** Filters of Liquid that templates have: those that neither look at a clock nor take escaping away. */
const FILTERS: ReadonlySet<string> = new Set(["append", "at_least", "at_most", "capitalize", "ceil", "compact", "concat", "default", "divided_by", "downcase", "first", "floor", "join", "last", "map",
  "minus", "modulo", "plus", "prepend", "remove", "remove_first", "remove_last", "replace", "replace_first", "replace_last", "reverse", "round", "size", "slice", "sort", "sort_natural", "split", "strip", "lstrip", "rstrip",
  "sum", "times", "truncate", "truncatewords", "uniq", "upcase", "where", "reject", "find", "abs"]);
const TAGS: ReadonlySet<string> = new Set(["assign", "block", "break", "capture", "case", "comment", "continue", "cycle", "decrement", "echo", "for", "if", "include", "increment", "layout", "liquid", "raw", "render", "unless", "#"]);

/** A value as text that means nothing in Markdown. White space alone is layout. */
function inMarkdown(value: unknown): string {
  if (value === null || value === undefined) return "";
  const text = Array.isArray(value) ? value.join(", ") : typeof value === "object" ? "" : String(value);
  if (/^\s*$/u.test(text)) return text;
  return escaped(visible(text)).replace(/^[-=](?=[-=\s]*$)/u, "\\$&");
}

/** Fills a template, with the plan's own templates before the built-in ones. Throws a `TemplateProblem`. */
export function fill(name: string, data: object, own: Readonly<Record<string, string>> = {}): string {
  const templates: Record<string, string> = { ...TEMPLATES, ...own };
  if (Object.values(own).some((text) => text.length > LARGEST_TEMPLATE)) throw new TemplateProblem(`A template has more than ${LARGEST_TEMPLATE} characters.`, name, 1, 1, "Make it shorter.");
  const engine = new Liquid({
    templates, outputEscape: inMarkdown, strictVariables: true, strictFilters: true, ownPropertyOnly: true, cache: false, globals: {},
    parseLimit: LARGEST_TEMPLATE * 8, renderLimit: LONGEST_RENDER, memoryLimit: MOST_MEMORY,
  });
  for (const filter of Object.keys(engine.filters)) if (!FILTERS.has(filter)) Reflect.deleteProperty(engine.filters, filter);
  for (const tag of Object.keys(engine.tags)) if (!TAGS.has(tag)) Reflect.deleteProperty(engine.tags, tag);
  let text: string;
  try {
    text = engine.renderFileSync(name, structured(data)) as string;
  } catch (error) {
    throw problemOf(error, name, own);
  }
  if (text.length > LARGEST_LETTER) throw new TemplateProblem("The letter becomes too long.", name, 1, 1, "Look for a loop that repeats too much.");
  return `${text.replace(/[ \t]+$/gmu, "").replace(/\n{3,}/gu, "\n\n").trim()}\n`;
}

/** A copy, so that no template sees anything but data. */
const structured = (data: object): object => JSON.parse(JSON.stringify(data)) as object;

interface Placed {
  readonly name?: string;
  readonly message?: string;
  readonly originalError?: { readonly variableName?: string; readonly message?: string };
  readonly token?: { readonly file?: string; readonly input?: string; getPosition?(): [number, number] };
}

function problemOf(error: unknown, name: string, own: Readonly<Record<string, string>>): TemplateProblem {
  if (error instanceof RangeError) return new TemplateProblem("The templates include each other without end.", name, 1, 1, "A template must not include itself.");
  const { message = String(error), originalError, token } = error as Placed;
  const [line, column] = token?.getPosition?.() ?? [1, 1];
  // Of a variable the library tells the text it stands in, not the name of the template.
  const templates: Readonly<Record<string, string>> = { ...TEMPLATES, ...own };
  const template = token?.file ?? (templates[name] === token?.input ? name : (Object.keys(templates).find((each) => templates[each] === token?.input) ?? name));
  const plain = (originalError?.message ?? message).replace(/, (?:file:|line:).*$/su, "").replace(/\n[\s\S]*$/u, "");
  const at = (words: string, hint: string, unknown?: string): TemplateProblem => new TemplateProblem(words, template, line, column, hint, unknown);
  const variable = originalError?.variableName ?? /undefined variable: (\S+)/u.exec(plain)?.[1];
  if (variable !== undefined) return at(`There is no variable “${variable}”.`, "docs/letters.md lists the variables.", variable);
  if (/call stack/iu.test(plain)) return at("The templates include each other without end.", "A template must not include itself.");
  const filter = /undefined filter: (\S+)/u.exec(plain)?.[1];
  if (filter !== undefined) return at(`There is no filter “${filter}”.`, `Filters are ${[...FILTERS].sort().join(", ")}.`);
  const tag = /tag "([^"]*)" not found/u.exec(plain)?.[1];
  if (tag !== undefined) return at(`There is no tag “${tag}”.`, `Tags are ${[...TAGS].filter((each) => each !== "#").sort().join(", ")}.`);
  if (/template render limit exceeded/u.test(plain)) return at("Filling the template takes too long.", "Look for a loop that repeats too much.");
  if (/memory alloc limit exceeded/u.test(plain)) return at("Filling the template takes too much memory.", "Look for a loop or a text that grows without end.");
  if (/ENOENT|not found|Failed to lookup/iu.test(plain)) {
    const missing = /"([^"]+)"/u.exec(plain)?.[1] ?? "";
    return at(`There is no template “${missing}”.`, `Templates are ${Object.keys(templates).sort().join(", ")}. Others stand beside the template as NAME.liquid.`);
  }
  return at(`The template cannot be read: ${plain}.`.replace(/\.\.$/u, "."), "Every {{ needs its }}, every {% its %}, and every tag that opens its end tag.");
}
