// Semantic tokens: of a whole policy, of what has changed since the last answer, of the lines that are seen.
import type { SemanticTokens, SemanticTokensDelta } from "vscode-languageserver";
import type { Token } from "../../features/semantictokens.js";
import { offsetAt, positionAt, type LineIndex } from "../../text.js";
import { type RequestGroup, type ServerContext, whole } from "../context.js";
import { core } from "../lazy.js";
import { SEMANTIC_MODIFIERS, SEMANTIC_TYPES } from "../legend.js";

/** What was last sent for a document, to say what has changed. */
interface Sent {
  readonly id: string;
  readonly data: Uint32Array;
}

export const semanticTokenRequests: RequestGroup = {
  capabilities: () => ({ semanticTokensProvider: { legend: { tokenTypes: [...SEMANTIC_TYPES], tokenModifiers: [...SEMANTIC_MODIFIERS] }, full: { delta: true }, range: true } }),
  register(context) {
    const { connection, requests } = context;
    const sent = new Map<string, Sent>();
    let count = 0;
    const make = (uri: string): Sent | undefined => {
      const data = whole(context, uri, (analysis) => encoded(analysis.text, analysis.lines, core().semanticTokens(analysis, context.runtime.today())));
      return data === null ? undefined : keep(context, sent, uri, { id: String(++count), data });
    };
    connection.languages.semanticTokens.on(requests("semantic tokens", { data: [] }, ({ textDocument: { uri } }): SemanticTokens => {
      const made = make(uri);
      return made === undefined ? { data: [] } : { resultId: made.id, data: Array.from(made.data) };
    }));
    connection.languages.semanticTokens.onDelta(requests("semantic tokens since", { data: [] }, ({ textDocument: { uri }, previousResultId }): SemanticTokens | SemanticTokensDelta => {
      const before = sent.get(uri);
      const made = make(uri);
      if (made === undefined) return { data: [] };
      return before !== undefined && before.id === previousResultId ? { resultId: made.id, edits: difference(before.data, made.data) } : { resultId: made.id, data: Array.from(made.data) };
    }));
    connection.languages.semanticTokens.onRange(requests("semantic tokens of lines", { data: [] }, ({ textDocument: { uri }, range }): SemanticTokens => {
      const data = whole(context, uri, (analysis) => encoded(analysis.text, analysis.lines, core().semanticTokens(analysis, context.runtime.today(), { start: offsetAt(analysis.lines, range.start), end: offsetAt(analysis.lines, range.end) })));
      return { data: data === null ? [] : Array.from(data) };
    }));
  },
};

function keep({ documents }: ServerContext, sent: Map<string, Sent>, uri: string, made: Sent): Sent {
  // Closed documents are not asked about any more.
  for (const each of sent.keys()) if (documents.get(each) === undefined) sent.delete(each);
  sent.set(uri, made);
  return made;
}

/** Five numbers for each token: lines and characters since the one before, length, type, modifiers. A token lies on one line. */
export function encoded(text: string, lines: LineIndex, tokens: readonly Token[]): Uint32Array {
  let data = new Uint32Array(tokens.length * 5 + 50);
  let at = 0;
  let line = 0;
  let lastLine = 0;
  let lastCharacter = 0;
  const { starts } = lines;
  const push = (start: number, end: number, token: Token): void => {
    while (line + 1 < starts.length && starts[line + 1]! <= start) line++;
    const character = start - starts[line]!;
    if (at + 5 > data.length) {
      const grown = new Uint32Array(data.length * 2);
      grown.set(data);
      data = grown;
    }
    data[at] = line - lastLine;
    data[at + 1] = line === lastLine ? character - lastCharacter : character;
    data[at + 2] = end - start;
    data[at + 3] = TYPE_INDEX.get(token.type)!;
    data[at + 4] = token.modifiers;
    at += 5;
    lastLine = line;
    lastCharacter = character;
  };
  if (tokens.length > 0) line = positionAt(lines, tokens[0]!.start).line;
  for (const token of tokens) {
    const until = starts[line + 1];
    // Nearly all tokens lie on the line of the one before or on the next.
    if ((until !== undefined && token.end < until) || !text.slice(token.start, token.end).includes("\n")) push(token.start, token.end, token);
    else {
      for (const part of text.slice(token.start, token.end).matchAll(/[^\s](?:[^\r\n]*[^\s])?/gu)) push(token.start + part.index, token.start + part.index + part[0].length, token);
    }
  }
  return data.subarray(0, at);
}

const TYPE_INDEX: ReadonlyMap<string, number> = new Map(SEMANTIC_TYPES.map((type, i) => [type, i]));

/** One edit that turns the old numbers into the new; none where they are the same. */
export function difference(before: Uint32Array, after: Uint32Array): readonly { start: number; deleteCount: number; data?: number[] }[] & { start: number; deleteCount: number; data?: number[] }[] {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start++;
  if (start === before.length && start === after.length) return [];
  let tail = 0;
  while (tail < shorter - start && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++;
  return [{ start, deleteCount: before.length - tail - start, data: Array.from(after.subarray(start, after.length - tail)) }];
}
