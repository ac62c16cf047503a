// The request of a record: the date of service and the requested codes of its one Claim, or else of its one ServiceRequest.
import { wellFormed } from "../semantics/codes.js";
import { inWords, dayOf, list, record } from "./convert.js";
import type { FhirResource } from "./read.js";
import { systemsOf } from "./systems.js";

export interface RecordRequest {
  /** Where it stands: `Claim/1`. */
  readonly name: string;
  /** Days since 1970-01-01; undefined where it has no day, or several. */
  readonly on?: number | undefined;
  /** `CPT 95806`; undefined where something that is requested has no code of CPT or HCPCS. */
  readonly codes?: readonly string[] | undefined;
  /** Why there are no codes. */
  readonly uncoded?: string | undefined;
}

/** The request, where there is one and no more. */
export function requestOf(resources: readonly FhirResource[]): RecordRequest | undefined {
  const claims = resources.filter(({ type }) => type === "Claim");
  const [request, ...others] = claims.length > 0 ? claims : resources.filter(({ type }) => type === "ServiceRequest");
  if (request === undefined || others.length > 0) return undefined;
  const { content, name } = request;
  const items = request.type === "Claim" ? list(content["item"]).map(record) : [content];
  const days = new Set(items.map(({ servicedDate, servicedPeriod, occurrenceDateTime, occurrencePeriod }) => dayOf(servicedDate ?? occurrenceDateTime) ?? oneDay(servicedPeriod ?? occurrencePeriod)));
  const [on] = days.size === 1 ? days : [];
  const codes = new Set<string>();
  for (const item of items) {
    const concept = item[request.type === "Claim" ? "productOrService" : "code"];
    const found = list(record(concept)["coding"]).flatMap((each) => {
      const { system, code } = record(each);
      const known = typeof system === "string" && typeof code === "string" ? systemsOf(system).find((one) => (one === "CPT" || one === "HCPCS") && wellFormed(code, one)) : undefined;
      return known === undefined ? [] : [`${known} ${String(code).toUpperCase()}`];
    });
    if (found.length === 0) return { name, on, uncoded: `${concept === undefined ? "what is requested" : inWords(concept)} has no code of CPT or HCPCS` };
    for (const code of found) codes.add(code);
  }
  return { name, on, codes: codes.size === 0 ? undefined : [...codes] };
}

/** The day of a period that begins and ends on it. */
function oneDay(period: unknown): number | undefined {
  const { start, end } = record(period);
  const day = dayOf(start);
  return day !== undefined && day === dayOf(end) ? day : undefined;
}
