// A recording of half an hour of a writer's work on a policy: what is typed, deleted, pasted, moved, taken back, renamed and formatted,
// with the milliseconds of each. It is made from a seed, so that every run replays the same.
import type { Place } from "./client.js";
import { seeded } from "./random.js";

/** A stretch that is replaced, in offsets of the text as it stands then. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export type Step =
  /** One change as the editor sends it: the parts from the last to the first, so that none moves another. */
  | { readonly kind: "edit"; readonly at: number; readonly edits: readonly Edit[]; readonly cursor: number; readonly typed?: string }
  /** Asks the server for edits and makes them. */
  | { readonly kind: "rename"; readonly at: number; readonly offset: number; readonly name: string }
  | { readonly kind: "format"; readonly at: number }
  | { readonly kind: "enter"; readonly at: number; readonly offset: number };

/** What is done in one go; after it, the server's answers are compared with those of a fresh one. */
export interface Batch {
  readonly what: string;
  readonly steps: Iterable<Step>;
}

/** The text as the writer has it now. The player changes it; the recording looks at it to know where it is. */
export interface Desk {
  text(): string;
  lineStarts(): readonly number[];
  /** The way back of every change so far, the newest last. */
  readonly undo: (readonly Edit[])[];
}

const WORDS = "therapy stage finding report imaging documented response treatment weeks clinic measured record outcome criteria review of the and with for after before".split(" ");
/** A typist's rate: forty words a minute. */
const KEY_MS = 290;
const THINKING_MS = 4000;

