// Checks a FHIRPath expression before anything is run: what it may use, what R4 has, and what types may come out.
//
// Only functions of a list are let through. What is on it takes a time that grows with the data and the length of the expression, and no
// more: nothing doubles what it is given, and nothing repeats without end, looks at a clock or asks another server.
import { counted } from "../text.js";
import { parsed, type Tree } from "./engine.js";
import { BOOLEAN, either, elementNames, elementTypes, INTEGER, inTypeWords, isResource, namedType, narrowed, NOTHING, resourceNames, sortOf, TEXT, type Types } from "./types.js";

/** What is wrong with an expression, at a place counted from its start. */
export interface ExpressionProblem {
  readonly kind: "invalid" | "element" | "type";
  readonly start: number;
  readonly end: number;
  readonly message: string;
  readonly help: string;
  /** A name that may have been meant, and those it may be looked for among. */
  readonly candidates?: { readonly name: string; readonly names: readonly string[] } | undefined;
}

export interface CheckedExpression {
  readonly problems: readonly ExpressionProblem[];
  /** What may come out; undefined where that cannot be told. */
  readonly types: Types;
  /** The resources it names. */
  readonly resources: ReadonlySet<string>;
}

export const LONGEST_EXPRESSION = 2000;
const DEEPEST_EXPRESSION = 24;
const MOST_KEPT = 2000;

/** Checks an expression that is applied to all resources (`from` undefined), or to elements of types. */
export function checkExpression(text: string, from: Types | "resources"): CheckedExpression {
  const key = `${from === "resources" ? "*" : from === undefined ? "?" : [...from].sort().join("|")} ${text}`;
  const known = kept.get(key);
  if (known !== undefined) return known;
  if (kept.size >= MOST_KEPT) kept.clear();
  const checked = check(text, from);
  kept.set(key, checked);
  return checked;
}
// The same mappings are checked after every edit.
const kept = new Map<string, CheckedExpression>();

function check(text: string, from: Types | "resources"): CheckedExpression {
  const problem = (start: number, end: number, message: string, help: string): CheckedExpression => ({
    problems: [{ kind: "invalid", start, end: Math.max(end, start + 1), message, help }], types: undefined, resources: new Set(),
  });
  if (text.length > LONGEST_EXPRESSION) return problem(LONGEST_EXPRESSION, text.length, `The FHIRPath is longer than ${LONGEST_EXPRESSION} characters.`, "Split it: several `from fhir` lines are tried in turn.");
  const deep = tooDeep(text);
  if (deep !== undefined) return problem(deep, deep + 1, `The FHIRPath has more than ${DEEPEST_EXPRESSION} parentheses one within another.`, "Make it simpler.");
  const tree = parsed(text);
  if ("at" in tree) {
    const word = /^(?:'[^']*'?|[\w$%]+|\S)/u.exec(text.slice(tree.at))?.[0];
    return word === undefined
      ? problem(Math.max(0, text.length - 1), text.length, "The FHIRPath breaks off before its end.", "Look for what is opened and not closed, or for a dot, an operator or a quotation mark at the end.")
      : problem(tree.at, tree.at + word.length, `The FHIRPath cannot be read from \`${word}\` on.`, "Write a path such as `Patient.birthDate`; text in it stands in single quotation marks: `where(linkId = '2.1')`.");
  }
  const walk: Walk = { problems: [], resources: new Set() };
  const types = typesOf(walk, tree, { root: from === "resources", types: from === "resources" ? undefined : from });
  return { problems: walk.problems, types, resources: walk.resources };
}

function tooDeep(text: string): number | undefined {
  let depth = 0;
  for (let i = 0, quote = ""; i < text.length; i++) {
    const char = text[i]!;
    if (quote !== "") {
      if (char === "\\") i++;
      else if (char === quote) quote = "";
    } else if (char === "'" || char === "`") quote = char;
    else if ("([{".includes(char)) {
      if (++depth > DEEPEST_EXPRESSION) return i;
    } else if (")]}".includes(char)) depth--;
  }
  return undefined;
}

interface Walk {
  readonly problems: ExpressionProblem[];
  readonly resources: Set<string>;
}

/** What stands at `$this`: all resources, or something of types. */
interface Scope {
  readonly root: boolean;
  readonly types: Types;
}

