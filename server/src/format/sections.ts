// Each kind of section, entry by entry: which lines an entry becomes.
import type * as A from "../syntax/ast.js";
import { conditionEntry, contents, freeEntry, isBroken, isInterrupted, moved, pad, proseEntry, type Sheet, trimEnd } from "./flow.js";
import { baseOf } from "./model.js";
import type { Entry, Section } from "./reading.js";
import { codesLayer, defineLayer, factsLayer, headerLayer, type Layer } from "./tables.js";
import { commaSpaced, spaced, tidyCondition, tidySpaces } from "./wrap.js";

/** The nodes that tables need, by the places where they begin. */
export interface Nodes {
  readonly facts: ReadonlyMap<number, A.FactDeclaration>;
  readonly rows: ReadonlyMap<number, A.CodeRow>;
}

export function nodesOf(document: A.Document): Nodes {
  const facts = new Map<number, A.FactDeclaration>();
  const rows = new Map<number, A.CodeRow>();
  const put = (fact: A.FactDeclaration): void => {
    facts.set(fact.start, fact);
    fact.fields.forEach(put);
  };
  for (const section of document.sections) {
    if (section.kind === "facts") section.facts.forEach(put);
    else if (section.kind === "codes") for (const row of section.rows) if (row.kind === "codeRow") rows.set(row.start, row);
  }
  return { facts, rows };
}

/** The way in which the entries of a section are laid out, asked for in their order. */
export function layerOf(sheet: Sheet, section: Section, nodes: Nodes): Layer {
  switch (section.place) {
    case "header": return headerLayer(sheet, section);
    case "facts": return factsLayer(sheet, section, nodes.facts);
    case "define": return defineLayer(sheet, section);
    case "codes": return codesLayer(sheet, section, nodes.rows);
    case "criteria": return criteriaLayer(sheet);
    case "cases": {
      // The first line tells where cases begin, even if it is none.
      const first = section.parts.find((part) => part.kind === "entry");
      // Evidence stands below the answer or the record on the line above it.
      let answer = 4;
      return (entry) => {
        if (entry.line === "record") answer = 6;
        else if (entry.line !== "evidence") answer = 4;
        return caseEntry(sheet, entry, entry === first, answer + 2);
      };
    }
    case "references": return (entry) => referenceEntry(sheet, entry);
    case "revisions": return (entry) => revisionEntry(sheet, entry);
    case "text": case "notes": return (entry) => paragraphEntry(sheet, section, entry);
    case "start": return (entry) => moved(sheet, "start", entry, sheet.lines[entry.first]!.column);
  }
}

const headOf = ({ text, lines }: Sheet, entry: Entry): string => spaced(text.slice(lines[entry.first]!.at, entry.headEnd));

/** Statements stand at the margin; each level below is indented as far as the prose above it. */
function criteriaLayer(sheet: Sheet): Layer {
  // Column of what stands below the last entry of each level.
  const below: number[] = [];
  return (entry) => {
    const indent = entry.depth === 0 ? 0 : below[entry.depth - 1]!;
    const head = headOf(sheet, entry);
    const prose = indent + head.length + 1;
    const layout = { place: "criteria", indent, head: `${head} `, hang: prose, from: entry.headEnd } as const;
    switch (entry.line) {
      case "label": case "bullet":
        // Numerals of statements differ in length: what stands below them does not.
        below[entry.depth] = entry.depth === 0 ? Math.min(prose, 3) : prose;
        return proseEntry(sheet, entry, layout);
      case "note": case "approvalDuration": case "quantityLimit":
        below[entry.depth] = indent + 3;
        return proseEntry(sheet, entry, layout);
      case "when": case "unless": case "waived": case "if": case "appliesTo":
        below[entry.depth] = indent + 3;
        return conditionEntry(sheet, entry, layout);
      default:
        below[entry.depth] = indent + 3;
        return moved(sheet, "criteria", entry, indent);
    }
  };
}

