// Evaluates the pieces of a batch: in this thread, and for large inputs in workers beside it.
import { availableParallelism } from "node:os";
import type { Worker } from "node:worker_threads";
import type { Memory } from "./pieces.js";
import { pieceEvaluator, type BatchSetup, type PieceResult, type Rows } from "./rows.js";
import type { FromWorker, PieceAsked } from "./worker.js";

/** Bytes from which on workers are worth their start. */
const BEFORE_WORKERS = 4 * 1024 * 1024;
const MOST_THREADS = 8;
/** Pieces that a worker has in hand: one it works on, and the next. */
const IN_HAND = 2;

/** A piece on its way. */
export interface Job {
  readonly rows: Rows;
  readonly memory: Memory;
  done?: PieceResult | undefined;
}

export interface Pool {
  /** How many pieces may be under way at once. */
  readonly room: number;
  /** Has a piece evaluated: by a worker that has time, else here and at once. */
  give(job: Job): void;
  /** Resolves when a worker is done with a piece. */
  next(): Promise<void>;
  end(): Promise<void>;
}

/** `threads` 1 keeps all of it in this thread; `total` is the size of the input, where it is known. */
export function poolOf(setup: BatchSetup, total: number | undefined, threads = Math.min(MOST_THREADS, availableParallelism())): Pool {
  let evaluate: ReturnType<typeof pieceEvaluator> | undefined;
  let workers: Member[] | undefined;
  let seen = 0;
  let wake = (): void => undefined;

  function here(job: Job): void {
    evaluate ??= pieceEvaluator(setup);
    job.done = evaluate(job.rows, job.memory.output);
  }

  return {
    room: threads * IN_HAND + 1,
    give(job) {
      seen += job.rows.length;
      // This thread is one of them: it evaluates what the workers have no time for.
      if (threads > 1 && Math.max(seen, total ?? 0) > BEFORE_WORKERS) workers ??= startWorkers(setup, threads - 1, { lost: here, settled: () => wake() });
      const member = workers?.filter(({ ready, jobs }) => ready && jobs.length < IN_HAND).sort((a, b) => a.jobs.length - b.jobs.length)[0];
      if (member === undefined) here(job);
      else member.ask(job);
    },
    next: () => new Promise((resolve) => { wake = resolve; }),
    async end() {
      await Promise.all((workers ?? []).map(({ worker }) => worker.terminate()));
    },
  };
}

interface Member {
  readonly worker: Worker;
  ready: boolean;
  /** What it has in hand, oldest first. */
  readonly jobs: Job[];
  ask(job: Job): void;
}

function startWorkers(setup: BatchSetup, count: number, { lost, settled }: { lost(job: Job): void; settled(): void }): Member[] {
  const { Worker: Thread } = require("node:worker_threads") as typeof import("node:worker_threads");
  return Array.from({ length: count }, (): Member => {
    // The command line itself, in a thread of its own.
    const worker = new Thread(process.argv[1]!, { argv: ["batch-worker"], workerData: setup, resourceLimits: { maxYoungGenerationSizeMb: 8 } });
    const member: Member = {
      worker,
      ready: false,
      jobs: [],
      ask(job) {
        member.jobs.push(job);
        worker.postMessage({ rows: job.rows, output: job.memory.output } satisfies PieceAsked);
      },
    };
    // A worker that was lost leaves its pieces to this thread.
    const lose = (): void => {
      member.ready = false;
      for (const job of member.jobs.splice(0)) lost(job);
      settled();
    };
    worker.on("message", (said: FromWorker) => {
      if (said === "ready") {
        member.ready = true;
        return;
      }
      const job = member.jobs.shift()!;
      const { larger, ...rest } = said;
      job.done = { ...rest, bytes: larger ?? job.memory.output };
      settled();
    });
    worker.on("error", lose);
    worker.on("exit", lose);
    return member;
  });
}