function say(walk: Walk, tree: Tree, kind: ExpressionProblem["kind"], message: string, help: string, candidates?: ExpressionProblem["candidates"]): void {
  if (walk.problems.length >= 20) return;
  const { start, end } = placeOf(tree) ?? { start: 0, end: 1 };
  walk.problems.push({ kind, start, end, message, help, candidates });
}

function placeOf(tree: Tree): { readonly start: number; readonly end: number } | undefined {
  let place = tree.start === undefined ? undefined : { start: tree.start.column - 1, end: tree.start.column - 1 + (tree.length ?? 1) };
  for (const child of tree.children ?? []) {
    const inner = placeOf(child);
    if (inner !== undefined) place = place === undefined ? inner : { start: Math.min(place.start, inner.start), end: Math.max(place.end, inner.end) };
  }
  return place;
}

const OPERATORS = new Set(["EqualityExpression", "InequalityExpression", "MembershipExpression", "AndExpression", "OrExpression", "ImpliesExpression"]);

/** The types of an expression, with everything that is wrong in it. */
function typesOf(walk: Walk, tree: Tree, scope: Scope): Types {
  const children = tree.children ?? [];
  switch (tree.type) {
    case "EntireExpression": case "TermExpression": case "ParenthesizedTerm": case "LiteralTerm":
      return children.length === 0 ? undefined : typesOf(walk, children[0]!, scope);
    case "InvocationTerm": return invoked(walk, children[0]!, scope, scope);
    case "InvocationExpression": {
      const before = typesOf(walk, children[0]!, scope);
      return invoked(walk, children[1]!, { root: isAll(children[0]!, scope), types: before }, scope);
    }
    case "IndexerExpression": {
      const types = typesOf(walk, children[0]!, scope);
      typesOf(walk, children[1]!, scope);
      return types;
    }
    case "PolarityExpression": return typesOf(walk, children[0]!, scope);
    case "MultiplicativeExpression": return multiplied(children.map((child) => typesOf(walk, child, scope)), tree.text ?? "");
    case "AdditiveExpression": {
      const [left] = children.map((child) => typesOf(walk, child, scope));
      return tree.text === "&" ? TEXT : left;
    }
    case "UnionExpression": return children.map((child) => typesOf(walk, child, scope)).reduce(either, NOTHING);
    case "TypeExpression": {
      const before = typesOf(walk, children[0]!, scope);
      return ofType(walk, tree.text ?? "as", children[1]!, before);
    }
    case "BooleanLiteral": return BOOLEAN;
    case "StringLiteral": return TEXT;
    case "NumberLiteral": return /^\d+$/u.test(tree.text ?? "") ? INTEGER : new Set(["System.Decimal"]);
    case "LongNumberLiteral": return INTEGER;
    case "QuantityLiteral": return new Set(["System.Quantity"]);
    case "DateLiteral": return new Set(["System.Date"]);
    case "DateTimeLiteral": return new Set(["System.DateTime"]);
    case "TimeLiteral": return new Set(["System.Time"]);
    case "NullLiteral": return NOTHING;
    case "ExternalConstantTerm": return constant(walk, tree);
    default:
      if (!OPERATORS.has(tree.type)) {
        say(walk, tree, "invalid", "This part of FHIRPath is not used in mappings.", "Name what is meant by its path.");
        return undefined;
      }
      compared(walk, tree, children.map((child) => typesOf(walk, child, scope)));
      return BOOLEAN;
  }
}

/** `$this` and `(…)` at the top still are all resources. */
function isAll(tree: Tree, scope: Scope): boolean {
  if (!scope.root || tree.type === "ThisInvocation") return scope.root;
  return ["TermExpression", "InvocationTerm", "ParenthesizedTerm"].includes(tree.type) && tree.children?.length === 1 && isAll(tree.children[0]!, scope);
}

function multiplied([left, right]: readonly Types[], operator: string): Types {
  if (operator === "div" || operator === "mod") return left;
  const sort = (types: Types): string | undefined => (types?.size === 1 ? sortOf([...types][0]!) : undefined);
  if (sort(left) === "number" && sort(right) === "number") return new Set(["System.Decimal"]);
  // `answer.value * 1 'kg'` says the unit of a figure that has none.
  return sort(left) === "quantity" || sort(right) === "quantity" ? new Set(["System.Quantity"]) : undefined;
}