/** The batches of so many minutes of work. */
export function* recording(desk: Desk, minutes: number, seed = 1): Generator<Batch> {
  const random = seeded(seed);
  const below = (count: number): number => Math.floor(random() * count);
  let clock = 0;
  const tick = (milliseconds = KEY_MS): number => (clock += Math.round(milliseconds * (0.6 + random() * 0.8)));

  const lineAt = (line: number): { start: number; end: number; text: string } => {
    const starts = desk.lineStarts();
    const start = starts[line]!;
    const end = (starts[line + 1] ?? desk.text().length + 1) - 1;
    return { start, end, text: desk.text().slice(start, end) };
  };
  /** A line that is one of those wanted, looked for from a place by chance. */
  const lineLike = (pattern: RegExp): number | undefined => {
    const count = desk.lineStarts().length - 1;
    const from = below(count);
    for (let i = 0; i < count; i++) if (pattern.test(lineAt((from + i) % count).text)) return (from + i) % count;
    return undefined;
  };
  const change = (start: number, end: number, text: string, at = tick()): Step => ({ kind: "edit", at, edits: [{ start, end, text }], cursor: start + text.length });
  function* type(offset: number, text: string): Generator<Step> {
    let at = offset;
    for (const letter of text) {
      // Now and then the wrong key, and back.
      if (letter !== "\n" && random() < 0.03) {
        yield { ...change(at, at, "q"), typed: "q" } as Step;
        yield change(at, at + 1, "");
      }
      yield { ...change(at, at, letter), typed: letter } as Step;
      at += letter.length;
    }
  }

  const PROSE = /^ {2,}\p{L}[^"=]{40,}$/u;
  const CRITERION = /^ {3,}(?:[A-Z]|\d+|[a-z])\. .{20,}[^:]$/u;
  const CONDITION = /^ {4,}when \w+/u;
  const actions: readonly (readonly [string, number, () => Generator<Step>])[] = [
    ["typing words into prose", 6, function* () {
      const line = lineLike(random() < 0.5 ? CRITERION : PROSE);
      if (line === undefined) return;
      const { start, text } = lineAt(line);
      const space = text.indexOf(" ", text.search(/\S/u) + 12 + below(15));
      const words = Array.from({ length: 4 + below(8) }, () => WORDS[below(WORDS.length)]).join(" ");
      yield* type(start + (space < 0 ? text.length : space), ` ${words}`);
    }],
    ["deleting words", 3, function* () {
      const line = lineLike(PROSE);
      if (line === undefined) return;
      const { start, text } = lineAt(line);
      const from = Math.min(text.length, 30 + below(20));
      for (let i = 0; i < 8 + below(12) && /[\p{L} ]/u.test(text[from - i - 1] ?? ""); i++) yield change(start + from - i - 1, start + from - i, "", tick(90));
    }],
    ["pasting a criterion", 3, function* () {
      const line = lineLike(CRITERION);
      if (line === undefined) return;
      const next = lineAt(line + 1);
      const { start } = lineAt(line);
      const copied = desk.text().slice(start, /^\s+when /u.test(next.text) ? next.end + 1 : next.start);
      const to = start + copied.length;
      yield change(to, to, copied, tick(THINKING_MS));
      yield* type(to + copied.search(/\. /u) + 2, "Again: ");
      // The label is given anew where it stands twice.
      const label = copied.search(/\S/u);
      yield change(to + label, to + label + copied.slice(label).indexOf("."), "");
      yield* type(to + label, "zz");
    }],
    ["writing a new criterion with its condition", 4, function* () {
      const line = lineLike(CONDITION);
      if (line === undefined) return;
      const condition = lineAt(line);
      const fact = /when (?:not )?\(*(\w+)/u.exec(condition.text)?.[1] ?? "age";
      yield { ...change(condition.end, condition.end, "\n"), typed: "\n" } as Step;
      yield { kind: "enter", at: tick(30), offset: condition.end + 1 };
      const here = lineAt(line + 1);
      yield* type(here.end, `${/\S/u.test(here.text) ? "" : `${/^ */u.exec(condition.text)![0].slice(3)}x. `}A finding of the ${WORDS[below(WORDS.length)]}`);
      const written = lineAt(line + 1);
      yield* type(written.end, `\n${/^ */u.exec(condition.text)![0]}when ${fact} or not ${fact}`);
    }],
    ["moving lines", 2, function* () {
      const line = lineLike(PROSE);
      if (line === undefined || line < 2) return;
      for (let i = 0; i < 3; i++) {
        const here = lineAt(line - i);
        const above = lineAt(line - i - 1);
        if (above.text.trim() === "" || !above.text.startsWith("  ")) return;
        yield { kind: "edit", at: tick(), edits: [{ start: here.start, end: here.end, text: above.text }, { start: above.start, end: above.end, text: here.text }], cursor: above.start };
      }
    }],
    ["taking back", 4, function* () {
      for (let i = 0, most = 5 + below(20); i < most && desk.undo.length > 0; i++) {
        const edits = desk.undo[desk.undo.length - 1]!;
        desk.undo.length -= 1;
        yield { kind: "edit", at: tick(150), edits, cursor: edits[0]!.start };
        // What takes back is not taken back itself.
        desk.undo.length -= 1;
      }
    }],
    ["breaking a line and mending it", 3, function* () {
      const line = lineLike(random() < 0.5 ? CONDITION : /^ {2}\w+ {2,}\S.*"$/u);
      if (line === undefined) return;
      const { start, end, text } = lineAt(line);
      const last = text.slice(-1);
      yield change(end - 1, end, "", tick(THINKING_MS));
      yield* type(end - 1, " and (");
      yield { ...change(end - 1, end - 1 + 6, last, tick(THINKING_MS)) };
      yield change(start, start, "# ");
      yield change(start, start + 2, "");
    }],
    ["breaking the document: a section's heading goes and comes back", 1, function* () {
      const line = lineLike(/^(?:criteria|facts|references|background|codes)$/u);
      if (line === undefined) return;
      const { start, end, text } = lineAt(line);
      for (let i = 0; i < 3; i++) yield change(end - i - 1, end - i, "");
      yield* type(end - 3, text.slice(-3));
      yield change(start, end, "", tick(THINKING_MS));
      yield change(start, start, text);
    }],
    ["a case's fact changes", 3, function* () {
      const line = lineLike(/^ {2,}\w+ = \d+/u);
      if (line === undefined) return;
      const { start, text } = lineAt(line);
      const figure = text.search(/\d/u);
      const length = /\d+/u.exec(text)![0].length;
      yield change(start + figure, start + figure + length, "");
      yield* type(start + figure, String(1 + below(98)));
    }],
    ["renaming a fact", 2, function* () {
      const line = lineLike(/^ {2}[a-z]\w+ {2,}(?:yes\/no|one of|number)/u);
      if (line === undefined) return;
      yield { kind: "rename", at: tick(THINKING_MS), offset: lineAt(line).start + 3, name: `renamed_${below(1_000_000)}` };
    }],
    ["formatting", 1, function* () {
      yield { kind: "format", at: tick(THINKING_MS) };
    }],
  ];
  const hat = actions.flatMap((action) => Array.from({ length: action[1] }, () => action));
  // Several actions make a batch, about half a minute of work.
  while (clock < minutes * 60_000) {
    const until = Math.min(clock + 30_000, minutes * 60_000);
    const what: string[] = [];
    yield {
      get what() { return what.join(", "); },
      steps: (function* () {
        while (clock < until) {
          const [name, , run] = hat[below(hat.length)]!;
          what.push(name);
          tick(THINKING_MS / 2);
          yield* run();
        }
      })(),
    };
  }
}

/** The starts of the lines of a text. */
export function startsOf(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

/** The line and character of an offset. */
export function placeAt(starts: readonly number[], offset: number): Place {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle]! <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low, character: offset - starts[low]! };
}
