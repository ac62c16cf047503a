// Reads FHIR R4 in JSON: a Bundle, or a resource by itself. Says what is left out, and where the text is no JSON.
import { counted } from "../text.js";
import { list, record } from "./convert.js";
import { placeOfMistake } from "./json.js";
import { isResource } from "./types.js";
import { cleaned } from "./words.js";

export interface FhirRecord {
  /** The resources, each where it stands. */
  readonly resources: readonly FhirResource[];
  /** What was left out, and why. */
  readonly notes: readonly string[];
}

export interface FhirResource {
  readonly type: string;
  /** `Observation/bmi-1`, or its place in the Bundle. */
  readonly name: string;
  readonly content: Readonly<Record<string, unknown>>;
}

export interface NotFhir {
  readonly problem: string;
  readonly help: string;
  /** Where in the text, where that is known. */
  readonly at?: number | undefined;
}

const MOST_RESOURCES = 100_000;

/** Reads a text. */
export function readFhir(text: string): FhirRecord | NotFhir {
  let content: unknown;
  try {
    content = JSON.parse(text.replace(/^\uFEFF/u, ""));
  } catch {
    if (text.trim() === "") return { problem: "it is empty", help: "Give a Bundle, or a single resource such as a QuestionnaireResponse." };
    const help = /^\s*</u.test(text) ? "FHIR in XML is not read; save it as JSON." : "Look near this place for a missing comma, bracket or quotation mark.";
    return { problem: "it is no valid JSON", help, at: placeOfMistake(text) };
  }
  const { resourceType, entry } = record(content);
  if (typeof resourceType !== "string") return { problem: "it is no FHIR resource: it has no `resourceType`", help: "Give a Bundle, or a single resource such as a QuestionnaireResponse." };
  if (!isResource(resourceType)) return { problem: `R4 has no resource \`${cleaned(resourceType, 40)}\``, help: "Give a Bundle of FHIR R4, or a single resource." };
  const resources: FhirResource[] = [];
  const notes: string[] = [];
  const lost = { error: 0, modified: 0 };
  const entries = resourceType === "Bundle" ? list(entry) : [{ resource: content }];
  if (resourceType === "Bundle" && entry !== undefined && !Array.isArray(entry)) return { problem: "`Bundle.entry` is no list", help: "Check how the Bundle was written." };
  if (entries.length > MOST_RESOURCES) return { problem: `it holds ${entries.length} resources, and no more than ${MOST_RESOURCES} are read`, help: "Give a Bundle of one person." };
  let unread = 0;
  for (const [i, each] of entries.entries()) {
    const { resource } = record(each);
    const held = record(resource);
    if (typeof held["resourceType"] !== "string" || !isResource(held["resourceType"])) {
      unread++;
      continue;
    }
    const type = held["resourceType"];
    const id = typeof held["id"] === "string" && /^[A-Za-z0-9.-]{1,64}$/u.test(held["id"]) ? held["id"] : undefined;
    if (isError(held)) lost.error++;
    else if (list(held["modifierExtension"]).length > 0) lost.modified++;
    else resources.push({ type, name: id !== undefined ? `${type}/${id}` : resourceType === "Bundle" ? `Bundle.entry[${i}] (${type})` : type, content: held });
  }
  const persons = personsOf(resources, entries);
  if (persons.length > 1) {
    const names = persons.slice(0, 3).map((each) => cleaned(each, 60)).join(", ");
    return { problem: `it speaks of several persons: ${names}${persons.length > 3 ? ", …" : ""}`, help: "Give a Bundle of one person." };
  }
  if (lost.error > 0) notes.push(`${counted(lost.error, "resource")} left out that ${lost.error === 1 ? "was" : "were"} entered in error`);
  if (lost.modified > 0) notes.push(`${counted(lost.modified, "resource")} left out with an extension that changes what ${lost.modified === 1 ? "it means" : "they mean"} (modifierExtension)`);
  if (unread > 0) notes.push(`${counted(unread, "entry", "entries")} without a resource of R4 left out`);
  return { resources, notes };
}

const ERROR = "entered-in-error";
/** True for what its source has taken back. */
function isError({ status, verificationStatus }: Readonly<Record<string, unknown>>): boolean {
  return status === ERROR || list(record(verificationStatus)["coding"]).some((each) => record(each)["code"] === ERROR);
}

/** The persons that resources are about, by their references; a Patient that nothing is about (a subscriber, say) is none of them. */
function personsOf(resources: readonly FhirResource[], entries: readonly unknown[]): readonly string[] {
  const byUrl = new Map<unknown, string>();
  for (const each of entries) {
    const { fullUrl, resource } = record(each);
    const { resourceType, id } = record(resource);
    if (typeof fullUrl === "string" && resourceType === "Patient") byUrl.set(fullUrl, typeof id === "string" ? `Patient/${id}` : fullUrl);
  }
  const persons = new Set<string>();
  for (const { content } of resources) {
    for (const each of [content["subject"], content["patient"]]) {
      const { reference } = record(each);
      if (typeof reference !== "string") continue;
      const named = byUrl.get(reference) ?? /(?:^|\/)(Patient\/[A-Za-z0-9.-]{1,64})(?:\/_history\/.*)?$/u.exec(reference)?.[1];
      if (named !== undefined) persons.add(named);
    }
  }
  return [...persons];
}
