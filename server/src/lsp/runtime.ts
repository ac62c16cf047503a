// What the server needs of the machine it runs on; Node gives it in main.ts, a browser worker will give its own.

export interface Runtime {
  /** Text of a file, or undefined where there is none or it cannot be read. Texts above `limit` bytes are not read. */
  readFile(uri: string, limit: number): Promise<string | undefined>;
  /** A path of the settings as a uri; relative ones stand in the first workspace folder. */
  pathToUri(path: string, folder: string | undefined): string;
  /** Today, days since 1970-01-01, in the reader's time zone. */
  today(): number;
  /** Runs `work` once what is waiting has been dealt with. */
  later(work: () => void, milliseconds?: number): void;
}