function constant(walk: Walk, tree: Tree): Types {
  if (tree.text === "dateOfService") return new Set(["System.Date"]);
  if (tree.text === "ucum") return TEXT;
  say(walk, tree, "invalid", `There is no \`%${tree.text ?? ""}\` in mappings.`, "`%dateOfService` is the case's date of service; the resources are there by their type, such as `Patient`.");
  return undefined;
}

/** Comparing what can never be equal finds nothing and says nothing; so it is told here. */
function compared(walk: Walk, tree: Tree, [left, right]: readonly Types[]): void {
  if (!["=", "!=", "~", "!~"].includes(tree.text ?? "") || left === undefined || right === undefined || left.size === 0 || right.size === 0) return;
  const group = (type: string): string => {
    const sort = sortOf(type);
    return ["concept", "coding", "period", "other"].includes(sort) ? "complex" : sort;
  };
  const lefts = new Set([...left].map(group));
  if ([...right].some((type) => lefts.has(group(type)))) return;
  // A figure can be compared with a quantity, a text with a date.
  const loose = (groups: ReadonlySet<string>): boolean => ["number", "quantity", "date", "time"].some((each) => groups.has(each));
  const rights = new Set([...right].map(group));
  if (loose(lefts) && loose(rights)) return;
  const complex = [...left, ...right].find((type) => group(type) === "complex");
  const help = complex === "CodeableConcept" ? "Compare its codes: `code.coding.exists(system = 'http://loinc.org' and code = '39156-5')`."
    : complex === "Coding" ? "Compare its code: `.code = '…'`, and its system."
      : "Compare two things of one type.";
  say(walk, tree, "type", `${capital(inTypeWords(left))} never equals ${inTypeWords(right)}, so this finds nothing.`, help);
}

const capital = (text: string): string => `${text[0]!.toUpperCase()}${text.slice(1)}`;

function invoked(walk: Walk, tree: Tree, input: Scope, scope: Scope): Types {
  switch (tree.type) {
    case "MemberInvocation": return member(walk, tree, input);
    case "FunctionInvocation": return called(walk, tree, input, scope);
    case "ThisInvocation": return scope.types;
    case "IndexInvocation": return INTEGER;
    default:
      say(walk, tree, "invalid", "This part of FHIRPath is not used in mappings.", "Name what is meant by its path.");
      return undefined;
  }
}

function member(walk: Walk, tree: Tree, { root, types }: Scope): Types {
  const name = (tree.text ?? "").replace(/^`(.*)`$/u, "$1");
  if (root) {
    if (isResource(name)) {
      walk.resources.add(name);
      return new Set([name]);
    }
    say(walk, tree, "element", `R4 has no resource \`${name}\`.`, "A path begins with the type of a resource, such as `Patient.birthDate` or `Observation.where(…).value`.", { name, names: resourceNames() });
    return undefined;
  }
  // In `Observation.where(Observation.status = 'final')` the name of the type says where one stands.
  if (types?.has(name) && isResource(name)) return new Set([name]);
  const found = elementTypes(types, name);
  if (found === undefined || found.size > 0 || types === undefined || types.size === 0) return found?.size === 0 ? undefined : found;
  const choice = /^([a-z]+)([A-Z]\w*)$/u.exec(name);
  const stem = choice === null ? undefined : elementTypes(types, choice[1]!);
  if (stem !== undefined && stem.size > 1) {
    const of = namedType(choice![2]!) ?? `${choice![2]![0]!.toLowerCase()}${choice![2]!.slice(1)}`;
    say(walk, tree, "element", `In FHIRPath, \`${choice![1]}\` stands for \`${name}\`.`, `Write \`${choice![1]}\`, or \`${choice![1]}.ofType(${of})\`.`);
    return new Set([of]);
  }
  const places = [...types].slice(0, 3).map((type) => `\`${type.replace(/^System\./u, "")}\``).join(" or ");
  say(walk, tree, "element", `R4 has no \`${name}\` in ${places}.`, "Look up its elements in the FHIR R4 specification.", { name, names: elementNames(types) });
  return undefined;
}

