// Markdown for a terminal: headings, paragraphs, lists, tables and code as our own pages have them.
import type { FrameOptions } from "./codeframe.js";
import { displayWidth, padded, wrapped } from "./width.js";

/** A page of ours as lines for a terminal, with a final line end. Links show their words alone. */
export function markdownText(markdown: string, { colours, width }: FrameOptions): string {
  const words = (text: string): string => text.replace(/\[([^\]]*)\]\([^)\s]*\)/gu, "$1").replace(/\*\*([^*]+)\*\*/gu, "$1");
  const blocks: string[] = [];
  const lines = markdown.replace(/<!--[\s\S]*?-->\n?/gu, "").split("\n");
  for (let i = 0; i < lines.length;) {
    const line = lines[i]!;
    const heading = /^(#+) (.*)$/u.exec(line);
    if (line.trim() === "") {
      i++;
    } else if (heading !== null) {
      blocks.push(colours.bold(words(heading[2]!)));
      i++;
    } else if (line.startsWith("```")) {
      const end = lines.findIndex((each, at) => at > i && each.startsWith("```"));
      const stop = end < 0 ? lines.length : end;
      blocks.push(lines.slice(i + 1, stop).map((each) => (each === "" ? "" : `    ${colours.cyan(each)}`)).join("\n"));
      i = stop + 1;
    } else {
      const start = i;
      const kind = kindOf(line);
      while (i < lines.length && lines[i]!.trim() !== "" && !/^(?:#+ |```)/u.test(lines[i]!) && (i === start || (kindOf(lines[i]!) === "text" ? kind !== "table" : kindOf(lines[i]!) === kind))) i++;
      const part = lines.slice(start, i).map(words);
      if (kind === "table") blocks.push(table(part, width, colours.dim));
      else if (kind === "item") blocks.push(items(part).map((item) => wrapped(item, width - 4).map((each, at) => `${at === 0 ? "  - " : "    "}${each}`).join("\n")).join("\n"));
      else blocks.push(wrapped(part.join(" "), width).join("\n"));
    }
  }
  return `${blocks.join("\n\n")}\n`;
}

const kindOf = (line: string): "table" | "item" | "text" => (line.startsWith("|") ? "table" : /^[-*] /u.test(line) ? "item" : "text");

/** List items with their continuation lines. */
function items(lines: readonly string[]): string[] {
  const found: string[] = [];
  for (const line of lines) {
    if (/^[-*] /u.test(line)) found.push(line.slice(2));
    else found.push(`${found.pop() ?? ""} ${line.trim()}`);
  }
  return found;
}

/** A table by columns; the last column takes the room that is left. */
function table(lines: readonly string[], width: number, dim: (text: string) => string): string {
  const rows = lines.filter((line) => !/^\|[-:| ]+\|$/u.test(line)).map((line) => line.replace(/^\||\|$/gu, "").split(/(?<!\\)\|/u).map((cell) => cell.trim().replaceAll("\\|", "|")));
  const count = Math.max(...rows.map((row) => row.length));
  const widths = Array.from({ length: count - 1 }, (_, column) => Math.max(...rows.map((row) => displayWidth(row[column] ?? ""))));
  const before = widths.reduce((sum, each) => sum + each + 2, 2);
  return rows.map((row, index) => {
    const head = `  ${widths.map((each, column) => `${padded(row[column] ?? "", each)}  `).join("")}`;
    const last = wrapped(row[count - 1] ?? "", Math.max(20, width - before));
    const text = last.map((each, at) => (at === 0 ? head : " ".repeat(before)) + each).join("\n");
    return index === 0 ? dim(text) : text;
  }).join("\n");
}
