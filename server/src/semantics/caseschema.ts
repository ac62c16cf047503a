// The JSON Schema of a policy's case files: what any editor needs to complete and check them, made from its facts and criteria.
import { DETERMINATIONS, LINES_OF_BUSINESS, PATHWAYS, UNIT_WORDS } from "../vocabulary.js";
import { typeText } from "./facts.js";
import type { Analysis, FactSymbol, FactType, ScalarType } from "./model.js";
import { COMMON_UNITS } from "./units.generated.js";
import { findUnit, NO_UNIT, sameDimension, type Unit } from "./units.js";

/** A JSON Schema, as JSON. */
export type Schema = { readonly [key: string]: unknown };

const FIGURE = "[+-]?[0-9]+(?:\\.[0-9]+)?";
const DATE = "^[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])$";
const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/gu, "\\$&");
const YES_NO: Schema = { enum: [true, false, "yes", "no"] };
const OUTCOME: Schema = { enum: ["met", "not met", "unknown", true, false, "yes", "no"] };

/** The schema (2020-12) of case files of a policy, YAML or JSON. The checker knows more (whether a code is well-formed, a day on the calendar); it alone takes a single value in brackets. */
export function caseSchema({ header, facts, byAddress }: Pick<Analysis, "header" | "facts" | "byAddress">): Schema {
  const criteria = [...byAddress.values()].filter((symbol) => symbol.role === "criterion");
  const addresses = criteria.map(({ address }) => address);
  const attested = criteria.filter((symbol) => symbol.attested);
  const requests = ["codes", "line of business", "pathway"];
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: `Cases of ${[header.number, header.title].filter((part) => part !== undefined).join(" ")}`.trim(),
    // A list of cases, a file with `cases`, or one case by itself.
    if: { type: "array" },
    then: { items: { $ref: "#/$defs/case" } },
    else: { if: { type: "object", properties: { cases: true }, required: ["cases"] }, then: { $ref: "#/$defs/file" }, else: { $ref: "#/$defs/case" } },
    $defs: {
      file: { type: "object", properties: { policy: { type: "string", description: "The policy's file" }, cases: { type: "array", items: { $ref: "#/$defs/case" } } }, required: ["cases"], additionalProperties: false },
      case: {
        type: "object",
        properties: {
          policy: { type: "string" },
          name: { type: ["string", "number", "boolean"], description: "What results call the case" },
          on: { type: "string", pattern: DATE, description: "Date of service" },
          codes: oneOrMore({ type: ["string", "number"], pattern: "\\S" }, "Requested codes: CPT 77385, HCPCS G6015"),
          "line of business": { enum: [...LINES_OF_BUSINESS] },
          pathway: { enum: PATHWAYS.map(({ word }) => word) },
          facts: { type: "object", properties: Object.fromEntries([...facts.values()].map((fact) => [fact.name, { description: describe(fact), ...answer(typeSchema(fact.type), "value") }])), additionalProperties: false },
          criteria: {
            type: "object",
            description: "Answers to attested criteria, by address",
            properties: Object.fromEntries(attested.map(({ address }) => [address, answer(OUTCOME, "outcome")])),
            additionalProperties: false,
          },
          expect: { $ref: "#/$defs/expect" },
          note: { type: ["string", "number", "boolean"] },
        },
        required: ["on"],
        additionalProperties: false,
      },
      expect: {
        if: { type: "string" },
        then: { $ref: "#/$defs/determination" },
        else: {
          type: "object",
          properties: {
            determination: { $ref: "#/$defs/determination" },
            by: { enum: addresses, description: "The criterion that decides" },
            missing: oneOrMore({ enum: [...facts.keys(), ...addresses, ...requests] }, "What is still missing"),
            criteria: { type: "object", properties: Object.fromEntries(addresses.map((address) => [address, OUTCOME])), additionalProperties: false },
          },
          additionalProperties: false,
        },
      },
      determination: { enum: DETERMINATIONS.map(({ word }) => word) },
      evidence: oneOrMore({
        if: { type: "object" },
        then: {
          type: "object",
          properties: {
            source: { type: ["string", "number"], pattern: "\\S", description: "The document or record that the answer comes from" },
            page: { type: ["string", "number"], description: "Page, as in 3 or 2-4" },
            date: { type: "string", pattern: DATE, description: "Day of the document or entry" },
            note: { type: ["string", "number", "boolean"] },
          },
          required: ["source"],
          additionalProperties: false,
        },
        else: { type: "string", pattern: "\\S", description: "In one line: MRI report, page 3, 2025-03-01, note …" },
      }, "Where the answer comes from"),
      unobtainable: { type: ["boolean", "string", "number"], description: "The answer was asked for and could not be had; the reason, or true" },
    },
  };
}

