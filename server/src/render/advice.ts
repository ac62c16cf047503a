// What is missing and why not, in words: sections for a terminal and for Markdown, behind an explanation.
import type { MissingAdvice, MissingSet, MissingSets } from "../evaluate/missing.js";
import type { Asked, WhyNot, Way } from "../evaluate/whynot.js";
import { counted, sentenceList } from "../text.js";
import type { Colours } from "./colours.js";
import { escaped } from "./markdown.js";
import { missingWords } from "./words.js";
import { wrapped } from "./width.js";

export interface Advice {
  readonly missing?: MissingAdvice | undefined;
  readonly whyNot?: WhyNot | undefined;
}

/** So many sets, ways and settled facts are named. */
const FEW_SETS = 8;
const FEW_WAYS = 5;
const FEW_SETTLED = 12;
/** More answers that the record does not hold are only named. */
const FEW_ANSWERS = 3;

export interface AdviceSection {
  readonly title: string;
  readonly blocks: readonly AdviceBlock[];
}
/** A paragraph, or a list with one entry for each item. */
export type AdviceBlock = { readonly kind: "text"; readonly text: string } | { readonly kind: "list"; readonly items: readonly (readonly string[])[]; readonly numbered: boolean };

/** The advice as lines of text, each section behind an empty line; empty where there is none. */
export function adviceText(advice: Advice, { colours, width }: { readonly colours: Colours; readonly width: number }): string {
  return adviceSections(advice).map(({ title, blocks }) => {
    const lines = blocks.flatMap((block) => {
      if (block.kind === "text") return wrapped(block.text, width - 2).map((line) => `  ${line}`);
      return block.items.flatMap((item, i) => {
        const mark = block.numbered ? `${i + 1}.` : "-";
        const indent = " ".repeat(3 + mark.length);
        return item.flatMap((text, at) => wrapped(text, width - indent.length).map((line, row) => (at === 0 && row === 0 ? `  ${mark} ${line}` : `${indent}${line}`)));
      });
    });
    return [colours.bold(title), ...lines].join("\n");
  }).join("\n\n");
}

/** The advice as Markdown with a final line end; empty where there is none. */
export function adviceMarkdown(advice: Advice): string {
  const parts = adviceSections(advice).map(({ title, blocks }) => `### ${title}\n\n${blocks.map((block) => (block.kind === "text" ? escaped(block.text)
    : block.items.map((item, i) => {
      const mark = block.numbered ? `${i + 1}.` : "-";
      return `${mark} ${item.map(escaped).join(`\\\n${" ".repeat(mark.length + 1)}`)}`;
    }).join("\n"))).join("\n\n")}\n`);
  return parts.join("\n");
}

/** The advice in sections, for a view. */
export function adviceSections({ missing, whyNot }: Advice): readonly AdviceSection[] {
  return [...(missing === undefined ? [] : [missingSection(missing)]), ...(whyNot === undefined ? [] : [whyNotSection(whyNot)])];
}

const paragraph = (text: string): AdviceBlock => ({ kind: "text", text });
const list = (items: readonly (readonly string[])[], numbered = false): AdviceBlock => ({ kind: "list", items, numbered });

function missingSection({ deciding, approving, ask, settled, settledExact }: MissingAdvice): AdviceSection {
  const blocks: AdviceBlock[] = [];
  if (ask !== undefined) {
    const why = ask.inSets > 1 ? ` It is in ${ask.inSets === ask.ofSets ? "all" : ask.inSets} of the ${ask.ofSets} smallest sets below.` : "";
    blocks.push(paragraph(`Next question: ${ask.question ?? missingWords(ask)} (${missingWords(ask)}).${why}`));
  }
  if (deciding.unobtainable.length > 0) blocks.push(paragraph(withoutThem(deciding)));
  if (deciding.size === undefined) blocks.push(paragraph(notFound(deciding, "decide the case")));
  else blocks.push(paragraph(`${least(deciding)} could decide the case:`), ...setList(deciding));
  if (approving.unobtainable.length > 0 && deciding.unobtainable.length === 0) blocks.push(paragraph(`Approval needs ${unobtained(approving)}: ${sentenceList(approving.unobtainable.map(missingWords))}.`));
  const same = approving.size === deciding.size && approving.total === deciding.total;
  if (!same && approving.size !== undefined && deciding.size !== undefined) blocks.push(paragraph(`${least(approving)} could bring it to approval:`), ...setList(approving));
  else if (!same && approving.size === undefined) blocks.push(paragraph(notFound(approving, "bring it to approval")));
  if (settled.length > 0) {
    const named = settled.slice(0, FEW_SETTLED).map(missingWords);
    const more = settled.length - named.length;
    blocks.push(paragraph(`${settledExact ? "Can no longer matter" : "Can no longer matter, at least"}: ${more > 0 ? `${named.join(", ")} and ${more} more` : sentenceList(named)}.`));
  }
  return { title: "What is missing", blocks };
}

