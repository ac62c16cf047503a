// Text in boxes of a drawing: how wide words are about to be, and lines that fit.

/** Width of a character in parts of the font's size; on the wide side, because the reader's font is not known. */
function widthOf(character: string): number {
  if (/[ilj.,;:'|!]/u.test(character)) return 0.3;
  if (/[\s()[\]tfrI/-]/u.test(character)) return 0.4;
  if (/[mwMW@%—…]/u.test(character)) return 0.96;
  if (/[A-Z≥≤≠]/u.test(character)) return 0.72;
  return character.codePointAt(0)! > 0x2e80 ? 1.05 : 0.61;
}

/** About how wide a text is, in pixels. */
export function textWidth(text: string, size: number): number {
  let width = 0;
  for (const character of text) width += widthOf(character);
  return width * size;
}

/** Breaks a text into lines no wider than `width`; what is beyond `most` lines ends in an ellipsis. */
export function textLines(text: string, width: number, size: number, most: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ").flatMap((each) => pieces(each, width, size))) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line === "" || textWidth(longer, size) <= width) {
      line = longer;
      continue;
    }
    lines.push(line);
    line = word;
    if (lines.length > most) break;
  }
  if (line !== "") lines.push(line);
  if (lines.length <= most) return lines;
  let last = lines[most - 1]!;
  while (last !== "" && textWidth(`${last} …`, size) > width) last = last.replace(/\s*\S+$/u, "");
  return [...lines.slice(0, most - 1), `${last} …`.trim()];
}

/** A word that is wider than a line, in pieces. */
function pieces(word: string, width: number, size: number): readonly string[] {
  if (textWidth(word, size) <= width) return [word];
  const found: string[] = [];
  let piece = "";
  for (const character of word) {
    if (piece !== "" && textWidth(piece + character, size) > width) {
      found.push(piece);
      piece = "";
    }
    piece += character;
  }
  return [...found, piece];
}
