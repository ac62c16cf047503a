// Files of places that the server cannot reach by itself (a repository on the web, a folder in the browser): the editor is asked for them.
import type { Connection } from "vscode-languageserver";
import { FILE_EXISTS, FILES_BELOW, type FilesBelowParams, FILES_IN, type FileParams, READ_FILE, type ReadFileParams } from "./protocol.js";
import type { Runtime } from "./runtime.js";

export type Files = Pick<Runtime, "readFile" | "filesIn" | "filesBelow" | "exists">;

/** A uri with a path in which other files can stand; an unsaved text has none. */
const PLACE = /^[a-z][a-z\d+.-]*:\//iu;

/** The files that the editor sees. An editor that does not know the requests, ours does, has none. */
export function clientFiles(connection: Connection): Files {
  const ask = async <P extends FileParams, R>(method: string, params: P, otherwise: R): Promise<R> => {
    if (!PLACE.test(params.uri)) return otherwise;
    try {
      return (await connection.sendRequest<R | null>(method, params)) ?? otherwise;
    } catch {
      return otherwise; // It cannot be read; who asked says what that means.
    }
  };
  return {
    readFile: (uri, limit) => ask<ReadFileParams, string | undefined>(READ_FILE, { uri, limit }, undefined),
    filesIn: (uri) => ask<FileParams, readonly string[]>(FILES_IN, { uri }, []),
    filesBelow: (uri, endings, limit) => ask<FilesBelowParams, readonly string[]>(FILES_BELOW, { uri, endings, limit }, []),
    exists: (uri) => ask<FileParams, boolean>(FILE_EXISTS, { uri }, false),
  };
}

/** A path of the settings as a uri beside the files of a folder, whatever its scheme; a uri stands for itself. */
export function pathIn(folder: string | undefined, path: string): string {
  if (/^[a-z][a-z\d+.-]+:\/\//iu.test(path)) return path;
  const relative = path.replace(/^\$\{workspaceFolder\}[\\/]?/u, "").split(/[\\/]/u).map(encodeURIComponent).join("/");
  // Without a folder nothing is known of where it stands; then it is not there.
  const base = folder === undefined ? "file:///" : folder.endsWith("/") ? folder : `${folder}/`;
  try {
    return new URL(relative, base).toString();
  } catch {
    return base + relative;
  }
}
