// The names of token kinds, which `initialize` promises before the language is loaded. Kinds that editors do not know are described in package.json.

/** In the order of `TOKEN_TYPES` of the features; a test compares them. */
export const SEMANTIC_TYPES = [
  "variable", "property", "function", "enumMember", "label", "operator", "number", "string", "comment", "type",
  "section", "clause", "connective", "word", "unit", "date", "code", "codeSystem", "citation", "combinator", "determination", "outcome",
  "field", "policyNumber", "caseName", "lintRule",
] as const;
export const SEMANTIC_MODIFIERS = ["declaration", "deprecated"] as const;
