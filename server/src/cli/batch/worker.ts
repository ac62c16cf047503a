// A worker of a batch: evaluates the pieces that it is sent, one after another.
import { isMainThread, parentPort, workerData } from "node:worker_threads";
import { UsageError } from "../exit.js";
import { pieceEvaluator, type BatchSetup, type PieceResult, type Rows } from "./rows.js";

/** A piece, with the memory for its results. */
export interface PieceAsked {
  readonly rows: Rows;
  readonly output: Uint8Array;
}
/** The results stand in the memory that was sent along; where they did not fit, they come in memory of their own. */
export type PieceDone = Omit<PieceResult, "bytes"> & { readonly larger?: Uint8Array | undefined };
/** What a worker says: that it is ready, once, then a result for each piece. */
export type FromWorker = "ready" | PieceDone;

/** Answers each piece with its results, until the main thread ends it. */
export function batchWorker(): void {
  if (isMainThread || parentPort === null) throw new UsageError("unknown command `batch-worker`", "`policy --help` shows what there is.");
  const port = parentPort;
  const evaluate = pieceEvaluator(workerData as BatchSetup);
  port.on("message", ({ rows, output }: PieceAsked) => {
    const { bytes, length, tally, problems } = evaluate(rows, output);
    if (bytes === output) {
      port.postMessage({ length, tally, problems } satisfies FromWorker);
      return;
    }
    port.postMessage({ length, tally, problems, larger: bytes } satisfies FromWorker, [bytes.buffer as ArrayBuffer]);
  });
  port.postMessage("ready" satisfies FromWorker);
}
