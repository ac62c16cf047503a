// The names of case files. It stands by itself, so that a file can be told by its name before the language is loaded.

/** The ending of case files: `imrt.case.yaml`, `imrt.more.case.json`. */
export const CASE_FILE = /\.case\.(?:ya?ml|json)$/u;
