// Reads a code file of any layout the tool knows.
import { assertNever } from "../../text.js";
import { readCptDelimited, readTable } from "./delimited.js";
import { readCptLong, readCptShort, readHcpcs, readIcd10Codes, readIcd10Order } from "./fixed.js";
import type { CodeSetColumns, CodeSetEntries, CodeSetLayout, CodeSetReading } from "./model.js";

/** Reads `text` by `layout`. A file that holds no code at all is a problem: the layout is surely the wrong one. */
export function readCodeSet(text: string, layout: CodeSetLayout, columns?: CodeSetColumns): CodeSetReading {
  const reading = byLayout(text, layout, columns);
  if (reading.problem === undefined && reading.entries.size === 0) return { problem: `no code was found in it by the layout "${layout}"` };
  return reading;
}

function byLayout(text: string, layout: CodeSetLayout, columns: CodeSetColumns | undefined): CodeSetReading {
  const read = (entries: CodeSetEntries): CodeSetReading => ({ entries });
  switch (layout) {
    case "hcpcs-anweb": return read(readHcpcs(text));
    case "icd10cm-order": return read(readIcd10Order(text));
    case "icd10cm-codes": return read(readIcd10Codes(text));
    case "cpt-long": return read(readCptLong(text));
    case "cpt-short": case "cpt-medium": return read(readCptShort(text, layout));
    case "cpt-longult": return read(readCptDelimited(text, "\t"));
    case "cpt-link": return read(readCptDelimited(text, "|"));
    case "csv": return readTable(text, ",", columns);
    case "tsv": return readTable(text, "\t", columns);
    default: return assertNever(layout);
  }
}
