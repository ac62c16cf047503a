// Code files in fixed columns: CMS HCPCS ANWEB, the ICD-10-CM order and codes files, the CPT LONG, SHORT and MEDIUM files.
import { type CodeSetEntries, type CodeSetEntry, MOST_ENTRIES } from "./model.js";

/** Columns `from` to `to`, counted from 1 as publishers do, both included. */
const columns = (line: string, from: number, to?: number): string => line.slice(from - 1, to).trim();
const words = (text: string): string => text.replace(/\s+/gu, " ").trim();

/** `20251231` as `2025-12-31`. */
function date(text: string): string | undefined {
  return /^\d{8}$/u.test(text) ? `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}` : undefined;
}

function lines(text: string): string[] {
  return text.split(/\r\n|\r|\n/u).slice(0, MOST_ENTRIES * 8);
}

/**
 * The HCPCS file of the Centers for Medicare & Medicaid Services (HCPCyyyy_mmm_ANWEB.txt, record layout HCPC_recordlayout):
 * code 1-5, record id 11 (3 procedure, 4 its continuation, 7 modifier, 8 its continuation), long text 12-91, short 92-119,
 * date added 269-276, termination 285-292. Numeric codes are CPT and dropped.
 */
export function readHcpcs(text: string): CodeSetEntries {
  const entries = new Map<string, CodeSetEntry>();
  for (const line of lines(text)) {
    const record = line.charAt(10);
    const code = columns(line, 1, 5);
    if (record === "3" && /^[A-Z]\d{4}$/u.test(code) && entries.size < MOST_ENTRIES) {
      entries.set(code, { code, long: words(columns(line, 12, 91)), short: words(columns(line, 92, 119)), effective: date(columns(line, 269, 276)), ended: date(columns(line, 285, 292)) });
    } else if (record === "4") {
      const begun = entries.get(code);
      if (begun !== undefined) entries.set(code, { ...begun, long: words(`${begun.long ?? ""} ${columns(line, 12, 91)}`) });
    }
  }
  return entries;
}

/** The ICD-10-CM order file of CMS and CDC: code 7-13 without dot, billable 15, short text 17-76, long text from 78. */
export function readIcd10Order(text: string): CodeSetEntries {
  const entries = new Map<string, CodeSetEntry>();
  for (const line of lines(text)) {
    const code = columns(line, 7, 13);
    if (!/^\d{5}$/u.test(columns(line, 1, 5)) || !/^[A-Z]\d[0-9A-Z]{1,5}$/u.test(code) || entries.size >= MOST_ENTRIES) continue;
    entries.set(code, { code, short: columns(line, 17, 76), long: columns(line, 78), billable: columns(line, 15, 15) === "1" });
  }
  return entries;
}

/** The ICD-10-CM codes file: code 1-7 without dot, then the long text. Every code in it is billable. */
export function readIcd10Codes(text: string): CodeSetEntries {
  const entries = new Map<string, CodeSetEntry>();
  for (const line of lines(text)) {
    const code = columns(line, 1, 7);
    if (!/^[A-Z]\d[0-9A-Z]{1,5}$/u.test(code) || entries.size >= MOST_ENTRIES) continue;
    entries.set(code, { code, long: columns(line, 8), billable: true });
  }
  return entries;
}

const CPT = /^\d{4}[0-9AFMTU]$/u;

/** The CPT LONG file of the American Medical Association: code 1-5, sequence 6-7, text 9-80; the lines of a code join. */
export function readCptLong(text: string): CodeSetEntries {
  const entries = new Map<string, CodeSetEntry>();
  for (const line of lines(text)) {
    const code = columns(line, 1, 5);
    if (!CPT.test(code)) continue;
    const begun = entries.get(code)?.long;
    if (begun === undefined && entries.size >= MOST_ENTRIES) continue;
    entries.set(code, { code, long: words(`${begun ?? ""} ${columns(line, 9, 80)}`) });
  }
  return entries;
}

/** The CPT SHORT (text 7-34) and MEDIUM (text from 7) files: code 1-5. */
export function readCptShort(text: string, layout: "cpt-short" | "cpt-medium"): CodeSetEntries {
  const entries = new Map<string, CodeSetEntry>();
  for (const line of lines(text)) {
    const code = columns(line, 1, 5);
    if (!CPT.test(code) || entries.size >= MOST_ENTRIES) continue;
    entries.set(code, { code, short: words(columns(line, 7, layout === "cpt-short" ? 34 : undefined)) });
  }
  return entries;
}
