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
  const lost = { error: 0, negated: 0, modified: 0, bundle: 0 };
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
    if (type === "Bundle") lost.bundle++;
    else if (isError(held)) lost.error++;
    else if (isNegated(held)) lost.negated++;
    else if (list(held["modifierExtension"]).length > 0) lost.modified++;
    else resources.push({ type, name: id !== undefined ? `${type}/${id}` : resourceType === "Bundle" ? `Bundle.entry[${i}] (${type})` : type, content: held });
  }
  const known = patientsOf(entries);
  const persons = personsOf(resources, known);
  if (persons.length > 1) {
    const names = persons.slice(0, 3).map((each) => cleaned(each, 60)).join(", ");
    return { problem: `it speaks of several persons: ${names}${persons.length > 3 ? ", …" : ""}`, help: "Give a Bundle of one person." };
  }
  if (lost.error > 0) notes.push(`${counted(lost.error, "resource")} left out that ${lost.error === 1 ? "was" : "were"} entered in error`);
  if (lost.negated > 0) notes.push(`${counted(lost.negated, "resource")} left out that ${lost.negated === 1 ? "says" : "say"} it is not so: refuted, not done, not taken, cancelled, revoked, or not to be done`);
  if (lost.modified > 0) notes.push(`${counted(lost.modified, "resource")} left out with an extension that changes what ${lost.modified === 1 ? "it means" : "they mean"} (modifierExtension)`);
  if (lost.bundle > 0) notes.push(`${counted(lost.bundle, "Bundle")} inside of the Bundle left out: give what ${lost.bundle === 1 ? "it holds" : "they hold"} as entries`);
  if (unread > 0) notes.push(`${counted(unread, "entry", "entries")} without a resource of R4 left out`);
  // A subscriber's age is not the patient's.
  const others = resources.filter((each) => each.type === "Patient" && persons.length > 0 && known.names.has(each.content) && !persons.includes(known.names.get(each.content)!));
  if (others.length === 0) return { resources, notes };
  notes.push(`${others.slice(0, 3).map(({ name }) => name).join(", ")}${others.length > 3 ? ", …" : ""} left out: the record is about ${cleaned(persons[0]!, 60)}`);
  return { resources: resources.filter((each) => !others.includes(each)), notes };
}

const ERROR = "entered-in-error";
/** True for what its source has taken back. */
function isError({ status, verificationStatus }: Readonly<Record<string, unknown>>): boolean {
  return status === ERROR || list(record(verificationStatus)["coding"]).some((each) => record(each)["code"] === ERROR);
}

/** True for what says that something is not so, or was not done. */
function isNegated({ status, verificationStatus, doNotPerform }: Readonly<Record<string, unknown>>): boolean {
  return doNotPerform === true || (typeof status === "string" && NEGATED.has(status)) || list(record(verificationStatus)["coding"]).some((each) => record(each)["code"] === "refuted");
}
const NEGATED: ReadonlySet<string> = new Set(["not-done", "not-taken", "cancelled", "revoked"]);

/** The Patients of a Bundle, by what refers to them. */
interface Patients {
  /** `Patient/1`, or the URL of one without an id. */
  readonly names: ReadonlyMap<unknown, string>;
  readonly byUrl: ReadonlyMap<string, string>;
  /** By the system and value of an identifier. */
  readonly byIdentifier: ReadonlyMap<string, string>;
  readonly systems: ReadonlySet<unknown>;
  /** What is no Patient: a Group, say. */
  readonly otherUrls: ReadonlySet<unknown>;
}

function patientsOf(entries: readonly unknown[]): Patients {
  const [names, byUrl, byIdentifier, systems, otherUrls] = [new Map<unknown, string>(), new Map<string, string>(), new Map<string, string>(), new Set<unknown>(), new Set<unknown>()];
  for (const each of entries) {
    const { fullUrl, resource } = record(each);
    const { resourceType, id, identifier } = record(resource);
    const name = typeof id === "string" ? `Patient/${id}` : fullUrl;
    if (resourceType !== "Patient") otherUrls.add(fullUrl);
    if (resourceType !== "Patient" || typeof name !== "string") continue;
    names.set(resource, name);
    if (typeof fullUrl === "string") byUrl.set(fullUrl, name);
    if (typeof id === "string") byUrl.set(`urn:uuid:${id}`, name);
    for (const { system, value } of list(identifier).map(record)) {
      byIdentifier.set(`${String(system)}|${String(value)}`, name);
      systems.add(system);
    }
  }
  return { names, byUrl, byIdentifier, systems, otherUrls };
}

/** The persons that resources are about, by their references; a Patient that nothing is about (a subscriber, say) is none of them. */
function personsOf(resources: readonly FhirResource[], { byUrl, byIdentifier, systems, otherUrls }: Patients): readonly string[] {
  const persons = new Set<string>();
  // Identifiers of one system are of different persons; those of a system that no Patient here has may be of any.
  const unknown = new Map<unknown, string>();
  for (const { content } of resources) {
    for (const each of [content["subject"], content["patient"]]) {
      const { reference, identifier } = record(each);
      if (typeof reference === "string") {
        if (otherUrls.has(reference)) continue;
        const named = byUrl.get(reference) ?? /(?:^|\/)(Patient\/[A-Za-z0-9.-]{1,64})(?:\/_history\/.*)?$/u.exec(reference)?.[1] ?? /^urn:(?:uuid|oid):.+$/u.exec(reference)?.[0];
        if (named !== undefined) persons.add(named);
        continue;
      }
      const { system, value } = record(identifier);
      if (typeof value !== "string") continue;
      const key = `${String(system)}|${value}`;
      const named = byIdentifier.get(key);
      if (named !== undefined || systems.has(system)) persons.add(named ?? key);
      else if ((unknown.get(system) ?? key) !== key) persons.add(key).add(unknown.get(system)!);
      else unknown.set(system, key);
    }
  }
  return [...persons];
}
