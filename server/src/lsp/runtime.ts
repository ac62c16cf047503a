// What the server needs of the machine it runs on; Node gives it in main.ts, a web worker in browser.ts.

export interface Runtime {
  /** Text of a file, or undefined where there is none or it cannot be read. Texts above `limit` bytes are not read. */
  readFile(uri: string, limit: number): Promise<string | undefined>;
  /** The names of the files in a folder, whose uri ends in a slash; none where it cannot be read. */
  filesIn(folder: string): Promise<readonly string[]>;
  /**
   * The uris of the files in a folder and all folders below it whose names end in one of `endings`, at most `limit`; hidden
   * folders and `node_modules` are left out, links are not followed. None where the folder cannot be read.
   */
  filesBelow(folder: string, endings: readonly string[], limit: number): Promise<readonly string[]>;
  /** Whether there is a file or a folder of this uri. */
  exists(uri: string): Promise<boolean>;
  /** A data file that comes with the product, `spelling.bin`; undefined where it is not there. */
  data(name: string): Promise<Uint8Array | undefined>;
  /** A path of the settings as a uri; relative ones stand in the first workspace folder. */
  pathToUri(path: string, folder: string | undefined): string;
  /** Today, days since 1970-01-01, in the reader's time zone. */
  today(): number;
  /** Runs `work` once what is waiting has been dealt with. */
  later(work: () => void, milliseconds?: number): void;
}
