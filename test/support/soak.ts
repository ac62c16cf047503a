// Replays the recording of recorded-edits.ts on a large policy through the real server, asks what an editor asks in between, and compares
// what the server says with what a fresh one says of the same text. Used by test/soak.test.ts and `npm run soak`.
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { CancellationTokenSource, type TextEdit, type WorkspaceEdit } from "vscode-languageserver-protocol/node";
import { type ClientOptions, ROOT, startClient } from "./client.js";
import { type Desk, type Edit, placeAt, recording, startsOf, type Step } from "./recorded-edits.js";
import { seeded } from "./random.js";

export interface SoakOptions {
  /** The policy that is worked on. */
  readonly text: string;
  readonly minutes: number;
  readonly seed?: number;
  /** Milliseconds after which no new batch is begun. */
  readonly longest?: number;
  readonly progress?: (line: string) => void;
}

export interface Memory {
  readonly rss: number;
  readonly heap: number;
}

export interface SoakReport {
  /** Minutes of the recording that were replayed. */
  readonly minutes: number;
  readonly seconds: number;
  readonly batches: number;
  readonly edits: number;
  readonly requests: number;
  readonly cancelled: number;
  readonly renamed: number;
  readonly refused: number;
  /** Milliseconds from an edit to its findings, where they were waited for. */
  readonly keystroke: { readonly p50: number; readonly p95: number; readonly most: number };
  /** The longest of them, and how many places that edit changed. */
  readonly slowest: { readonly milliseconds: number; readonly places: number };
  /** Megabytes after a collection: when warm, and at the end; undefined where they cannot be had. */
  readonly warm: Memory | undefined;
  readonly end: Memory | undefined;
  readonly log: readonly string[];
}

/** What the answers of editors that gave a question up are called; a refusal of a rename is an answer too. */
const GIVEN_UP = new Set([-32800, -32801, -32802]);
const REFUSED = new Set([-32602, -32803]);
const MEGABYTE = 1024 * 1024;
/** This part of the minutes warms the server up. */
const WARM = 0.15;
/** Findings of lint rules come when the writer pauses. */
const SETTLED_MS = 20_000;

/** A preloaded file that has the server collect garbage and say its memory, on a signal. */
const MEMORY = (file: string): string => `process.on("SIGUSR2", () => { gc(); gc(); const { rss, heapUsed } = process.memoryUsage(); require("node:fs").writeFileSync(${JSON.stringify(file)}, JSON.stringify({ rss, heap: heapUsed })); });\n`;

