// Reading files and standard input, bounded, as UTF-8 or UTF-16; writing a changed text back as it was encoded. Messages say what could not be done and why.
import { accessSync, chmodSync, closeSync, constants, fstatSync, mkdirSync, openSync, readFileSync, readSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { UsageError } from "./exit.js";
import { complain, isTerminal, put } from "./terminal.js";

/** Larger files are not read, in bytes. */
export const LARGEST_FILE = 16 * 1024 * 1024;

/** The text of a file, or only its size where it is larger than the tool reads. */
export type FileText = { readonly text: string } | { readonly tooLarge: number };

let buffer = Buffer.allocUnsafeSlow(256 * 1024);

/** Reads a file. Throws a `UsageError` where that is not possible. */
export function readText(path: string): FileText {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch (error) {
    throw unreadable(path, error);
  }
  try {
    const stats = fstatSync(file);
    const { size } = stats;
    if (size > LARGEST_FILE) return { tooLarge: size };
    if (size >= buffer.length) buffer = Buffer.allocUnsafeSlow(size + 1);
    let length = 0;
    // A pipe has more than its size says.
    const whole = stats.isFile() && size > 0 ? size : -1;
    for (;;) {
      const read = readSync(file, buffer, length, buffer.length - length, null);
      length += read;
      if (read === 0 || length === whole) break;
      if (length > LARGEST_FILE) return { tooLarge: length };
      if (length === buffer.length) buffer = Buffer.concat([buffer], buffer.length * 2);
    }
    return { text: decoded(buffer.subarray(0, length)) };
  } catch (error) {
    throw unreadable(path, error);
  } finally {
    closeSync(file);
  }
}

/** UTF-8, or UTF-16 where a byte order mark says so, as some Windows editors save it. */
export function decoded(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.toString("utf16le", 2);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return Buffer.from(bytes.subarray(2, bytes.length & ~1)).swap16().toString("utf16le");
  return bytes.toString("utf8");
}

/** A text in the encoding of the bytes it came from. */
function encodedAs(bytes: Buffer, text: string): Buffer {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return Buffer.concat([bytes.subarray(0, 2), Buffer.from(text, "utf16le")]);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return Buffer.concat([bytes.subarray(0, 2), Buffer.from(text, "utf16le").swap16()]);
  return Buffer.from(text, "utf8");
}

/**
 * Writes a changed text back: whole or not at all, in the encoding of the file, with its permissions. Throws a `UsageError`
 * where the file is no longer what was read, or holds bytes that would not survive.
 */
export function writeText(path: string, before: string, after: string): void {
  try {
    // Through a link, the file that it leads to is written.
    const target = realpathSync(path);
    // A file put in its place would not mind that it may not be written.
    accessSync(target, constants.W_OK);
    const bytes = readFileSync(target);
    if (!encodedAs(bytes, before).equals(bytes)) {
      throw new UsageError(`did not write ${path}: ${decoded(bytes) === before ? "it holds bytes that are no UTF-8, and they would be lost" : "it has changed while it was looked at"}`);
    }
    replaceFile(target, encodedAs(bytes, after), statSync(target).mode);
  } catch (error) {
    throw error instanceof UsageError ? error : unwritable(path, error);
  }
}

/** Puts a file in place of another in one step, so that nobody ever reads half of it. */
export function replaceFile(path: string, content: Buffer | string, mode?: number): void {
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
  try {
    writeFileSync(temporary, content, { flag: "wx" });
    if (mode !== undefined) chmodSync(temporary, mode & 0o7777);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  EACCES: "permission is denied",
  EPERM: "permission is denied",
  EISDIR: "it is a folder",
  ENOTDIR: "a part of its path is not a folder",
  ELOOP: "its links lead in a circle",
  EMFILE: "too many files are open",
  EROFS: "the disk is read-only",
  ENOSPC: "the disk is full",
};

/** Why a file or folder could not be read, in words. */
export function unreadable(path: string, error: unknown): UsageError {
  const { code, message } = error as NodeJS.ErrnoException;
  return new UsageError(`cannot read ${path}: ${(code !== undefined ? REASONS[code] : undefined) ?? message}`);
}

/** Why a file could not be written, in words. */
export function unwritable(path: string, error: unknown): UsageError {
  const { code, message } = error as NodeJS.ErrnoException;
  return new UsageError(`cannot write ${path}: ${(code === "ENOENT" ? "there is no such folder" : code !== undefined ? REASONS[code] : undefined) ?? message}`);
}

/** All of standard input. */
export async function readStandardInput(): Promise<FileText> {
  if (isTerminal(0)) complain("Reading from the terminal; end with Ctrl+D (on Windows Ctrl+Z and Enter).");
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of process.stdin) {
    const bytes = chunk as Buffer;
    length += bytes.length;
    if (length > LARGEST_FILE) return { tooLarge: length };
    chunks.push(bytes);
  }
  return { text: decoded(Buffer.concat(chunks, length)) };
}

/** Refuses to put results where a policy stands, or what they were made of: the words of a writer would be lost. */
export function checkOutput(file: string, inputs: readonly string[] = []): void {
  if (/\.policy$/iu.test(file)) throw new UsageError(`did not write ${file}: a policy would be lost`, "Name a file that is no policy.");
  if (inputs.some((input) => isSameFile(input, file))) throw new UsageError(`did not write ${file}: it is what is read`, "Name another file.");
}

function isSameFile(one: string, other: string): boolean {
  try {
    const [a, b] = [statSync(one, { bigint: true }), statSync(other, { bigint: true })];
    return a.isFile() && a.dev === b.dev && a.ino === b.ino;
  } catch {
    return false;
  }
}

/** Writes to a file, whose folder is made where it is not there, or to standard output where none is named. */
export function writeOut(text: string, file: string | undefined): void {
  if (file === undefined) {
    put(text);
    return;
  }
  checkOutput(file);
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  } catch (error) {
    throw unwritable(file, error);
  }
}
