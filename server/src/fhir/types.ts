// What FHIR R4 has at each place: the elements of a type, their types, and which type is a kind of which.
import { model } from "./engine.js";

/** Types that something may have: `Quantity`, `Observation.component`, `System.Boolean`; undefined where that cannot be told. */
export type Types = ReadonlySet<string> | undefined;

export const BOOLEAN: Types = new Set(["System.Boolean"]);
export const TEXT: Types = new Set(["System.String"]);
export const INTEGER: Types = new Set(["System.Integer"]);
export const NOTHING: Types = new Set();

/** Both, where both are known. */
export const either = (a: Types, b: Types): Types => (a === undefined || b === undefined ? undefined : new Set([...a, ...b]));

/** A type with all that it is a kind of, itself first. */
export function kindsOf(type: string): readonly string[] {
  const { type2Parent } = model();
  const kinds = [type];
  for (let each = type; Object.hasOwn(type2Parent, each) && kinds.length < 20;) kinds.push(each = type2Parent[each]!);
  return kinds;
}

const ABSTRACT = new Set(["Resource", "DomainResource"]);

/** True for the name of a resource, such as `Patient`. */
export function isResource(name: string): boolean {
  return model().availableTypes.has(name) && !ABSTRACT.has(name) && kindsOf(name).includes("Resource");
}

/** True where anything may stand: a resource of no particular type. */
const isOpen = (type: string): boolean => ABSTRACT.has(type);

/** The types of an element; an empty set where R4 has no such element there. */
export function elementTypes(types: Types, name: string): Types {
  if (types === undefined) return undefined;
  const found = new Set<string>();
  for (const type of types) {
    if (isOpen(type)) return undefined;
    for (const each of elementOf(type, name)) found.add(each);
  }
  return [...found].some(isOpen) ? undefined : found;
}

function elementOf(type: string, name: string): readonly string[] {
  const { choiceTypePaths, path2Type, pathsDefinedElsewhere } = model();
  const kinds = kindsOf(type);
  // Parts of a resource have what every part has, without saying so.
  for (const kind of kinds.length === 1 && type.includes(".") && !type.startsWith("System.") ? [type, "BackboneElement", "Element"] : kinds) {
    const path = `${kind}.${name}`;
    if (Object.hasOwn(pathsDefinedElsewhere, path)) return [pathsDefinedElsewhere[path]!];
    if (Object.hasOwn(choiceTypePaths, path)) return choiceTypePaths[path]!.map(typeNamed);
    if (!Object.hasOwn(path2Type, path)) continue;
    const of = path2Type[path]!;
    return [of === "BackboneElement" || of === "Element" ? path : of];
  }
  return [];
}

/** Choices of types begin with a capital: `DateTime` is `dateTime`. */
function typeNamed(capital: string): string {
  const small = `${capital[0]!.toLowerCase()}${capital.slice(1)}`;
  return Object.hasOwn(model().type2Parent, small) ? small : capital;
}

/** The elements of types by name, for advice. */
export function elementNames(types: Types): readonly string[] {
  if (types === undefined) return [];
  const { choiceTypePaths, path2Type, pathsDefinedElsewhere } = model();
  const wanted = new Set([...types].flatMap(kindsOf));
  const names = new Set<string>();
  for (const table of [path2Type, choiceTypePaths, pathsDefinedElsewhere]) {
    for (const path of Object.keys(table)) {
      const dot = path.lastIndexOf(".");
      if (wanted.has(path.slice(0, dot))) names.add(path.slice(dot + 1));
    }
  }
  return [...names];
}

/** The resources of R4, for advice. */
export const resourceNames = (): readonly string[] => [...model().availableTypes].filter(isResource);

/** The type that `ofType(…)` and the like name, or undefined where there is none of that name. */
export function namedType(text: string): string | undefined {
  const name = text.replace(/`/gu, "");
  if (/^System\.(?:Boolean|String|Integer|Decimal|Date|DateTime|Time|Quantity)$/u.test(name)) return name;
  const plain = name.replace(/^FHIR\./u, "");
  return model().availableTypes.has(plain) || Object.hasOwn(model().type2Parent, plain) || ABSTRACT.has(plain) ? plain : undefined;
}

/** Of types, those that are or may be of another: what `ofType` leaves. */
export function narrowed(types: Types, to: string): Types {
  if (types === undefined || isOpen(to)) return isOpen(to) ? types : new Set([to]);
  const left = [...types].filter((type) => kindsOf(type).includes(to) || kindsOf(to).includes(type) || isOpen(type));
  return new Set(left.length === 0 ? [] : [to]);
}

const NUMBERS = new Set(["integer", "positiveInt", "unsignedInt", "decimal", "System.Integer", "System.Decimal"]);
const DATES = new Set(["date", "dateTime", "instant", "System.Date", "System.DateTime"]);
const TIMES = new Set(["time", "System.Time"]);

/** The sorts of values that tell whether two things can ever be equal, and what a fact may be made from. */
export type Sort = "yes/no" | "number" | "date" | "time" | "text" | "quantity" | "period" | "concept" | "coding" | "other";

/** The sort of a type. */
export function sortOf(type: string): Sort {
  if (type === "boolean" || type === "System.Boolean") return "yes/no";
  if (NUMBERS.has(type)) return "number";
  if (DATES.has(type)) return "date";
  if (TIMES.has(type)) return "time";
  if (type === "System.Quantity" || kindsOf(type).includes("Quantity")) return "quantity";
  if (type === "Period") return "period";
  if (type === "CodeableConcept") return "concept";
  if (type === "Coding") return "coding";
  return type === "System.String" || /^[a-z]/u.test(type) ? "text" : "other";
}

const WORDS: Partial<Readonly<Record<Sort, string>>> = {
  "yes/no": "yes or no", number: "a figure", date: "a date", time: "a time of day", text: "a text", quantity: "a quantity", period: "a period", concept: "a coded concept", coding: "a coding",
};

/** What types are called in a sentence: `a quantity or a text`. */
export function inTypeWords(types: Iterable<string>): string {
  const names = [...new Set([...types].map((type) => WORDS[sortOf(type)] ?? (/^[AEIOU]/u.test(type) ? `an ${type}` : `a ${type.replace(/^System\./u, "")}`)))];
  return names.length > 3 ? `${names.slice(0, 3).join(", ")} or another type` : names.join(" or ");
}