const properties = (facts: readonly FactSymbol[]): Schema => Object.fromEntries(facts.map((fact) => [fact.name, factSchema(fact)]));
const UNABLE: Schema = { type: "string", pattern: "^\\s*[Uu]nable\\s+to\\s+obtain(?:\\s*[,;:–—-].*)?\\s*$", description: "unable to obtain, and the reason behind a comma" };

/** An answer by itself, or with its evidence; or that it could not be obtained. */
function answer(plain: Schema, main: "value" | "outcome"): Schema {
  return {
    if: { type: "object" },
    then: { properties: { [main]: orUnable(plain), evidence: { $ref: "#/$defs/evidence" }, "unable to obtain": { $ref: "#/$defs/unobtainable" } }, anyOf: [main, "unable to obtain"].map((key) => ({ properties: { [key]: true }, required: [key] })), additionalProperties: false },
    else: orUnable(plain),
  };
}

const orUnable = (plain: Schema): Schema => ({ if: UNABLE, then: true, else: plain });

/** A list may be given as its one entry. */
function oneOrMore(items: Schema, description?: string): Schema {
  return { ...(description === undefined ? {} : { description }), if: { type: "array" }, then: { items }, else: items };
}

function factSchema(fact: FactSymbol): Schema {
  return { description: describe(fact), ...typeSchema(fact.type) };
}

const describe = (fact: FactSymbol): string => [fact.question, typeText(fact.type)].filter((part) => part !== undefined).join(" — ");

function typeSchema(type: FactType): Schema {
  switch (type.kind) {
    case "list": return oneOrMoreOrNone(scalarSchema(type.of));
    case "records": return { if: { type: "array" }, then: { items: { type: "object", properties: { evidence: { $ref: "#/$defs/evidence" }, ...properties(type.fields) }, additionalProperties: false } }, else: { const: "none" } };
    default: return scalarSchema(type);
  }
}

const oneOrMoreOrNone = (items: Schema): Schema => ({ if: { type: "array" }, then: { items }, else: { anyOf: [{ const: "none" }, items] } });

function scalarSchema(type: ScalarType): Schema {
  switch (type.kind) {
    case "yes/no": return YES_NO;
    case "number": {
      const limits = { ...(type.from === undefined ? {} : { minimum: type.from }), ...(type.to === undefined ? {} : { maximum: type.to }) };
      return { type: ["number", "string"], ...limits, pattern: `^\\s*${FIGURE}${unitPattern(type.unit)}\\s*$` };
    }
    case "date": return { type: "string", pattern: DATE };
    case "text": return { type: ["string", "number", "boolean"] };
    case "choice": return { enum: [...type.choices] };
    // A code of figures alone is a number in YAML and JSON.
    case "code": return { type: ["string", "number"], pattern: "\\S" };
    case "unknown": return {};
  }
}

/** The units a figure may be written in: the common ones of the same dimension and the fact's own. */
function unitPattern(unit: Unit): string {
  if (unit === NO_UNIT) return "";
  const words = new Set<string>([unit.text, unit.ucum]);
  for (const entry of UNIT_WORDS) {
    const found = findUnit(entry.ucum);
    if (found !== undefined && sameDimension(found, unit)) for (const word of [...entry.words, entry.ucum]) words.add(word);
  }
  for (const code of Object.keys(COMMON_UNITS)) if (sameDimension(findUnit(code)!, unit)) words.add(code);
  const own = [...words].filter((word) => word !== "").sort((a, b) => b.length - a.length).map(escaped);
  // UCUM has prefixes and products without number: what holds a sign of arithmetic or a bracket is left to the checker.
  return `(?:\\s*(?:${own.join("|")}|[^\\s0-9.][^\\s]*[/*\\[\\].^][^\\s]*))?`;
}
