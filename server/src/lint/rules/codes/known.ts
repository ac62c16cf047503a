// Codes that are known to have ended, so that a row is found that does not say so. Numbers and dates only: descriptors of CPT are
// licensed. Sources: AMA, CPT code set changes for 2021, 2023, 2025 and 2026; CMS, HCPCS Level II update of January 2025, and
// Physician Fee Schedule for 2026 (radiation treatment delivery).
import type { CodeSystem } from "../../../vocabulary.js";

/** When a code ended, and what took its place. */
export interface CodeEnd {
  readonly system: CodeSystem;
  /** Last date of service, `2025-12-31`. */
  readonly ended: string;
  /** Codes that took its place; empty where no single one did. */
  readonly replacedBy: readonly string[];
}

const ended = (system: CodeSystem, date: string, codes: string, replacedBy = ""): [string, CodeEnd][] => {
  const end = { system, ended: date, replacedBy: replacedBy.split(" ").filter((code) => code !== "") };
  return codes.split(" ").map((code) => [code, end]);
};

/** By code. */
export const ENDED_CODES: ReadonlyMap<string, CodeEnd> = new Map([
  ...ended("CPT", "2025-12-31", "77385 77386", "77402 77407 77412"),
  ...ended("HCPCS", "2025-12-31", "G6015 G6016", "77402 77407 77412"),
  ...ended("HCPCS", "2024-12-31", "J0135", "J0139"),
  ...ended("CPT", "2024-12-31", "99441 99442 99443"),
  ...ended("CPT", "2022-12-31", "99217 99218 99219 99220 99224 99225 99226 99241 99251 99354 99355 99356 99357"),
  ...ended("CPT", "2020-12-31", "99201"),
]);
