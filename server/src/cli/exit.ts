// Exit codes, and the one error class of the command line: something the user can put right.

export const EXIT = {
  /** Nothing found, every case as expected. */
  ok: 0,
  /** Findings, failed cases, or a policy whose errors forbid evaluation. */
  findings: 1,
  /** A usage mistake, a file that cannot be read, or a bug of ours. */
  usage: 2,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** A mistake in how the command was called, or a file that cannot be read; `hint` says what to do. */
export class UsageError extends Error {
  constructor(message: string, readonly hint?: string) {
    super(message);
  }
}
