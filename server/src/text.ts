// Text and places in it: UTF-16 offsets everywhere inside, line and character only through the functions of this file.

/** A half-open stretch of a text, in UTF-16 code units. */
export interface Range {
  readonly start: number;
  readonly end: number;
}

/** A zero-based line and UTF-16 character, as the Language Server Protocol counts them. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

/** Where each line of a text begins, so that offsets turn into positions and back. */
export interface LineIndex {
  readonly starts: Uint32Array;
  readonly length: number;
}

/** Finds the line starts of `text`; a line ends with LF, CRLF or a lone CR. */
export function lineIndex(text: string): LineIndex {
  let starts = new Uint32Array(Math.max(16, text.length >> 4));
  let count = 1;
  const hasCarriageReturn = text.includes("\r");
  let at = 0;
  for (;;) {
    const next = hasCarriageReturn ? nextBreak(text, at) : text.indexOf("\n", at) + 1;
    if (next <= 0) break;
    if (count === starts.length) {
      const grown = new Uint32Array(starts.length * 2);
      grown.set(starts);
      starts = grown;
    }
    starts[count++] = next;
    at = next;
  }
  return { starts: starts.subarray(0, count), length: text.length };
}

function nextBreak(text: string, from: number): number {
  for (let i = from; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit === 10) return i + 1;
    if (unit === 13) return text.charCodeAt(i + 1) === 10 ? i + 2 : i + 1;
  }
  return -1;
}

/** The position of an offset; offsets outside the text are clamped to it. */
export function positionAt(index: LineIndex, offset: number): Position {
  const wanted = Math.max(0, Math.min(offset, index.length));
  const { starts } = index;
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle]! <= wanted) low = middle;
    else high = middle - 1;
  }
  return { line: low, character: wanted - starts[low]! };
}

/** The offset of a position; a line or character outside the text is clamped to it. */
export function offsetAt(index: LineIndex, position: Position): number {
  if (position.line < 0) return 0;
  if (position.line >= index.starts.length) return index.length;
  const start = index.starts[position.line]!;
  const next = position.line + 1 < index.starts.length ? index.starts[position.line + 1]! : index.length;
  return Math.min(start + Math.max(0, position.character), next);
}

/** True if `offset` lies in the range, its end included (a cursor behind the last letter still touches a word). */
export function touches(range: Range, offset: number): boolean {
  return range.start <= offset && offset <= range.end;
}

/** `2 facts`, `1 fact`: a count with its noun. */
export function counted(count: number, singular: string, plural = `${singular}s`): string {
  return `${count} ${count === 1 ? singular : plural}`;
}

/** Joins words as in a sentence: `a`, `a and b`, `a, b and c`. */
export function sentenceList(words: readonly string[], conjunction = "and"): string {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} ${conjunction} ${words[words.length - 1]}`;
}

/** Folds runs of white space (line ends of continuation lines among them) to one space. */
export function folded(text: string): string {
  return text.replace(/\s+/gu, " ").trim();
}

/** Makes something when it is first asked for: an expression with Unicode classes takes V8 a good while to prepare, and many are rarely needed. */
export function onDemand<V>(make: () => V): () => V {
  let made: V | undefined;
  return () => (made ??= make());
}

/** Makes the compiler prove that every kind of a union is handled. */
export function assertNever(value: never): never {
  throw new Error(`unhandled ${JSON.stringify(value)}`);
}
