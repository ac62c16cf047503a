// The user's own code files: what is read out of them and how they are laid out.
import type { CodeSystem } from "../../vocabulary.js";

/** The layouts of publishers that the tool reads; see each reader for the source of its columns. */
export type CodeSetLayout =
  | "hcpcs-anweb" | "icd10cm-order" | "icd10cm-codes" | "cpt-long" | "cpt-short" | "cpt-medium" | "cpt-longult" | "cpt-link" | "csv" | "tsv";

export const CODE_SET_LAYOUTS: readonly CodeSetLayout[] = [
  "hcpcs-anweb", "icd10cm-order", "icd10cm-codes", "cpt-long", "cpt-short", "cpt-medium", "cpt-longult", "cpt-link", "csv", "tsv",
];

/** What a file says of one code. Dates are `2025-12-31`. */
export interface CodeSetEntry {
  readonly code: string;
  readonly short?: string | undefined;
  readonly long?: string | undefined;
  /** First day the code is valid. */
  readonly effective?: string | undefined;
  /** Last day the code is valid. */
  readonly ended?: string | undefined;
  readonly replacedBy?: string | undefined;
  /** False for a heading of ICD-10-CM that no claim may carry. */
  readonly billable?: boolean | undefined;
}

/** Which column (by its title or its place, counted from 1) holds what, for `csv` and `tsv`. */
export interface CodeSetColumns {
  readonly code?: string | number | undefined;
  readonly short?: string | number | undefined;
  readonly long?: string | number | undefined;
  readonly effective?: string | number | undefined;
  readonly ended?: string | number | undefined;
  readonly replacedBy?: string | number | undefined;
}

/** One file of the setting `policy.codeSets`. */
export interface CodeSetSource {
  readonly system: "CPT" | "HCPCS" | "ICD-10-CM";
  readonly path: string;
  readonly layout: CodeSetLayout;
  readonly columns?: CodeSetColumns | undefined;
}

/** Entries by code, without dot. */
export type CodeSetEntries = ReadonlyMap<string, CodeSetEntry>;

/** A file as read: its entries, or why there are none, in words for the person who set it. */
export type CodeSetReading = { readonly entries: CodeSetEntries; readonly problem?: undefined } | { readonly entries?: undefined; readonly problem: string };

/** What the user's files say of a code. */
export type CodeLookup = (system: CodeSystem | undefined, code: string) => readonly { readonly system: CodeSystem; readonly entry: CodeSetEntry }[];

/** Files with more lines than any published code set has are not read to the end. */
export const MOST_ENTRIES = 500_000;