/** Of several, one way may need this one and another way that one. */
const unobtained = ({ unobtainable }: MissingSets): string => (unobtainable.length === 1 ? "what could not be obtained" : "at least one answer that could not be obtained");

function withoutThem(sets: MissingSets): string {
  const { unobtainable, unobtainableExact } = sets;
  const names = sentenceList(unobtainable.map((item) => `${missingWords(item)}${item.reason === undefined ? "" : ` (${item.reason})`}`));
  return `${unobtainableExact ? "Every" : "As far as the search went, every"} way to a decision needs ${unobtained(sets)}: ${names}. A clinician must decide without ${unobtainable.length === 1 ? "it" : "them"}.`;
}

const least = ({ size, exact }: MissingSets): string => `${exact ? "" : "As far as the search went, "}${exact ? (size === 1 ? "One answer" : `${size} answers together`) : size === 1 ? "one answer" : `${size} answers together`}`;

function notFound({ atLeast, exact }: MissingSets, what: string): string {
  if (exact) return `No answer can ${what}.`;
  return `No answers were found that ${what}${atLeast > 1 && atLeast < 100 ? `; at least ${atLeast} would be needed` : ""}.`;
}

function setList({ sets, total, exact }: MissingSets): readonly AdviceBlock[] {
  const named = sets.slice(0, FEW_SETS);
  const more = total - named.length;
  return [list(named.map((set) => [setWords(set)])), ...(more > 0 ? [paragraph(`… and ${counted(more, "other set")}${exact ? "" : " at least"}.`)] : [])];
}

function setWords({ items, could }: MissingSet): string {
  return `${sentenceList(items.map(missingWords))} (could ${sentenceList(could, "or")})`;
}

function whyNotSection({ size, ways, total, exact, note }: WhyNot): AdviceSection {
  const title = "Why not approved";
  if (size === undefined) return { title, blocks: [paragraph(note ?? "No way to approval was found.")] };
  const texts = [...new Map(ways.map((way) => [wayWords(way).join("\n"), wayWords(way)])).values()];
  const named = texts.slice(0, FEW_WAYS);
  const more = texts.length - named.length + total - ways.length;
  return {
    title,
    blocks: [
      paragraph(`Nearest to approval, the record and the criteria are ${counted(size, "point")} apart${exact ? "" : ", as far as the search went"}. This compares them; what the record says stands as it is.`),
      list(named, true),
      ...(more > 0 ? [paragraph(`… and ${counted(more, "other way")} as near.`)] : []),
    ],
  };
}

/** What the record shows otherwise comes first; many answers that it does not hold are named together. */
function wayWords({ asked }: Way): readonly string[] {
  const otherwise = asked.filter((each) => each.shows !== undefined);
  const absent = asked.filter((each) => each.shows === undefined);
  if (absent.length <= FEW_ANSWERS) return [...otherwise, ...absent].map(askedWords);
  return [...otherwise.map(askedWords), `The record does not show ${counted(absent.length, otherwise.length > 0 ? "other answer" : "answer")} that the criteria ask for: ${sentenceList(absent.map(nameOf))}.`];
}

const nameOf = ({ kind, name }: Asked): string => (kind === "request" ? `the request's ${name}` : kind === "criterion" ? `criterion ${name}` : name);

/** "I.E.4.b: the criterion asks for heart_dose more than 4 Gy; the record shows 3.2 Gy." */
function askedWords(each: Asked): string {
  const { criteria, kind, name, asks, shows, question } = each;
  const record = shows === undefined ? "the record does not say" : `the record shows ${shows || "none"}`;
  const where = criteria.length === 0 ? "" : `${criteria.join(", ")}: `;
  const subject = criteria.length > 1 ? "the criteria ask" : "the criterion asks";
  if (kind === "criterion") return `${name}: the criteria ask that the reviewer finds it ${asks}; ${shows === undefined ? "the reviewer has not answered" : `the reviewer found it ${shows}`}.`;
  // A whole condition names its facts itself.
  const whole = asks.startsWith("not: ") || new RegExp(`(?:^|\\W)${name}(?:\\W|$)`, "u").test(asks);
  const parts = asks.split("; ").map((part) => (part.startsWith("not: ") ? `that “${part.slice(5)}” does not hold` : `that “${part}” holds`));
  const what = kind === "request" ? `for a request with ${name} ${asks}` : whole ? sentenceList(parts) : `for ${name}: ${asks}`;
  return `${where}${subject} ${what}; ${record}${whole && kind === "fact" ? ` for ${name}` : ""}.${question !== "" && question !== name.replace(/_/gu, " ") && kind === "fact" ? ` (${question})` : ""}`;
}