/** Of a function: how many arguments it takes, whether they are evaluated for each item, and what comes out. */
interface Signature {
  readonly least: number;
  readonly most: number;
  /** The argument speaks of each item: `where(status = 'final')`. */
  readonly each?: boolean;
  readonly gives: Types | "input" | "argument" | "all arguments";
}

const is = (gives: Signature["gives"], least = 0, most = least, each = false): Signature => ({ least, most, each, gives });
const DECIMAL: Types = new Set(["System.Decimal"]);
const DATE: Types = new Set(["System.Date"]);
const FUNCTIONS: Readonly<Record<string, Signature>> = {
  where: is("input", 1, 1, true), select: is("argument", 1, 1, true), exists: is(BOOLEAN, 0, 1, true), all: is(BOOLEAN, 1, 1, true), repeat: is("argument", 1, 1, true),
  sort: is("input", 0, 5, true), iif: is("all arguments", 2, 3, true), coalesce: is("all arguments", 1, 10),
  empty: is(BOOLEAN), not: is(BOOLEAN), allTrue: is(BOOLEAN), anyTrue: is(BOOLEAN), allFalse: is(BOOLEAN), anyFalse: is(BOOLEAN), isDistinct: is(BOOLEAN), hasValue: is(BOOLEAN),
  count: is(INTEGER), distinct: is("input"), single: is("input"), first: is("input"), last: is("input"), tail: is("input"), take: is("input", 1), skip: is("input", 1),
  min: is("input"), max: is("input"), sum: is("input"), avg: is(undefined), getValue: is(undefined),
  ofType: is(undefined, 1), as: is(undefined, 1), is: is(BOOLEAN, 1), extension: is(new Set(["Extension"]), 1),
  toBoolean: is(BOOLEAN), toInteger: is(INTEGER), toDecimal: is(DECIMAL), toString: is(TEXT), toDate: is(DATE), toDateTime: is(new Set(["System.DateTime"])), toQuantity: is(new Set(["System.Quantity"]), 0, 1),
  convertsToBoolean: is(BOOLEAN), convertsToInteger: is(BOOLEAN), convertsToDecimal: is(BOOLEAN), convertsToString: is(BOOLEAN), convertsToDate: is(BOOLEAN), convertsToDateTime: is(BOOLEAN), convertsToQuantity: is(BOOLEAN),
  startsWith: is(BOOLEAN, 1), endsWith: is(BOOLEAN, 1), contains: is(BOOLEAN, 1), indexOf: is(INTEGER, 1), substring: is(TEXT, 1, 2), length: is(INTEGER), upper: is(TEXT), lower: is(TEXT), trim: is(TEXT),
  abs: is("input"), ceiling: is(INTEGER), floor: is(INTEGER), truncate: is(INTEGER), round: is(DECIMAL, 0, 1), sqrt: is(DECIMAL),
};

/** The functions there are. */
export const FUNCTION_NAMES: readonly string[] = Object.keys(FUNCTIONS);

/** Functions of FHIRPath that are kept out, with why. */
const NO_CLOCK = "Nothing is reckoned from today: write `%dateOfService`, the case's date of service.";
const NO_PATTERNS = "Search patterns are not used: compare with `=`, `startsWith` or `contains`.";
const KEPT_OUT: Readonly<Record<string, string>> = {
  now: NO_CLOCK, today: NO_CLOCK, timeOfDay: NO_CLOCK, matches: NO_PATTERNS, matchesFull: NO_PATTERNS, replaceMatches: NO_PATTERNS,
  resolve: "Nothing outside of the file is looked up, and references are not followed: name the resource by its type.", memberOf: "No terminology server is asked: compare system and code.",
  lowBoundary: "What is only known in part is not filled up.", highBoundary: "What is only known in part is not filled up.",
  descendants: "Name the path; `repeat(item)` goes down into nested items.", children: "Name the path.",
};

