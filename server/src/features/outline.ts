// The outline of a policy: sections, facts, the tree of criteria, codes, revisions, references and cases.
import type { Analysis, CriterionSymbol } from "../semantics/model.js";
import { plainProse, proseText } from "../semantics/prosetext.js";
import type { FactDeclaration, Section } from "../syntax/ast.js";
import { folded, type Range } from "../text.js";
import type { OutlineEntry, OutlineKind } from "./model.js";
import { readable, shortened } from "./wording.js";

/** The outline, in the order of the text. */
export function outline(analysis: Analysis): readonly OutlineEntry[] {
  const { header, sections } = analysis.document;
  const entries = sections.map((section) => sectionEntry(analysis, section));
  if (header === undefined) return entries;
  const name = header.number?.text || "policy";
  return [entry("policy", name, header, header.number ?? header, header.title?.text), ...entries];
}

function entry(kind: OutlineKind, name: string, whole: Range, selection: Range, detail?: string, children: readonly OutlineEntry[] = []): OutlineEntry {
  const start = Math.min(whole.start, selection.start);
  const end = Math.max(whole.end, selection.end, ...children.map((child) => child.end));
  return { kind, name: name || "…", detail, start, end, selection: { start: selection.start, end: selection.end }, children };
}

function sectionEntry(analysis: Analysis, section: Section): OutlineEntry {
  return entry("section", section.heading.text.replace(/:\s*$/u, ""), section, section.heading, undefined, entriesOf(analysis, section));
}

function entriesOf(analysis: Analysis, section: Section): readonly OutlineEntry[] {
  const source = readable(analysis);
  switch (section.kind) {
    case "facts": return section.facts.map((fact) => factEntry(analysis, fact));
    case "define": return section.definitions.map((each) => entry("definition", each.name.text, each, each.name, each.value && shortened(folded(analysis.text.slice(each.value.start, each.value.end)))));
    case "criteria": return analysis.criteria.filter((criterion) => criterion.parent === undefined && within(section, criterion.node)).map((criterion) => criterionEntry(analysis, criterion));
    case "codes": return section.rows.map((row) => (row.kind === "codeGroup" ? entry("codes", row.title.text, row, row.title) : entry("code", row.code === undefined ? row.system.text : `${row.system.text} ${analysis.text.slice(row.code.start, row.code.end)}`, row, row.code ?? row.system, proseText(source, row.description))));
    case "revisions": return section.revisions.map((each) => entry("revision", each.revised?.text ?? "", each, each.revised ?? each, shortened(proseText(source, each.prose))));
    case "references": return section.references.map((each) => entry("reference", `${each.number}.`, each, each.label, shortened(proseText(source, each.prose))));
    case "cases": return section.cases.map((each) => entry("case", each.name?.text ?? "case", each, each.name ?? each));
    case "text": case "notes": return [];
  }
}

const within = (outer: Range, inner: Range): boolean => outer.start <= inner.start && inner.start < outer.end;

function factEntry(analysis: Analysis, fact: FactDeclaration): OutlineEntry {
  const type = fact.type === undefined ? undefined : shortened(folded(analysis.text.slice(fact.type.start, fact.type.end)), 60);
  return entry("fact", fact.name.text, fact, fact.name, type, fact.fields.map((field) => factEntry(analysis, field)));
}

function criterionEntry(analysis: Analysis, criterion: CriterionSymbol): OutlineEntry {
  const { node } = criterion;
  const groups = [...criterion.conditionGroups, ...criterion.exceptionGroups, ...criterion.waiverGroups];
  const children = [...criterion.items, ...groups].sort((a, b) => a.node.start - b.node.start).map((child) => criterionEntry(analysis, child));
  if (node.kind !== "criterion") {
    const words = shortened(folded(analysis.text.slice(node.start, node.combinator?.end ?? node.condition?.end ?? node.keyword.end)), 60);
    return entry("criterion", words, node, node.keyword, undefined, children);
  }
  const prose = shortened(plainProse(readable(analysis), node.prose));
  return entry(criterion.parent === undefined ? "statement" : "criterion", node.label?.text || criterion.label || prose, node, node.label ?? node, prose, children);
}
