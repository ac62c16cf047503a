// A worker of a batch: evaluates the pieces that it is sent, one after another.
import { isMainThread, parentPort, workerData } from "node:worker_threads";
import { UsageError } from "../exit.js";
import { pieceEvaluator, type BatchSetup, type PieceResult } from "./rows.js";

export interface PieceAsked {
  readonly bytes: Uint8Array;
  readonly firstLine: number;
}
export type PieceDone = Omit<PieceResult, "text"> & { readonly bytes: Uint8Array };

/** Answers each piece with its results, until the main thread ends it. */
export function batchWorker(): void {
  if (isMainThread || parentPort === null) throw new UsageError("unknown command `batch-worker`", "`policy --help` shows what there is.");
  const port = parentPort;
  const evaluate = pieceEvaluator(workerData as BatchSetup);
  port.on("message", ({ bytes, firstLine }: PieceAsked) => {
    const { text, tally, problems } = evaluate(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("utf8"), firstLine);
    // In memory of its own, which is handed over, not copied.
    const done = new TextEncoder().encode(text);
    port.postMessage({ bytes: done, tally, problems } satisfies PieceDone, [done.buffer as ArrayBuffer]);
  });
}