function called(walk: Walk, tree: Tree, input: Scope, scope: Scope): Types {
  const functn = tree.children?.[0];
  const name = (functn?.text ?? "").replace(/`/gu, "");
  const args = functn?.children?.find((child) => child.type === "ParamList")?.children ?? functn?.children?.slice(1).filter((child) => child.type === "SortDirectionArgument") ?? [];
  const place: Tree = functn?.children?.[0] ?? tree;
  if (!Object.hasOwn(FUNCTIONS, name)) {
    const why = Object.hasOwn(KEPT_OUT, name) ? KEPT_OUT[name] : undefined;
    if (why !== undefined) say(walk, place, "invalid", `\`${name}()\` is not used in mappings.`, why);
    else say(walk, place, "invalid", `There is no function \`${name}()\` in mappings.`, "There are where, exists, first, ofType and others: see “From FHIR” in the language reference.", { name, names: Object.keys(FUNCTIONS) });
    return undefined;
  }
  const { least, most, each, gives } = FUNCTIONS[name]!;
  if (args.length < least || args.length > most) {
    const takes = least !== most ? `${least} to ${most} arguments` : least === 0 ? "nothing" : counted(least, "argument");
    say(walk, place, "invalid", `\`${name}()\` takes ${takes} between its parentheses, and ${args.length === 0 ? "nothing is" : args.length === 1 ? "1 is" : `${args.length} are`} given.`, `Write \`${name}(${least === 0 ? "" : "…"})\`.`);
    return undefined;
  }
  if (name === "ofType" || name === "as" || name === "is") return ofType(walk, name, args[0]!, input.types);
  // Of each item, not of all at once; `iif` speaks of what it stands on.
  const inner: Scope = each === true ? { root: input.root && ["iif", "coalesce"].includes(name), types: input.types } : scope;
  if (name === "repeat" && !isPath(args[0]!)) {
    say(walk, args[0]!, "invalid", "`repeat` goes down a path, and this is none.", "Write `repeat(item)` or `repeat(item | answer.item)`.");
    return undefined;
  }
  if (name === "repeat") return typesOf(walk, args[0]!, { root: inner.root, types: repeated(args[0]!, inner) });
  const given = args.map((argument) => typesOf(walk, argument.type === "SortDirectionArgument" ? argument.children![0]! : argument, inner));
  if (gives === "input") return input.types;
  if (gives === "argument") return given[0];
  if (gives === "all arguments") return (name === "iif" ? given.slice(1) : given).reduce(either, NOTHING);
  return gives;
}

/** What `repeat` comes by, going down: what it begins with and what any of its paths leads to, of which not all lead on from everywhere. */
function repeated(path: Tree, { root, types }: Scope): Types {
  const paths = unionOf(path);
  let all = types;
  for (let i = 0; i < 3; i++) {
    for (const each of paths) {
      const trial: Walk = { problems: [], resources: new Set() };
      const found = typesOf(trial, each, { root, types: all });
      if (trial.problems.length === 0) all = either(all, found);
    }
  }
  return all;
}

const unionOf = (tree: Tree): readonly Tree[] => (tree.type === "UnionExpression" ? (tree.children ?? []).flatMap(unionOf) : [tree]);

/** True for `item`, `answer.item`, and `item | answer.item`. */
const isPath = (tree: Tree): boolean => (tree.type === "MemberInvocation" ? true : ["TermExpression", "InvocationTerm", "InvocationExpression", "UnionExpression"].includes(tree.type) && (tree.children ?? []).every(isPath));

const COMMON_TYPES = ["Quantity", "CodeableConcept", "Coding", "Period", "Range", "boolean", "date", "dateTime", "decimal", "integer", "string", "Patient", "Observation", "Condition"];

function ofType(walk: Walk, operation: string, specifier: Tree, before: Types): Types {
  const text = specifier.text ?? "";
  const type = namedType(text);
  if (type === undefined) {
    say(walk, specifier, "element", `R4 has no type \`${text}\`.`, "Types are Quantity, CodeableConcept, dateTime and so on.", { name: text, names: COMMON_TYPES });
    return operation === "is" ? BOOLEAN : undefined;
  }
  if (isResource(type)) walk.resources.add(type);
  if (operation === "is") return BOOLEAN;
  const left = narrowed(before, type);
  if (before !== undefined && before.size > 0 && left?.size === 0 && !type.startsWith("System.")) {
    say(walk, specifier, "type", `What stands here is ${inTypeWords(before)}, never \`${type}\`.`, "Name one of its types.");
    return undefined;
  }
  return type.startsWith("System.") ? new Set([type]) : left;
}