export async function soak({ text: first, minutes, seed = 1, longest = Infinity, progress = () => undefined }: SoakOptions): Promise<SoakReport> {
  const folder = mkdtempSync(join(tmpdir(), "policy-soak-"));
  const memoryFile = join(folder, "memory.txt");
  const preload = join(folder, "memory.cjs");
  writeFileSync(preload, MEMORY(memoryFile));
  writeFileSync(join(folder, "soak.policy"), first);
  const caseFile = join(folder, "soak.case.yaml");
  writeFileSync(caseFile, CASES);
  const uri = pathToFileURL(join(folder, "soak.policy")).toString();
  const options = (refresh: boolean): ClientOptions => ({ folder, can: { workspace: { diagnostics: { refreshSupport: refresh }, didChangeWatchedFiles: { dynamicRegistration: true }, workspaceEdit: { documentChanges: true } }, textDocument: { rename: { prepareSupport: true } } } });
  const client = await startClient({ ...options(true), node: ["--expose-gc", "--require", preload] });
  const started = performance.now();
  try {
    return await replay();
  } finally {
    await client.stop();
    rmSync(folder, { recursive: true });
  }

  async function replay(): Promise<SoakReport> {
    let text = first;
    let starts = startsOf(text);
    let version = 1;
    const undo: (readonly Edit[])[] = [];
    const desk: Desk = { text: () => text, lineStarts: () => starts, undo };
    const random = seeded(seed + 1000);
    const times: number[] = [];
    let slowest = { milliseconds: 0, places: 0 };
    const count = { batches: 0, edits: 0, requests: 0, cancelled: 0, renamed: 0, refused: 0, at: 0 };
    let pending: { readonly done: Promise<unknown>; readonly stop: CancellationTokenSource }[] = [];
    let resultId: string | undefined;
    let tokens: { resultId: string; data: number[] } | undefined;
    let warm: Memory | undefined;
    const textDocument = { uri };

    /** Asks; what was given up or refused is counted, any other error is one of ours. */
    const ask = async <R>(method: string, params: object, stop?: CancellationTokenSource): Promise<R | undefined> => {
      count.requests++;
      try {
        return await (stop === undefined ? client.connection.sendRequest<R>(method, params) : client.connection.sendRequest<R>(method, params, stop.token));
      } catch (error) {
        const { code } = error as { code?: number };
        if (code !== undefined && GIVEN_UP.has(code)) count.cancelled++;
        else if (code !== undefined && REFUSED.has(code) && method === "textDocument/rename") count.refused++;
        else throw new Error(`${method}: ${String(error)}`);
        return undefined;
      }
    };

    const pullWith = async (stop?: CancellationTokenSource): Promise<void> => {
      const report = await ask<{ resultId?: string }>("textDocument/diagnostic", { textDocument, ...(resultId === undefined ? {} : { previousResultId: resultId }) }, stop);
      if (report?.resultId !== undefined) resultId = report.resultId;
    };
    const tokensWith = async (stop?: CancellationTokenSource): Promise<void> => {
      if (tokens === undefined) {
        tokens = await ask("textDocument/semanticTokens/full", { textDocument }, stop);
        return;
      }
      const base = tokens;
      const answer = await ask<{ resultId: string; data?: number[]; edits?: { start: number; deleteCount: number; data?: number[] }[] }>("textDocument/semanticTokens/full/delta", { textDocument, previousResultId: base.resultId }, stop);
      // A question that was given up may have been answered all the same: the editor then has the older numbers and their id.
      if (answer === undefined || tokens !== base) return;
      const data = answer.data ?? base.data.slice();
      for (const { start, deleteCount, data: put } of answer.edits ?? []) {
        const tail = data.slice(start + deleteCount);
        data.length = start;
        for (const part of [put ?? [], tail]) for (const each of part) data.push(each);
      }
      tokens = { resultId: answer.resultId, data };
    };

    /** What an editor asks after a change; waited for or given up with the next key. */
    const askAround = (cursor: number, places: number, typed: string | undefined): void => {
      const stop = new CancellationTokenSource();
      const position = placeAt(starts, cursor);
      const seen = { start: { line: Math.max(0, position.line - 25), character: 0 }, end: { line: Math.min(starts.length - 1, position.line + 25), character: 0 } };
      const asked: Promise<unknown>[] = [];
      const began = performance.now();
      asked.push(pullWith(stop).then(() => {
        if (stop.token.isCancellationRequested) return;
        const milliseconds = performance.now() - began;
        times.push(milliseconds);
        if (milliseconds > slowest.milliseconds) slowest = { milliseconds, places };
      }));
      if (typed !== undefined && /\w/u.test(typed) && random() < 0.5) asked.push(ask("textDocument/completion", { textDocument, position }, stop));
      if (typed === " ") asked.push(ask("textDocument/signatureHelp", { textDocument, position }, stop));
      const turn = count.edits % 8;
      if (turn === 1) asked.push(tokensWith(stop), ask("textDocument/documentHighlight", { textDocument, position }, stop));
      if (turn === 3) asked.push(ask("textDocument/hover", { textDocument, position: placeAt(starts, Math.floor(random() * text.length)) }, stop), ask("textDocument/codeLens", { textDocument }, stop));
      if (turn === 5) asked.push(ask("textDocument/inlayHint", { textDocument, range: seen }, stop), ask("textDocument/semanticTokens/range", { textDocument, range: seen }, stop), ask("textDocument/codeAction", { textDocument, range: { start: position, end: position }, context: { diagnostics: [] } }, stop));
      if (turn === 7) asked.push(ask("textDocument/documentSymbol", { textDocument }, stop), ask("textDocument/foldingRange", { textDocument }, stop), ask("textDocument/documentLink", { textDocument }, stop));
      pending.push({ done: Promise.all(asked), stop });
    };

    const settle = async (): Promise<void> => {
      const waiting = pending;
      pending = [];
      for (const each of waiting) await each.done;
    };

    const change = async (edits: readonly Edit[], cursor: number, typed?: string): Promise<void> => {
      // Some keys come before the last one was dealt with: what was asked for it is given up.
      if (random() < 0.25) for (const each of pending) each.stop.cancel();
      else await settle();
      if (pending.length > 6) await settle();
      const contentChanges = edits.map(({ start, end, text: put }) => ({ range: { start: placeAt(starts, start), end: placeAt(starts, end) }, text: put }));
      const back: Edit[] = [];
      let by = 0;
      for (const { start, end, text: put } of [...edits].reverse()) {
        back.unshift({ start: start + by, end: start + by + put.length, text: text.slice(start, end) });
        by += put.length - (end - start);
      }
      undo.push(back);
      if (undo.length > 500) undo.shift();
      for (const { start, end, text: put } of edits) text = text.slice(0, start) + put + text.slice(end);
      starts = startsOf(text);
      count.edits++;
      void client.connection.sendNotification("textDocument/didChange", { textDocument: { uri, version: ++version }, contentChanges });
      askAround(Math.min(cursor, text.length), edits.length, typed);
    };

    const offsetOf = ({ line, character }: { line: number; character: number }): number => Math.min((starts[line] ?? text.length) + character, text.length);
    /** Edits of the server, from the last to the first as the recording has them. */
    const fromServer = async (edits: readonly TextEdit[] | undefined | null): Promise<void> => {
      if (!edits?.length) return;
      const own = edits.map(({ range, newText }) => ({ start: offsetOf(range.start), end: offsetOf(range.end), text: newText })).sort((a, b) => b.start - a.start || b.end - a.end);
      await change(own, own[0]!.start);
    };

    const rename = async (offset: number, name: string): Promise<void> => {
      await settle();
      const edit = await ask<WorkspaceEdit | null>("textDocument/rename", { textDocument, position: placeAt(starts, offset), newName: name });
      if (edit === null || edit === undefined) return;
      count.renamed++;
      const byFile = edit.documentChanges?.flatMap((each) => ("edits" in each ? [[each.textDocument.uri, each.edits as TextEdit[]] as const] : [])) ?? Object.entries(edit.changes ?? {});
      for (const [file, edits] of byFile) {
        if (file === uri) await fromServer(edits);
        else {
          const path = fileURLToPath(file);
          let there = readFileSync(path, "utf8");
          const lines = startsOf(there);
          for (const { range, newText } of [...edits].sort((a, b) => b.range.start.line - a.range.start.line || b.range.start.character - a.range.start.character)) {
            there = there.slice(0, lines[range.start.line]! + range.start.character) + newText + there.slice(lines[range.end.line]! + range.end.character);
          }
          writeFileSync(path, there);
          void client.connection.sendNotification("workspace/didChangeWatchedFiles", { changes: [{ uri: file, type: 2 }] });
        }
      }
    };

    const play = async (step: Step): Promise<void> => {
      count.at = step.at;
      switch (step.kind) {
        case "edit": return change(step.edits, step.cursor, step.typed);
        case "rename": return rename(step.offset, step.name);
        case "format": {
          await settle();
          return fromServer(await ask<TextEdit[]>("textDocument/formatting", { textDocument, options: { tabSize: 2, insertSpaces: true } }));
        }
        case "enter": {
          await settle();
          return fromServer(await ask<TextEdit[]>("textDocument/onTypeFormatting", { textDocument, position: placeAt(starts, step.offset), ch: "\n", options: { tabSize: 2, insertSpaces: true } }));
        }
      }
    };

    const memory = async (): Promise<Memory | undefined> => {
      if (process.platform === "win32") return undefined;
      rmSync(memoryFile, { force: true });
      process.kill(client.pid, "SIGUSR2");
      for (let i = 0; i < 200; i++) {
        await new Promise((done) => setTimeout(done, 50));
        if (!existsSync(memoryFile)) continue;
        const written = readFileSync(memoryFile, "utf8");
        if (!written.endsWith("}")) continue;
        const { rss, heap } = JSON.parse(written) as Memory;
        return { rss: rss / MEGABYTE, heap: heap / MEGABYTE };
      }
      return undefined;
    };

    client.open(uri, text);
    await pullWith();
    for (const { steps, ...batch } of named(recording(desk, minutes, seed))) {
      if (performance.now() - started > longest) break;
      for (const step of steps) await play(step);
      for (const each of pending) if (random() < 0.3) each.stop.cancel();
      await settle();
      await tokensWith();
      await compare(batch.what(), tokens?.data);
      count.batches++;
      if (warm === undefined && (count.at >= minutes * WARM * 60_000 && count.batches >= 2)) warm = await memory();
      progress(`${(count.at / 60_000).toFixed(1)} min · ${count.edits} edits · ${count.requests} requests (${count.cancelled} given up) · ${((performance.now() - started) / 1000).toFixed(0)} s · ${batch.what()}`);
      assert.deepEqual(client.log, [], "the log of the server");
    }
    const end = await memory();
    const sorted = times.sort((a, b) => a - b);
    const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
    const { at: clock, ...counted } = count;
    return { minutes: clock / 60_000, seconds: (performance.now() - started) / 1000, ...counted, keystroke: { p50: at(0.5), p95: at(0.95), most: at(1) }, slowest, warm, end, log: client.log };

    /** What the server says of the text is what a fresh one says. */
    async function compare(what: string, data: readonly number[] | undefined): Promise<void> {
      const fresh = await startClient(options(false));
      try {
        fresh.open(uri, text);
        for (const method of ["documentSymbol", "foldingRange", "codeLens", "documentLink"]) {
          assert.deepEqual(await ask(`textDocument/${method}`, { textDocument }), await fresh.connection.sendRequest(`textDocument/${method}`, { textDocument }), `${method} after: ${what}`);
        }
        const full = await fresh.connection.sendRequest<{ data: number[] }>("textDocument/semanticTokens/full", { textDocument });
        assert.ok(data?.length === full.data.length && full.data.every((each, i) => data[i] === each), `semantic tokens after: ${what}`);
        const wanted = JSON.stringify(await fresh.pull(uri));
        const until = performance.now() + SETTLED_MS;
        for (;;) {
          const found = await client.pull(uri);
          if (JSON.stringify(found) === wanted) return;
          if (performance.now() > until) assert.deepEqual(found, JSON.parse(wanted), `findings after: ${what}`);
          await new Promise((done) => setTimeout(done, 50));
        }
      } finally {
        await fresh.stop();
      }
    }
  }
}

function* named(batches: Iterable<{ readonly what: string; readonly steps: Iterable<Step> }>): Generator<{ what: () => string; steps: Iterable<Step> }> {
  for (const batch of batches) yield { what: () => batch.what, steps: batch.steps };
}

/** A policy of about so many lines, with cases. */
export async function policyOf(lines: number): Promise<string> {
  const { policyOfLines } = await import(pathToFileURL(join(ROOT, "scripts/bench/policy-text.mjs")).href) as { policyOfLines(lines: number): string };
  return policyOfLines(lines) + OWN_CASES;
}

const OWN_CASES = `
cases
  case "Child with a solid tumor"
    on 2025-07-01
    age = 12 years
    solid_tumor = yes
    expect approve

  case "Dose near the limit"
    on 2025-07-01
    age = 40 years
    solid_tumor = no
    prior_radiation = yes
    cumulative_organ_dose = 55 Gy
    expect approve

  case "Nothing known"
    on 2025-07-01
    expect pend
`;

const CASES = "cases:\n  - name: A case of a file beside the policy\n    on: 2025-07-01\n    facts:\n      age: 12 years\n      solid_tumor: yes\n    expect: approve\n";
