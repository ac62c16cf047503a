// Proposals made of what a policy declares and of the language's words; every context composes its list from these.
import type { Analysis, FactSymbol, FactType } from "../../semantics/model.js";
import { findUnit, sameDimension, type Unit, unitWords } from "../../semantics/units.js";
import { plainProse, proseText } from "../../semantics/prosetext.js";
import type { Range } from "../../text.js";
import type { Term } from "../../vocabulary.js";
import { statusText } from "../hover/codes.js";
import { definitionText } from "../hover/symbols.js";
import type { Completion, CompletionKind } from "../model.js";
import { escaped, readable, referenceMarkdown, shortened, typeText } from "../wording.js";

/** A proposal for `range`. */
export function item(range: Range, kind: CompletionKind, label: string, more: Partial<Omit<Completion, "kind" | "label" | "start" | "end">> = {}): Completion {
  return { start: range.start, end: range.end, kind, label, ...more };
}

/** The language's words, each with its meaning. */
export function terms(range: Range, kind: CompletionKind, list: readonly Term[], rank = 5, ending = ""): Completion[] {
  return list.map((term) => item(range, kind, term.word, { documentation: term.meaning, rank, ...(ending === "" ? {} : { insert: `${term.word}${ending}` }) }));
}

/** Facts with type and question. */
export function facts(analysis: Analysis, range: Range, wanted: (fact: FactSymbol) => boolean = () => true, rank = 1, ending = ""): Completion[] {
  return [...analysis.facts.values()].filter(wanted).map((fact) => factItem(range, fact, rank, ending));
}

/** One fact or field. */
export function factItem(range: Range, fact: FactSymbol, rank = 1, ending = ""): Completion {
  return item(range, "fact", fact.name, {
    detail: shortened(typeText(fact.type), 60), documentation: `${escaped(typeText(fact.type))}${fact.question === undefined ? "" : `\n\n${escaped(fact.question)}`}`, rank, ...(ending === "" ? {} : { insert: `${fact.name}${ending}` }), goesOn: ending !== "",
  });
}

/** Named conditions and values. */
export function definitions(analysis: Analysis, range: Range, rank = 2): Completion[] {
  return [...analysis.definitions.values()].map((definition) => item(range, "definition", definition.name, { detail: "definition", documentation: definitionText(analysis, definition), rank }));
}

/** Addresses of criteria with their words. */
export function addresses(analysis: Analysis, range: Range, wanted: "all" | "attested" = "all", ending = ""): Completion[] {
  return [...analysis.byAddress.values()]
    .filter((criterion) => wanted === "all" || criterion.attested)
    .map((criterion) => {
      const prose = criterion.node.kind === "criterion" ? plainProse(readable(analysis), criterion.node.prose) : "";
      return item(range, "criterion", criterion.address, { detail: shortened(prose, 70), documentation: escaped(prose), ...(ending === "" ? {} : { insert: `${criterion.address}${ending}`, goesOn: true }) });
    });
}

/** Reference numbers with their titles. */
export function citations(analysis: Analysis, range: Range): Completion[] {
  return [...analysis.references.values()].map((reference) => {
    const text = proseText(readable(analysis), reference.node.prose);
    return item(range, "reference", String(reference.number), { detail: shortened(text, 90), documentation: referenceMarkdown(analysis, reference.node), filter: `${reference.number} ${text}` });
  });
}

/** The codes of the policy's table with their status; `systems` narrows them where it is not empty. */
export function codes(analysis: Analysis, range: Range, today: number, systems: readonly string[] = [], withSystem = false): Completion[] {
  return [...analysis.codes.values()].flat().filter((entry) => systems.length === 0 || systems.includes(entry.system)).map((entry) => {
    const label = `${withSystem ? `${entry.system} ` : ""}${entry.set.text}`;
    const status = statusText(analysis, entry, today);
    return item(range, "code", label, { detail: shortened(`${withSystem ? "" : `${entry.system} · `}${entry.description}`, 80), documentation: [escaped(entry.description), ...status].join("\n\n"), rank: status.some((line) => line.startsWith("⚠")) ? 3 : 1 });
  });
}

/** The values that a fact can be compared with. */
export function choices(type: FactType, range: Range): Completion[] {
  switch (type.kind) {
    case "choice": return type.choices.map((choice) => item(range, "choice", choice, { rank: 0 }));
    case "yes/no": return ["yes", "no"].map((word) => item(range, "choice", word, { rank: 0 }));
    case "list": return choices(type.of, range);
    default: return [];
  }
}

/** Units; those that convert to `like` stand first. */
export function units(range: Range, like?: Unit): Completion[] {
  const words = [...new Set([...(like === undefined || like.text === "" ? [] : [like.text]), ...unitWords()])];
  return words.flatMap((word) => {
    const unit = findUnit(word);
    if (unit === undefined) return [];
    const fits = like !== undefined && sameDimension(unit, like);
    if (like !== undefined && !fits) return [];
    return [item(range, "unit", word, { detail: unit.ucum === word ? undefined : `UCUM ${unit.ucum}`, rank: word === like?.text ? 0 : fits ? 1 : 4 })];
  });
}