/** Free text and notes: deeper paragraphs stay deeper. */
function paragraphEntry(sheet: Sheet, { place, base }: Section, entry: Entry): string[] {
  const { text, lines } = sheet;
  const line = lines[entry.first]!;
  const indent = baseOf(place) + Math.max(0, line.column - base);
  const bullet = /^(?:\*{1,3}|[†‡§]+|[-•–▪◦·])(?=\s)|^(?:\(\w{1,4}\)|\w{1,4}[.)])(?=\s)/u.exec(text.slice(line.at, line.end))?.[0] ?? "";
  const head = bullet === "" ? "" : `${bullet} `;
  // A line of notes at the margin of the section would be a note of its own.
  const hang = indent + (head !== "" ? head.length : place === "notes" ? 2 : 0);
  return freeEntry(sheet, entry, { place, indent, head, hang, from: line.at + bullet.length });
}

function referenceEntry(sheet: Sheet, entry: Entry): string[] {
  if (entry.line !== "reference") return moved(sheet, "references", entry, 2);
  const head = headOf(sheet, entry);
  return proseEntry(sheet, entry, { place: "references", indent: 2, head: `${head} `, hang: 3 + head.length, from: entry.headEnd });
}

/** The dates on one line, what changed on lines below it. */
function revisionEntry(sheet: Sheet, entry: Entry): string[] {
  const { lines } = sheet;
  const dates = { ...entry, last: entry.first };
  const line = lines[entry.first]!;
  if (entry.headEnd === line.at || isBroken(sheet, entry) || line.comment >= 0) return moved(sheet, "revisions", entry, 2);
  const head = `  ${contents(sheet, dates, line.at).map((said) => commaSpaced(tidySpaces(said))).join("")}`;
  if (entry.last === entry.first) return [head];
  let first = entry.first + 1;
  const between: string[] = [];
  for (; lines[first]!.at >= lines[first]!.stop || lines[first]!.comment === lines[first]!.at; first++) {
    between.push(lines[first]!.comment < 0 ? "" : `    ${trimEnd(sheet.text.slice(lines[first]!.comment, lines[first]!.stop))}`);
  }
  return [head, ...between, ...freeEntry(sheet, { ...entry, first }, { place: "revisions", indent: 4, head: "", hang: 4, from: lines[first]!.at })];
}

const UNABLE = /^\s*=\s*unable\s+to\s+obtain(?![\p{L}\p{N}_-])/iu;

function caseEntry(sheet: Sheet, entry: Entry, isFirst: boolean, below: number): string[] {
  const indent = isFirst || entry.line === "case" || entry.line === "stray" ? 2 : entry.line === "record" ? 6 : entry.line === "evidence" ? below : 4;
  const head = headOf(sheet, entry);
  const layout = { place: "cases", indent, head: `${head} `, hang: indent + head.length + 1, from: entry.headEnd } as const;
  switch (entry.line) {
    case "caseNote": case "evidence":
      return proseEntry(sheet, entry, layout);
    case "caseFact": case "attestation":
      // The reason behind `unable to obtain` is prose.
      if (UNABLE.test(sheet.text.slice(entry.headEnd, sheet.lines[entry.first]!.end))) return proseEntry(sheet, entry, { ...layout, hang: indent + head.length + 3 });
      // `name = value`; what goes on stands below the value.
      return conditionEntry(sheet, entry, { ...layout, hang: indent + head.length + 3 });
    case "case": case "record":
      // A name, or fields of a record, which would be facts on a line of their own.
      if (isBroken(sheet, entry) || isInterrupted(sheet, entry) || entry.first !== entry.last) return moved(sheet, "cases", entry, indent);
      return [trimEnd(`${pad(indent)}${head} ${contents(sheet, entry, entry.headEnd).map(tidyCondition).join("")}`)];
    case "on": case "caseCodes": case "caseLine": case "casePathway": case "expect":
      return conditionEntry(sheet, entry, layout);
    default:
      return moved(sheet, "cases", entry, indent);
  }
}
