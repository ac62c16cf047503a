// Evaluates pieces in the order they come: in this thread while the input is small, then in workers.
import { availableParallelism } from "node:os";
import type { Worker } from "node:worker_threads";
import type { Piece } from "./pieces.js";
import { pieceEvaluator, type BatchSetup } from "./rows.js";
import type { PieceAsked, PieceDone } from "./worker.js";

/** Bytes evaluated before workers are worth their start. */
const BEFORE_WORKERS = 4 * 1024 * 1024;
const MOST_WORKERS = 8;
const IN_HAND = 2;

export interface Pool {
  evaluate(piece: Piece): Promise<PieceDone>;
  /** How many pieces may be under way at once. */
  room(): number;
  end(): Promise<void>;
}

/** `threads` 1 keeps all of it in this thread. */
export function poolOf(setup: BatchSetup, threads = Math.min(MOST_WORKERS, availableParallelism())): Pool {
  let here: ReturnType<typeof pieceEvaluator> | undefined;
  let before = 0;
  let workers: Member[] | undefined;
  const inThread = ({ bytes, firstLine }: Piece): PieceDone => {
    here ??= pieceEvaluator(setup);
    const { text, tally, problems } = here(bytes.toString("utf8"), firstLine);
    return { bytes: Buffer.from(text, "utf8"), tally, problems };
  };
  return {
    async evaluate(piece) {
      before += piece.bytes.length;
      if (threads < 2 || before <= BEFORE_WORKERS) return inThread(piece);
      workers ??= startWorkers(setup, threads);
      const member = workers.filter(({ lost }) => !lost).sort((a, b) => a.waiting.length - b.waiting.length)[0];
      if (member === undefined) return inThread(piece);
      const done = await member.ask(piece);
      // A worker that was lost leaves its pieces to this thread.
      return done ?? inThread(piece);
    },
    room: () => (workers === undefined ? 1 : threads * IN_HAND),
    async end() {
      await Promise.all((workers ?? []).map(({ worker }) => worker.terminate()));
    },
  };
}

interface Member {
  readonly worker: Worker;
  lost: boolean;
  readonly waiting: ((done: PieceDone | undefined) => void)[];
  ask(piece: Piece): Promise<PieceDone | undefined>;
}

function startWorkers(setup: BatchSetup, threads: number): Member[] {
  const { Worker: Thread } = require("node:worker_threads") as typeof import("node:worker_threads");
  return Array.from({ length: threads }, (): Member => {
    // The command line itself, in a thread of its own.
    const worker = new Thread(process.argv[1]!, { argv: ["batch-worker"], workerData: setup, resourceLimits: { maxYoungGenerationSizeMb: 16 } });
    const member: Member = {
      worker,
      lost: false,
      waiting: [],
      ask: ({ bytes, firstLine }) => new Promise((resolve) => {
        member.waiting.push(resolve);
        worker.postMessage({ bytes, firstLine } satisfies PieceAsked);
      }),
    };
    const lose = (): void => {
      member.lost = true;
      for (const resolve of member.waiting.splice(0)) resolve(undefined);
    };
    worker.on("message", (done: PieceDone) => member.waiting.shift()!(done));
    worker.on("error", lose);
    worker.on("exit", lose);
    return member;
  });
}
