// The one door to the FHIRPath library: parsing, and finding what an expression names in resources. No network, no clock, no output.
import type { ResourceNode } from "fhirpath";

/** A node of the library's tree of an expression. */
export interface Tree {
  readonly type: string;
  readonly text?: string;
  readonly start?: { readonly line: number; readonly column: number };
  readonly length?: number;
  readonly children?: readonly Tree[];
}

type Library = typeof import("./library.js");
// Resolved by the bundler: the library stands in a file of its own.
declare const require: (name: "./library.js") => Library;

let loaded: Library | undefined;
const library = (): Library => (loaded ??= require("./library.js"));

/** What R4 has: elements, their types, and what they inherit. */
export const model = (): Library["r4"] => library().r4;

/** Where an expression cannot be read, counted from its start. */
export interface Unreadable {
  readonly at: number;
}

/** The tree of an expression. */
export function parsed(text: string): Tree | Unreadable {
  try {
    return library().parse(text) as Tree;
  } catch (error) {
    const column = /column: (\d+)/u.exec(error instanceof Error ? error.message : "")?.[1];
    return { at: Math.min(Number(column ?? 0), text.length) };
  }
}

/** Something that an expression found. */
export interface Found {
  /** `FHIR.Quantity`, `System.Boolean`. */
  readonly type: string;
  /** What stands in the resource, as plain data. */
  readonly value: unknown;
  /** The element, where it is one and not a value that was worked out. */
  readonly node?: ResourceNode | undefined;
}

/** What an expression is applied to: resources, or elements that were found before. */
export type Focus = readonly unknown[];

/** Makes an expression ready; it throws where the data do not allow what is asked of them. */
export function prepared(text: string): (focus: Focus, service: unknown) => readonly Found[] {
  const { compile, r4, types } = library();
  const run = compile(text, r4, { resolveInternalTypes: false, traceFn: () => undefined });
  return (focus, service) => {
    const found = run(focus as unknown[], { dateOfService: service }) as unknown[];
    const kinds = types(found);
    return found.map((each, i): Found => {
      const node = isNode(each) ? each : undefined;
      return { type: kinds[i]!, value: plain(node === undefined ? each : node.data), node };
    });
  };
}

/** A date as expressions compare it. */
export function dateValue(text: string): unknown {
  const { compile, r4 } = library();
  return (compile(`@${text}`, r4, { resolveInternalTypes: false })({ resourceType: "Basic" }, {}) as unknown[])[0];
}

const isNode = (value: unknown): value is ResourceNode => typeof value === "object" && value !== null && "parentResNode" in value && "data" in value;

/** The library's own kinds of values as text, figures as numbers; anything else is what JSON had. */
function plain(value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  if (typeof value !== "object" || value === null || !("asStr" in value)) return value;
  if ("unit" in value && "value" in value) return { value: Number(String(value.value)), code: String(value.unit).replace(/^'(.*)'$/u, "$1"), system: UCUM };
  return "decimalPlaces" in value ? Number(String(value.asStr)) : String(value.asStr);
}

export const UCUM = "http://unitsofmeasure.org";

/** The resource that an element stands in, and the way to it. */
export function resourceOf(node: ResourceNode): unknown {
  let top = node;
  // Elements are not nested deeper than a resource is; a resource that is contained in another belongs to it.
  while (top.parentResNode !== null && top.parentResNode !== undefined) top = top.parentResNode;
  return top.data;
}
