// Which headings are sections that the language knows.
import { SECTIONS, type SectionName } from "../vocabulary.js";

const names: ReadonlySet<string> = new Set(SECTIONS.map((section) => section.word));

/** The section a heading opens, if it is one the language knows; capitals and a final colon do not matter. */
export function sectionOf(heading: string): SectionName | undefined {
  const name = heading.trim().replace(/:$/u, "").trim().toLowerCase();
  return names.has(name) ? (name as SectionName) : undefined;
}
