// The grammar: a Chevrotain parser that builds the syntax tree as it reads. It never throws and always returns a tree.
import {
  defaultParserErrorProvider, EmbeddedActionsParser, EOF, type IOrAlt, type IParserErrorMessageProvider, type IRecognitionException,
  type IToken, type Rule, type TokenType,
} from "chevrotain";
import { diagnostic, type Diagnostic } from "../diagnostic.js";
import { folded, type Range } from "../text.js";
import { numberWord, type HeaderKey, HEADER_FIELDS } from "../vocabulary.js";
import type * as A from "./ast.js";
import { readDate } from "./dates.js";
import { readEvidence } from "./evidence.js";
import { readDuration, readQuantityLimit } from "./approval.js";
import { readCitations, readCombinator, readProse, withoutComments } from "./prose.js";
import type { Place } from "./lines.js";
import type { LayoutState } from "./layout.js";
import { tokenize, type Tokens } from "./lexer.js";
import { LazyLookahead } from "./lookahead.js";
import * as T from "./tokens.js";

// Parentheses are bounded by the lexer; what else makes a condition deep is bounded here, so that no walk of it runs out of stack.
/** Arithmetic signs and `not` in one condition. */
const MOST_OPERATORS = 500;
/** Filters within filters: `exists a where exists b where …`. */
const DEEPEST_FILTER = 16;

const LAYOUT: ReadonlySet<TokenType> = new Set([T.Newline, T.Indent, T.Dedent]);
const HEADINGS: ReadonlySet<TokenType> = new Set([
  T.PolicyKeyword, T.FactsHeading, T.DefineHeading, T.CriteriaHeading, T.NotesHeading, T.CodesHeading, T.RevisionsHeading, T.ReferencesHeading,
  T.CasesHeading, T.TextHeading, EOF,
]);
const LINE_ENDS: ReadonlySet<TokenType> = new Set([...LAYOUT, ...HEADINGS]);
const OPERATORS: ReadonlyMap<TokenType, A.CompareOp> = new Map([
  [T.Less, "<"], [T.LessEqual, "<="], [T.Greater, ">"], [T.GreaterEqual, ">="], [T.Equal, "="], [T.NotEqual, "!="],
  [T.AtLeast, ">="], [T.AtMost, "<="], [T.MoreThan, ">"], [T.LessThan, "<"], [T.Exactly, "="],
]);
/** Words right before "when criterion I is met" with which it says something else. */
const TURNING = /\b(not|never|even|regardless\s+of|irrespective\s+of|no\s+matter|waived|whether|or|except|other\s+than)[\s,]*$/i;
const CLAUSE_KINDS: ReadonlyMap<TokenType, A.ConditionClause["kind"]> = new Map([[T.When, "when"], [T.Unless, "unless"], [T.Waived, "waived"], [T.If, "if"]]);
const headerKeys: ReadonlySet<string> = new Set(HEADER_FIELDS.map((field) => field.word));

const { endOf } = T;
const rangeOf = (token: IToken): Range => ({ start: token.startOffset, end: endOf(token) });
const wordOf = (token: IToken): A.Word => ({ kind: "word", text: token.image, start: token.startOffset, end: endOf(token) });
function unquoted(token: IToken): A.Word {
  const { image } = token;
  const closed = image.length > 1 && (image.endsWith('"') || image.endsWith("”"));
  return { kind: "word", text: image.slice(1, closed ? -1 : undefined), start: token.startOffset, end: endOf(token) };
}
const dateOf = (token: IToken): A.DateValue => readDate(token.image, token.startOffset);
/** The last place at which any of the parts ends. */
function endingOf(start: Range, ...parts: readonly (Range | undefined)[]): number {
  let { end } = start;
  for (const part of parts) if (part !== undefined && part.end > end) end = part.end;
  return end;
}

const CONDITION = ["a condition", "Write a condition, as in `age < 18 years`, `solid_tumor` or `intent is definitive`."] as const;
const VALUE = ["a value", "Write a fact, a figure with its unit, a date, or a text in quotation marks."] as const;
/** What each rule reads, in words for a message, and what to write. */
const READS: Readonly<Record<string, readonly [string, string]>> = {
  header: ["the policy's number and title", "Write `policy NUMBER \"Title\"` on the first line."],
  factType: ["a type", "Write yes/no, number, date, text, a unit such as `years`, `one of a, b`, a code system, or `list of` one of these."],
  definition: CONDITION, orExpression: CONDITION, notExpression: CONDITION, predicate: CONDITION,
  additive: VALUE, primary: VALUE, operands: VALUE,
  suffix: ["a comparison", "Write a comparison, as in `age >= 18 years`, `intent is definitive`, `diagnoses include C69.-`."],
  comparison: VALUE, order: VALUE, quantity: ["a figure", "Write a figure with its unit, as in `18 years`."],
  between: ["both limits", "Write both limits with `and`, as in `between 10 and 27`."],
  inValues: ["the values", "Write one or more values, separated by commas."], includes: ["the values", "Write one or more values, separated by commas."],
  isSuffix: ["a value", "Write what it is, as in `is yes`, `is definitive`, `is known`, `is not met`."],
  window: ["a length of time", "Write the window, as in `within the past 6 months` or `within 30 days after surgery_date`."],
  quantified: ["a number of records", "Write `exists therapies`, `no therapies where …`, `at least 2 of therapies where …`, with the name of a list."],
  recordSet: ["the name of a list", "Write the name of a list of records, then `where` and a condition, as in `exists therapies where outcome is failure`."],
  criterionRef: ["the address of a criterion", "Write the path of labels from the top, as in `criterion I.B.2` or `criterion I is not met`."],
  code: ["a code", "Write a code such as C69.-, C70.0-C72.9, CPT 77301."], codeList: ["a code", "Write codes separated by commas, as in `CPT 64483-64484, HCPCS J0585`."],
  wordList: ["a word", "Write one or more words, separated by commas."],
  scope: ["codes, line of business, pathway or a condition", "Write `applies to codes CPT 64483`, `applies to line of business Medicaid`, `applies to pathway initial` or `applies to age >= 18 years`."],
  codeRow: ["a code", "Write a row as `HCPCS  E1390  Oxygen concentrator`."],
  caseName: ["the name of the case", "Write it in quotation marks, as in `case \"Failed two treatments\"`."],
  caseLine: ["a value", "Write a line of a case as `on 2025-07-01`, `pathway initial`, `line of business Medicaid`, `age = 54 years`, `I.B = met`."],
  caseRecord: ["the fields of a record", "Write them as `- kind = injection, started = 2025-03-10`."],
  caseFact: ["a value", "Write it behind `=`, as in `age = 54 years`."],
  caseValue: ["a value", "Write a figure with its unit, a date, yes or no, a choice, codes, or a text in quotation marks."],
  fieldAnswer: ["a value", "Write a figure with its unit, a date, yes or no, a choice, codes, or a text in quotation marks."],
  attestedAnswer: ["met, not met or unknown", "Write `met`, `not met` or `unknown`; or `unable to obtain`."],
  unable: ["a reason", "Write it behind `unable to obtain`, as in `unable to obtain, the hospital did not answer`."],
  expectation: ["approve, pend, refer, no statement applies or the outcome of a criterion", "Write `expect approve`, `expect pend missing age`, `expect refer`, `expect no statement applies` or `expect I.B not met`."],
  outcome: ["met, not met or unknown", "Write `met`, `not met` or `unknown`."],
};
const DURATION_HELP = "Write it as `approval duration 6 months`. If these are words of the policy's text, let the line begin with another word.";
const QUANTITY_HELP = "Write it as `quantity limit 2 syringes per 28 days` or `quantity limit 12 units of HCPCS J0717 per month`. If these are words of the policy's text, let the line begin with another word.";
const ANYTHING = ["another word", "Compare the line with an example of the language reference."] as const;
/** What to do where one certain token is missing. */
const MISSING_TOKEN: ReadonlyMap<TokenType, string> = new Map([
  [T.Close, "Close the parenthesis, or remove the one that opens it."],
  [T.OfWord, "Write `at least 2 of therapies where …`, `include any of C69.-, C70.-`, `all of therapies where …`."],
  [T.IncludeWord, "Write `diagnoses do not include C61`."],
  [T.InWord, "Write `not` before the whole comparison, as in `not age < 18 years`; or `is not in`."],
  [T.NotWord, "Write `diagnoses do not include C61`."],
  [T.MetWord, "Write `criterion I.B is met` or `criterion I.B is not met`."],
]);

const describe = (token: IToken): string => {
  if (LAYOUT.has(token.tokenType) || HEADINGS.has(token.tokenType)) return "the line ends";
  return `${named(token)} stands`;
};
const named = (token: IToken): string => {
  const image = token.image.replace(/\s+/gu, " ");
  return `\`${image.length > 40 ? `${image.slice(0, 39)}…` : image}\``;
};

// A message and, on a line of its own, what to do; `syntaxDiagnostic` parts them.
const expected = (what: string, help: string, actual: IToken): string => `Expected ${what}, but here ${describe(actual)}.\n${help}`;
const expectedBy = (rule: string, actual: IToken): string => expected(...(READS[rule] ?? ANYTHING), actual);
const messages: IParserErrorMessageProvider = {
  ...defaultParserErrorProvider,
  buildMismatchTokenMessage: ({ expected: type, actual, ruleName }) => expected(type.LABEL ?? "another word", MISSING_TOKEN.get(type) ?? (READS[ruleName] ?? ANYTHING)[1], actual),
  buildNoViableAltMessage: ({ actual, ruleName }) => expectedBy(ruleName, actual[0]!),
  buildEarlyExitMessage: ({ actual, ruleName }) => expectedBy(ruleName, actual[0]!),
  buildNotAllInputParsedMessage: ({ firstRedundant }) => `Nothing is expected here, but ${describe(firstRedundant)}.\nRemove it, or indent it under the line it belongs to.`,
};

/** What Chevrotain's recovery has and its types do not show. */
interface Recovery {
  flattenFollowSet(): readonly TokenType[];
  getCurrFollowKey(): unknown;
  getFollowSetFromFollowKey(key: unknown): readonly TokenType[];
}

/** What Chevrotain's recorder has and its types do not show. */
interface Recorder {
  enableRecording(): void;
}

/** What its recovery has and its types do not show. */
interface Resynchronized {
  recoveryEnabled: boolean;
  resyncFollows: object;
}
let followsOfAll: object | undefined;

/** A type as far as it has been read. */
interface TypeReading {
  of: A.TypeNode["of"];
  unit: A.Word | undefined;
  from: A.Word | undefined;
  to: A.Word | undefined;
  readonly choices: A.Word[];
  readonly systems: A.Word[];
  first: IToken | undefined;
  last: IToken | undefined;
}

class PolicyParser extends EmbeddedActionsParser {
  source = "";
  /** Where the stretch that is read begins. */
  private start = 0;
  comments: readonly Range[] = [];
  found: Diagnostic[] = [];
  /** The citations of all prose, in the order of the text. */
  citations: A.Citation[] = [];
  private place: Place = "start";
  /** Of the condition that is read. */
  private operators = 0;
  private filters = 0;
  /** What a comparison is read with, so that its alternatives can be kept: what stands before it, `is` and `not`. */
  private left: A.Expr = MISSING;
  private negated = false;
  private keyword!: IToken;
  private readonly cached: Record<string, IOrAlt<unknown>[] | undefined> = {};

  constructor(validate: boolean, follows = false) {
    // Lexing errors are reported by the lexer; recovery re-synchronizes at the next line or level.
    super([...T.VOCABULARY], { maxLookahead: 1, lookaheadStrategy: new LazyLookahead(), recoveryEnabled: true, nodeLocationTracking: "none", skipValidations: !validate, errorMessageProvider: messages } as ConstructorParameters<typeof EmbeddedActionsParser>[1]);
    // What may follow each rule is only asked where a text is broken, and takes a third of the analysis: it is worked out when it is.
    const parser = this as unknown as Resynchronized;
    const { recoveryEnabled } = parser;
    parser.recoveryEnabled = recoveryEnabled && follows;
    this.performSelfAnalysis();
    parser.recoveryEnabled = recoveryEnabled;
    if (!follows) Object.defineProperty(this, "resyncFollows", { get: () => (followsOfAll ??= (new PolicyParser(false, true) as unknown as Resynchronized).resyncFollows) });
  }

  private recording: readonly string[] = [];

  // To record the grammar, Chevrotain gives the parser methods of its own over those of the class, and deletes them one by one, with
  // which V8 is slow: a tenth of a short run. Those of the class are laid over them instead.
  protected enableRecording(): void {
    const before = new Set(Object.keys(this));
    (EmbeddedActionsParser.prototype as unknown as Recorder).enableRecording.call(this);
    this.recording = Object.keys(this).filter((name) => !before.has(name));
  }

  protected disableRecording(): void {
    const methods = EmbeddedActionsParser.prototype as unknown as Record<string, unknown>;
    this.RECORDING_PHASE = false;
    for (const name of this.recording) (this as unknown as Record<string, unknown>)[name] = methods[name];
  }

  // Nothing is invented: a token that is not there is an error, and its node stays missing.
  protected override canTokenTypeBeInsertedInRecovery(): boolean {
    return false;
  }

  protected override canTokenTypeBeDeletedInRecovery(): boolean {
    return false;
  }

  // No error reaches beyond its line: whatever cannot be read is passed over to the line's end at most, and the innermost rule
  // gives what it has. Chevrotain by itself would go on to the next word that some outer rule could follow with.
  protected findReSyncTokenType(): TokenType {
    const follows = new Set((this as unknown as Recovery).flattenFollowSet());
    for (let k = 1; ; k++) {
      const { tokenType } = this.LA(k);
      if (LINE_ENDS.has(tokenType) || follows.has(tokenType)) return tokenType;
    }
  }

  protected isInCurrentRuleReSyncSet(type: TokenType): boolean {
    if (LINE_ENDS.has(type)) return true;
    const recovery = this as unknown as Recovery;
    return recovery.getFollowSetFromFollowKey(recovery.getCurrFollowKey()).includes(type);
  }

  private say(found: Diagnostic): void {
    this.found.push(found);
  }

  private atLineEnd(): boolean {
    return LINE_ENDS.has(this.LA(1).tokenType);
  }

  /** Passes over what is left on a line; gives its last token. */
  private passOver(): IToken {
    while (!this.atLineEnd()) this.SKIP_TOKEN();
    return this.LA(0);
  }

  /** Passes over what is left on a line, and says that it has no place there. */
  private endLine(): void {
    this.operators = 0;
    this.filters = 0;
    if (this.atLineEnd()) return;
    const first = this.LA(1);
    const before = this.LA(0);
    const last = this.passOver();
    // The line may already have an error from which the parser is recovering; one message a line is enough.
    const line = this.source.lastIndexOf("\n", first.startOffset - 1);
    if (this.errors.some((error) => error.token.startOffset > line && error.token.startOffset <= endOf(last))) return;
    const gap = this.source.slice(endOf(before), first.startOffset);
    const end = first.startOffset + firstLine(this.source.slice(first.startOffset, endOf(last))).length;
    const range = { start: first.startOffset, end: Math.max(end, first.startOffset + 1) };
    if (/[\r\n]/u.test(gap)) {
      this.say(diagnostic("unexpected-text", range, "This line goes on with the line above it, which is already complete.", {
        help: this.place === "cases" ? "A line of a case begins with `on`, `codes`, `line of business`, `pathway`, `fact =`, `I.B =`, `evidence`, `expect` or `note`."
          : "Join it to the line above with `and` or `or`, or begin it with a label, a name or a keyword such as `when` or `note`.",
      }));
      return;
    }
    const thousands = first.tokenType === T.Comma && before.tokenType === T.NumberToken ? thousandsAt(this.source, before.startOffset) : undefined;
    this.say(thousands ?? diagnostic("unexpected-text", range, `Nothing more is expected on this line, but ${named(first)} follows.`, {
      help: this.place === "cases" ? "Remove it, or write it on a line of its own."
        : first.tokenType === T.Identifier && before.tokenType === T.Identifier ? `Write a name of several words with underscores, \`${before.image}_${first.image}\`; join two conditions with \`and\` or \`or\`.`
        : first.tokenType === T.Identifier ? "Join two conditions with `and` or `or`; begin a remark with `note` on a line of its own." : "Remove it, or join it with `and` or `or`.",
    }));
  }

  /** Counts an operator of a condition; false where there are more than are followed, which is said once. */
  private counts(operator: IToken): boolean {
    this.operators++;
    if (this.operators === MOST_OPERATORS + 1) this.tooDeep(operator, `A condition has more than ${MOST_OPERATORS} signs and negations.`);
    return this.operators <= MOST_OPERATORS;
  }

  private tooDeep(token: IToken, message: string): void {
    this.say(diagnostic("nested-too-deeply", rangeOf(token), message, { help: "Name a part of the condition in `define` and use the name." }));
  }

  private alternatives(key: string, make: () => IOrAlt<unknown>[]): IOrAlt<never>[] {
    return (this.cached[key] ??= make()) as IOrAlt<never>[];
  }

  private prose(token: IToken, full: boolean): A.Prose {
    const prose = readProse(this.source, rangeOf(token), this.comments, full);
    for (const citation of prose.citations) this.citations.push(citation);
    return prose;
  }

  // ── Document ────────────────────────────────────────────────────────────────────────────────────────────────────────
  readonly document = this.RULE("document", (): A.Document => {
    let header: A.Header | undefined;
    const sections: A.Section[] = [];
    this.MANY(() => {
      this.OR([
        { ALT: () => {
          const read = this.SUBRULE(this.header);
          if (header === undefined && sections.length === 0) header = read;
          else this.ACTION(() => this.say(diagnostic("misplaced-header", { start: read.start, end: read.end }, "The `policy` header stands a second time, or not at the top of the file.", { help: "A file holds one policy, and its header comes first." })));
        } },
        { ALT: () => { const section = this.SUBRULE(this.section); sections.push(section); } },
        { ALT: () => { this.SUBRULE(this.strayText); } },
      ]);
    });
    return { kind: "document", header, sections, comments: this.comments, start: 0, end: this.source.length };
  });

  private readonly strayText = this.RULE("strayText", () => {
    const token = this.OR([
      { ALT: () => this.CONSUME(T.ProseToken) }, { ALT: () => this.CONSUME(T.Newline) }, { ALT: () => this.CONSUME(T.Indent) }, { ALT: () => this.CONSUME(T.Dedent) },
    ]);
    this.ACTION(() => {
      if (token.tokenType === T.ProseToken) this.say(diagnostic("unexpected-text", rangeOf(token), "This text stands in no section.", { help: "Put it under a heading at column 0, such as `description`." }));
      this.endLine();
    });
  });

  private readonly header = this.RULE("header", (): A.Header => {
    const keyword = this.CONSUME(T.PolicyKeyword);
    const number = this.OPTION2(() => this.CONSUME(T.PolicyNumber));
    const title = this.OPTION3(() => this.CONSUME(T.QuotedText));
    this.ACTION(() => {
      if (number === undefined || title === undefined) this.say(diagnostic("missing-header", rangeOf(keyword), `The header has no ${number === undefined ? "policy number" : "title in quotation marks"} in its place.`, { help: "Write `policy NUMBER \"Title\"` on the first line." }));
      if (number === undefined || title === undefined) this.passOver();
      else this.endLine();
    });
    const fields: A.HeaderField[] = [];
    this.MANY(() => {
      this.CONSUME(T.Newline);
      this.OPTION(() => {
        const field = this.SUBRULE(this.headerField);
        fields.push(field);
      });
    });
    return this.ACTION(() => ({ kind: "header", number: number && wordOf(number), title: title && unquoted(title), fields, start: keyword.startOffset, end: endingOf(rangeOf(title ?? number ?? keyword), ...fields) }));
  }, { recoveryValueFunc: () => this.ACTION(() => this.partialHeader()) });

  /** What can be said of a header whose first line is broken: it is there, so nothing else is reported of it. */
  private partialHeader(): A.Header {
    const { start } = this;
    const end = this.source.indexOf("\n", start);
    return { kind: "header", fields: [], start, end: end < 0 ? this.source.length : end };
  }

  private readonly headerField = this.RULE("headerField", (): A.HeaderField => {
    const key = this.CONSUME(T.HeaderField);
    const value = this.OPTION(() => this.CONSUME(T.Rest));
    return this.ACTION((): A.HeaderField => {
      const name = key.image.toLowerCase();
      const date = value !== undefined && /^\d{4}-/u.test(value.image) ? dateOf(value) : undefined;
      return { kind: "headerField", key: wordOf(key), name: headerKeys.has(name) ? (name as HeaderKey) : undefined, value: value && wordOf(value), date, start: key.startOffset, end: endOf(value ?? key) };
    });
  });

  private readonly section = this.RULE("section", (): A.Section => {
    return this.OR(this.alternatives("section", () => [
      { ALT: () => this.SUBRULE(this.textSection) }, { ALT: () => this.SUBRULE(this.factsSection) }, { ALT: () => this.SUBRULE(this.defineSection) },
      { ALT: () => this.SUBRULE(this.criteriaSection) }, { ALT: () => this.SUBRULE(this.notesSection) }, { ALT: () => this.SUBRULE(this.codesSection) },
      { ALT: () => this.SUBRULE(this.revisionsSection) }, { ALT: () => this.SUBRULE(this.referencesSection) }, { ALT: () => this.SUBRULE(this.casesSection) },
    ]));
  });

  private heading(token: IToken, entries: readonly (Range | undefined)[]): { heading: A.Word; start: number; end: number } {
    return { heading: wordOf(token), start: token.startOffset, end: endingOf(rangeOf(token), ...entries) };
  }

  private readonly textSection = this.RULE("textSection", (): A.TextSection => {
    const heading = this.CONSUME(T.TextHeading);
    const paragraphs = this.SUBRULE(this.textBody);
    return this.ACTION(() => ({ kind: "text", paragraphs, ...this.heading(heading, paragraphs) }));
  });

  private readonly textBody = this.RULE("textBody", (): A.Prose[] => {
    const paragraphs: A.Prose[] = [];
    this.MANY(() => {
      this.CONSUME(T.Newline);
      const token = this.OPTION(this.proseToken);
      this.ACTION(() => { if (token !== undefined) paragraphs.push(this.prose(token, false)); });
    });
    return paragraphs;
  }, { recoveryValueFunc: () => [] });

  private readonly factsSection = this.RULE("factsSection", (): A.FactsSection => {
    const heading = this.CONSUME(T.FactsHeading);
    const facts = this.SUBRULE(this.factsBody);
    return this.ACTION(() => ({ kind: "facts", facts, ...this.heading(heading, facts) }));
  });

  private readonly factsBody = this.RULE("factsBody", (): A.FactDeclaration[] => {
    const facts: A.FactDeclaration[] = [];
    this.MANY(() => {
      this.CONSUME(T.Newline);
      const fact = this.SUBRULE(this.fact);
      if (fact?.kind === "fact") facts.push(fact);
      else if (fact !== undefined) this.ACTION(() => this.misplacedMapping(fact));
    });
    return facts;
  }, { recoveryValueFunc: () => [] });

  private readonly fact: () => A.FactDeclaration | A.FactMapping | undefined = this.RULE("fact", (): A.FactDeclaration | A.FactMapping | undefined => {
    return this.OR(this.alternatives("fact", () => [
      { ALT: () => {
        const name = this.CONSUME(T.FactName);
        const type = this.OPTION(() => this.SUBRULE(this.factType));
        const question = this.OPTION2(() => this.CONSUME(T.QuotedText));
        this.ACTION(() => { this.sayMappingBehind(); this.endLine(); });
        const below = this.SUBRULE(this.fields);
        return this.ACTION((): A.FactDeclaration => {
          const end = endingOf(rangeOf(name), type, question && rangeOf(question), ...below);
          const fields = below.filter((each) => each.kind === "fact");
          const mappings = below.filter((each) => each.kind === "mapping");
          return { kind: "fact", name: wordOf(name), type, question: question && unquoted(question), fields, mappings, start: name.startOffset, end };
        });
      } },
      { ALT: () => this.SUBRULE(this.mapping) },
      { ALT: () => {
        const token = this.CONSUME(T.ProseToken);
        this.ACTION(() => this.say(diagnostic("unexpected-text", rangeOf(token), "A fact begins with its name: letters, figures and underscores.", { help: "Write `name  type  \"Question\"`." })));
        this.SUBRULE2(this.fields);
        return undefined;
      } },
    ])) as A.FactDeclaration | A.FactMapping | undefined;
  }, { recoveryValueFunc: () => undefined });

  private readonly mapping = this.RULE("mapping", (): A.FactMapping => {
    const keyword = this.CONSUME(T.FromFhir);
    const text = this.OPTION(() => this.CONSUME(T.QuotedText));
    const mapping = this.ACTION((): A.FactMapping => {
      const expression = text && unquoted(text);
      if (expression === undefined || expression.text.trim() === "") this.missingExpression(keyword, text);
      this.endLine();
      return { kind: "mapping", keyword: rangeOf(keyword), expression, start: keyword.startOffset, end: endOf(text ?? keyword) };
    });
    const below = this.SUBRULE(this.fields);
    this.ACTION(() => {
      for (const each of below) this.say(diagnostic("unexpected-text", { start: each.start, end: each.end }, "Nothing goes below `from fhir`.", { help: "Give the line the indentation of the line above it." }));
    });
    return mapping;
  });

  private missingExpression(keyword: IToken, text: IToken | undefined): void {
    const first = this.LA(1);
    // A FHIRPath without its quotation marks is put between them.
    const bare = text === undefined && !this.atLineEnd() ? { start: first.startOffset, end: endOf(this.passOver()) } : undefined;
    const written = bare && this.source.slice(bare.start, bare.end);
    this.say(diagnostic("unexpected-text", bare ?? rangeOf(text ?? keyword), bare === undefined ? "`from fhir` is followed by no FHIRPath." : "The FHIRPath behind `from fhir` stands in quotation marks.", {
      help: "Write it as `from fhir \"Patient.birthDate\"`.", replacement: written === undefined || /["“”\r\n]/u.test(written) ? undefined : `"${written}"`,
    }));
  }

  private misplacedMapping(mapping: A.FactMapping): void {
    this.say(diagnostic("misplaced-mapping", { start: mapping.start, end: mapping.end }, "`from fhir` stands below no fact.", { help: "Indent it under the fact that it gives, deeper than the fact's name." }));
  }

  /** `from fhir` on the line of its fact: it is told from a limit, `from 0 to 10`, by standing on a line of its own. */
  private sayMappingBehind(): void {
    const first = this.LA(1);
    if (first.tokenType !== T.From || this.LA(2).image.toLowerCase() !== "fhir") return;
    const end = endOf(this.passOver());
    this.say(diagnostic("misplaced-mapping", { start: first.startOffset, end }, "`from fhir` stands on the line of its fact.", { help: "Write it on a line of its own below the fact, deeper than the fact's name." }));
  }

  private readonly fields: () => (A.FactDeclaration | A.FactMapping)[] = this.RULE("fields", (): (A.FactDeclaration | A.FactMapping)[] => {
    const fields: (A.FactDeclaration | A.FactMapping)[] = [];
    this.MANY(() => {
      this.CONSUME(T.Indent);
      const field = this.SUBRULE(this.fact);
      if (field !== undefined) fields.push(field);
      this.MANY2(() => {
        this.CONSUME(T.Newline);
        const more = this.SUBRULE2(this.fact);
        if (more !== undefined) fields.push(more);
      });
      this.CONSUME(T.Dedent);
    });
    return fields;
  }, { recoveryValueFunc: () => [] });

  /** The type that is being read; types do not nest, so one will do, and the alternatives can be kept. */
  private type: TypeReading = { of: "missing", unit: undefined, from: undefined, to: undefined, choices: [], systems: [], first: undefined, last: undefined };

  private take(token: IToken): IToken {
    this.type.first ??= token;
    this.type.last = token;
    return token;
  }

  private readonly factType = this.RULE("factType", (): A.TypeNode | undefined => {
    const list = this.OPTION(() => this.CONSUME(T.ListOf));
    this.type = { of: "missing", unit: undefined, from: undefined, to: undefined, choices: [], systems: [], first: undefined, last: undefined };
    this.OPTION2(() => this.OR(this.alternatives("type", () => [
      { ALT: () => { this.take(this.CONSUME(T.YesNo)); this.type.of = "yes/no"; } },
      { ALT: () => { this.take(this.CONSUME(T.DateType)); this.type.of = "date"; } },
      { ALT: () => { this.take(this.CONSUME(T.TextType)); this.type.of = "text"; } },
      { ALT: () => {
        this.take(this.CONSUME(T.OneOf));
        this.type.of = "choice";
        this.AT_LEAST_ONE_SEP({ SEP: T.Comma, DEF: () => {
          const token = this.take(this.OR2(this.alternatives("choice", () => [
            { ALT: () => this.CONSUME2(T.TypeWord) }, { ALT: () => this.CONSUME2(T.NumberType) }, { ALT: () => this.CONSUME2(T.TextType) }, { ALT: () => this.CONSUME2(T.DateType) },
            { ALT: () => this.CONSUME(T.TypeOr) }, { ALT: () => this.CONSUME2(T.From) }, { ALT: () => this.CONSUME2(T.To) },
          ])));
          this.ACTION(() => this.type.choices.push(wordOf(token)));
        } });
      } },
      { ALT: () => {
        this.type.of = "code";
        this.AT_LEAST_ONE_SEP2({ SEP: T.TypeOr, DEF: () => {
          const token = this.take(this.CONSUME(T.SystemType));
          this.ACTION(() => this.type.systems.push(wordOf(token)));
        } });
      } },
      { ALT: () => {
        this.type.of = "number";
        this.OR3(this.alternatives("number", () => [
          { ALT: () => this.take(this.CONSUME(T.NumberType)) },
          { ALT: () => { const unit = this.take(this.CONSUME(T.TypeWord)); this.ACTION(() => { this.type.unit = wordOf(unit); }); } },
        ]));
        this.OPTION3(() => {
          this.CONSUME(T.From);
          const from = this.take(this.CONSUME3(T.TypeWord));
          this.CONSUME(T.To);
          const to = this.take(this.CONSUME4(T.TypeWord));
          this.ACTION(() => { this.type.from = wordOf(from); this.type.to = wordOf(to); });
        });
      } },
    ])));
    return this.ACTION((): A.TypeNode | undefined => {
      const { of, unit, from, to, choices, systems, first, last } = this.type;
      const begin = list ?? first;
      if (begin === undefined) return undefined;
      return { kind: "type", list: list !== undefined, listRange: list && rangeOf(list), of: list !== undefined && first === undefined ? "records" : of, unit, from, to, choices, systems, start: begin.startOffset, end: endOf(last ?? begin) };
    });
  });

  private readonly defineSection = this.RULE("defineSection", (): A.DefineSection => {
    const heading = this.CONSUME(T.DefineHeading);
    const definitions = this.SUBRULE(this.defineBody);
    return this.ACTION(() => ({ kind: "define", definitions, ...this.heading(heading, definitions) }));
  });

  private readonly defineBody = this.RULE("defineBody", (): A.Definition[] => {
    const definitions: A.Definition[] = [];
    this.MANY(() => {
      this.CONSUME(T.Newline);
      const definition = this.SUBRULE(this.definition);
      if (definition !== undefined) definitions.push(definition);
    });
    return definitions;
  }, { recoveryValueFunc: () => [] });

  private readonly definition = this.RULE("definition", (): A.Definition | undefined => {
    let definition: A.Definition | undefined;
    this.OR([
      { ALT: () => {
        const name = this.CONSUME(T.DefinitionName);
        this.OPTION(() => this.CONSUME(T.Equal));
        const value = this.SUBRULE(this.orExpression);
        this.ACTION(() => {
          this.endLine();
          definition = { kind: "definition", name: wordOf(name), value, start: name.startOffset, end: endingOf(rangeOf(name), value) };
        });
      } },
      { ALT: () => {
        const token = this.CONSUME(T.ProseToken);
        this.ACTION(() => this.say(diagnostic("unexpected-text", rangeOf(token), "A definition begins with its name: letters, figures and underscores.", { help: "Write `name  condition`." })));
      } },
    ]);
    return definition;
  }, { recoveryValueFunc: () => undefined });

  // ── Criteria ────────────────────────────────────────────────────────────────────────────────────────────────────────
  private readonly criteriaSection = this.RULE("criteriaSection", (): A.CriteriaSection => {
    const heading = this.CONSUME(T.CriteriaHeading);
    const body = this.SUBRULE(this.criteriaBody);
    return this.ACTION(() => ({ kind: "criteria", body, ...this.heading(heading, body) }));
  });

  private readonly criteriaBody = this.RULE("criteriaBody", (): A.BodyEntry[] => {
    const body: A.BodyEntry[] = [];
    this.SUBRULE(this.moreEntries, { ARGS: [body] });
    return body;
  }, { recoveryValueFunc: () => [] });

  /** The indented lines below a criterion or clause. */
  private readonly block: () => A.BodyEntry[] = this.RULE("block", (): A.BodyEntry[] => {
    const body: A.BodyEntry[] = [];
    this.MANY(() => {
      this.CONSUME(T.Indent);
      const first = this.SUBRULE(this.bodyEntry);
      if (first !== undefined) body.push(first);
      this.SUBRULE(this.moreEntries, { ARGS: [body] });
      this.CONSUME(T.Dedent);
    });
    return body;
  }, { recoveryValueFunc: () => [] });

  private readonly moreEntries = this.RULE("moreEntries", (body: A.BodyEntry[]) => {
    this.MANY(() => {
      const deeper = this.OR(this.lineOrBlock);
      this.ACTION(() => {
        if (deeper === undefined) return;
        if (!Array.isArray(deeper)) {
          body.push(deeper);
          return;
        }
        body.push(...deeper);
        const [line] = deeper;
        if (line !== undefined) this.say(diagnostic("misplaced-clause", { start: line.start, end: line.start + firstLine(this.source.slice(line.start, line.end)).length }, "This line is indented below a line that can have nothing below it.", { help: "Indent it like the line above, or less." }));
      });
    });
  });
  private readonly lineOrBlock: IOrAlt<A.BodyEntry | A.BodyEntry[] | undefined>[] = [
    { ALT: () => { this.CONSUME(T.Newline); return this.SUBRULE(this.bodyEntry); } },
    // Lines below a note or a scope, which have nothing below them: they are read at its level.
    { ALT: () => this.SUBRULE(this.block) },
  ];

  private readonly bodyEntry: () => A.BodyEntry | undefined = this.RULE("bodyEntry", (): A.BodyEntry | undefined => {
    return this.OR(this.alternatives("bodyEntry", () => [
      { ALT: () => this.SUBRULE(this.criterion) },
      { ALT: () => this.SUBRULE(this.clause) },
      { ALT: () => this.SUBRULE(this.noteClause) },
      { ALT: () => this.SUBRULE(this.scope) },
      { ALT: () => this.SUBRULE(this.durationClause) },
      { ALT: () => this.SUBRULE(this.quantityClause) },
      { ALT: () => this.SUBRULE(this.unlabelled) },
    ]));
  }, { recoveryValueFunc: () => undefined });

  private readonly criterion = this.RULE("criterion", (): A.Criterion => {
    const token = this.OR(this.labels);
    const text = this.OPTION(this.proseToken);
    const inline = this.OPTION2(this.inlineClauseBehind);
    const block = this.SUBRULE(this.block);
    return this.ACTION((): A.Criterion => {
      const prose = text && this.prose(text, true);
      const bullet = token.tokenType === T.BulletToken;
      const label: A.Label = { kind: "label", text: token.image, segment: bullet ? "" : token.image.replace(/[().]/gu, ""), start: token.startOffset, end: endOf(token) };
      const body = inline === undefined ? block : [inline, ...block];
      return { kind: "criterion", label, prose, body, start: token.startOffset, end: endingOf(label, prose, ...body) };
    });
  });

  private readonly labels: IOrAlt<IToken>[] = [{ ALT: () => this.CONSUME(T.LabelToken) }, { ALT: () => this.CONSUME(T.BulletToken) }];
  private readonly proseToken = (): IToken => this.CONSUME(T.ProseToken);
  private readonly inlineClauseBehind = (): A.ConditionClause => this.SUBRULE(this.inlineClause);

  /** A `when` behind the prose, on the same line. */
  private readonly inlineClause = this.RULE("inlineClause", (): A.ConditionClause => {
    const before = this.LA(0).image;
    const keyword = this.OR([{ ALT: () => this.CONSUME(T.When) }, { ALT: () => this.CONSUME(T.Unless) }, { ALT: () => this.CONSUME(T.If) }]);
    const condition = this.SUBRULE(this.orExpression);
    const cited: IToken[] = [];
    this.MANY(() => { const token = this.CONSUME(T.TrailingCitation); cited.push(token); });
    return this.ACTION(() => {
      this.endLine();
      const turning = TURNING.exec(before)?.[1];
      if (turning !== undefined) {
        this.say(diagnostic("unclear-determination", rangeOf(keyword), `"${folded(turning)}" turns round what \`${keyword.image}\` says, or may, so it is not known what follows when the criterion is met.`, {
          help: "Write the condition on a line of its own, with `when` for what must be so and `unless` for what must not.",
        }));
      }
      const citations = cited.flatMap((token) => readCitations(token.image, token.startOffset));
      this.citations.push(...citations);
      return { kind: CLAUSE_KINDS.get(keyword.tokenType)!, keyword: rangeOf(keyword), condition, inline: true, citations, body: [], start: keyword.startOffset, end: endingOf(rangeOf(keyword), condition, ...citations) };
    });
  });

  private readonly unlabelled = this.RULE("unlabelled", (): A.Criterion => {
    const text = this.CONSUME(T.ProseToken);
    const body = this.SUBRULE(this.block);
    return this.ACTION(() => {
      const prose = this.prose(text, true);
      return { kind: "criterion", prose, body, start: prose.start, end: endingOf(prose, ...body) };
    });
  });

  private readonly clause = this.RULE("clause", (): A.ConditionClause => {
    const keyword = this.OR(this.alternatives("clause", () => [{ ALT: () => this.CONSUME(T.When) }, { ALT: () => this.CONSUME(T.Unless) }, { ALT: () => this.CONSUME(T.Waived) }, { ALT: () => this.CONSUME(T.If) }])) as IToken;
    let condition: A.Expr | undefined;
    let phrase: IToken | undefined;
    this.OPTION(() => { condition = this.SUBRULE(this.orExpression); });
    this.OPTION2(() => { phrase = this.CONSUME(T.CombinatorPhrase); });
    this.ACTION(() => {
      if (condition !== undefined || phrase !== undefined || this.atLineEnd()) return this.endLine();
      const first = this.LA(1);
      const last = this.passOver();
      this.say(diagnostic("missing-condition", { start: first.startOffset, end: endOf(last) }, `\`${keyword.image}\` is followed by ${named(first)}, which begins no condition.`, { help: CONDITION[1] }));
      condition = { kind: "missing", start: first.startOffset, end: first.startOffset };
    });
    const body = this.SUBRULE(this.block);
    return this.ACTION((): A.ConditionClause => {
      const combinator = phrase === undefined ? undefined : readCombinator(phrase.image, phrase.startOffset);
      if (condition === undefined && combinator === undefined) {
        this.say(diagnostic("missing-condition", rangeOf(keyword), `\`${keyword.image}\` is not followed by a condition.`, { help: `Write a condition, as in \`${keyword.image} age < 18 years\`, or \`${keyword.image} any of the following:\` with items.` }));
      }
      return { kind: CLAUSE_KINDS.get(keyword.tokenType)!, keyword: rangeOf(keyword), condition, combinator, citations: [], body, start: keyword.startOffset, end: endingOf(rangeOf(keyword), condition, combinator, ...body) };
    });
  });

  private readonly noteClause = this.RULE("noteClause", (): A.NoteClause => {
    const keyword = this.CONSUME(T.NoteKeyword);
    const text = this.OPTION(this.proseToken);
    return this.ACTION(() => {
      const prose = text && this.prose(text, false);
      return { kind: "note", keyword: rangeOf(keyword), prose, start: keyword.startOffset, end: endingOf(rangeOf(keyword), prose) };
    });
  });

  private readonly scope = this.RULE("scope", (): A.ScopeClause => {
    const keyword = this.CONSUME(T.AppliesTo);
    const codes: A.CodePattern[] = [];
    const words: A.Word[] = [];
    let condition: A.Expr | undefined;
    let subject: IToken | undefined;
    this.OR([
      { ALT: () => { subject = this.CONSUME(T.ScopeCodes); this.SUBRULE(this.codeList, { ARGS: [codes] }); } },
      { ALT: () => { subject = this.CONSUME(T.ScopeLine); this.SUBRULE(this.wordList, { ARGS: [words] }); } },
      { ALT: () => { subject = this.CONSUME(T.ScopePathway); this.SUBRULE2(this.wordList, { ARGS: [words] }); } },
      { ALT: () => { condition = this.SUBRULE(this.orExpression); } },
    ]);
    return this.ACTION(() => {
      if (condition?.kind === "name" && !this.atLineEnd()) {
        const last = this.passOver();
        this.say(diagnostic("unknown-scope", { start: condition.start, end: endOf(last) }, `Requests are not told apart by ${named({ ...last, image: this.source.slice(condition.start, endOf(last)) })}.`, { help: READS["scope"]![1] }));
        condition = undefined;
      }
      this.endLine();
      return { kind: "scope", keyword: rangeOf(keyword), subject: subject && wordOf(subject), codes, words, condition, start: keyword.startOffset, end: endingOf(rangeOf(keyword), subject && rangeOf(subject), condition, ...codes, ...words) };
    });
  });

  private readonly durationClause = this.RULE("durationClause", (): A.DurationClause => {
    const keyword = this.CONSUME(T.ApprovalDuration);
    const text = this.OPTION(this.proseToken);
    return this.ACTION(() => {
      const length = text && readDuration(this.written(text), text.startOffset);
      if (length === undefined) this.unread(keyword, text, "a length of time", DURATION_HELP);
      return { kind: "approvalDuration", keyword: rangeOf(keyword), length, start: keyword.startOffset, end: text === undefined ? endOf(keyword) : this.endOfWritten(text) };
    });
  });

  private readonly quantityClause = this.RULE("quantityClause", (): A.QuantityClause => {
    const keyword = this.CONSUME(T.QuantityLimit);
    const text = this.OPTION(this.proseToken);
    return this.ACTION(() => {
      const read = text && readQuantityLimit(this.written(text), text.startOffset);
      if (read === undefined) this.unread(keyword, text, "a quantity", QUANTITY_HELP);
      return { kind: "quantityLimit", keyword: rangeOf(keyword), amount: read?.amount, codes: read?.codes ?? [], per: read?.per, start: keyword.startOffset, end: text === undefined ? endOf(keyword) : this.endOfWritten(text) };
    });
  });

  private written(text: IToken): string {
    return withoutComments(this.source, rangeOf(text), this.comments);
  }

  private endOfWritten(text: IToken): number {
    return text.startOffset + this.written(text).trimEnd().length;
  }

  private unread(keyword: IToken, text: IToken | undefined, what: string, help: string): void {
    const word = keyword.image.replace(/:$/u, "").replace(/\s+/gu, " ").toLowerCase();
    if (text === undefined) this.say(diagnostic("unread-approval", rangeOf(keyword), `\`${word}\` is not followed by ${what}.`, { help }));
    else this.say(diagnostic("unread-approval", { start: text.startOffset, end: this.endOfWritten(text) }, `\`${word}\` is followed by ${named({ ...text, image: this.written(text).trim() })}, which is not ${what}.`, { help }));
  }

  private readonly wordList = this.RULE("wordList", (words: A.Word[]) => {
    this.AT_LEAST_ONE_SEP({ SEP: T.Comma, DEF: () => {
      const token = this.CONSUME(T.Identifier);
      this.ACTION(() => words.push(wordOf(token)));
    } });
  });

  /** `CPT 64483-64484, 64490, HCPCS J0585`: a system holds for the codes behind it. */
  private readonly codeList = this.RULE("codeList", (codes: A.CodePattern[]) => {
    let system: A.Word | undefined;
    this.AT_LEAST_ONE_SEP({ SEP: T.Comma, DEF: () => {
      const named = this.OPTION(() => this.CONSUME(T.SystemWord));
      const token = this.OR([{ ALT: () => this.CONSUME(T.CodeToken) }, { ALT: () => this.CONSUME(T.CodeRange) }, { ALT: () => this.CONSUME(T.NumberToken) }]);
      this.ACTION(() => {
        const own = named && wordOf(named);
        system = own ?? system;
        const pattern = codePattern(token, own);
        codes.push(own === undefined && system !== undefined ? { ...pattern, system: { ...system, start: pattern.start, end: pattern.start } } : pattern);
      });
    } });
  });

  // ── Notes, codes, revisions, references ─────────────────────────────────────────────────────────────────────────────
  private readonly notesSection = this.RULE("notesSection", (): A.NotesSection => {
    const heading = this.CONSUME(T.NotesHeading);
    const notes = this.SUBRULE(this.notesBody);
    return this.ACTION(() => ({ kind: "notes", notes, ...this.heading(heading, notes) }));
  });

  private readonly notesBody = this.RULE("notesBody", (): A.FootNote[] => {
    const notes: A.FootNote[] = [];
    this.MANY(() => {
      this.CONSUME(T.Newline);
      const mark = this.OPTION(() => this.CONSUME(T.NoteMark));
      const text = this.OPTION2(this.proseToken);
      this.ACTION(() => {
        const prose = text && this.prose(text, false);
        const first = mark ?? text;
        if (first !== undefined) notes.push({ kind: "footNote", mark: mark && !/[-•]/u.test(mark.image) ? wordOf(mark) : undefined, prose, start: first.startOffset, end: endingOf(rangeOf(first), prose) });
      });
    });
    return notes;
  }, { recoveryValueFunc: () => [] });

  private readonly codesSection = this.RULE("codesSection", (): A.CodesSection => {
    const heading = this.CONSUME(T.CodesHeading);
    const rows = this.SUBRULE(this.codesBody);
    return this.ACTION(() => ({ kind: "codes", rows, ...this.heading(heading, rows) }));
  });

  private readonly codesBody = this.RULE("codesBody", (): (A.CodeRow | A.CodeGroup)[] => {
    const rows: (A.CodeRow | A.CodeGroup)[] = [];
    this.MANY(() => {
      this.CONSUME(T.Newline);
      this.SUBRULE(this.codeEntry, { ARGS: [rows] });
    });
    return rows;
  }, { recoveryValueFunc: () => [] });

  private readonly codeEntry = this.RULE("codeEntry", (rows: (A.CodeRow | A.CodeGroup)[]) => {
    this.OR([
      { ALT: () => {
        const title = this.CONSUME(T.GroupTitle);
        this.ACTION(() => rows.push({ kind: "codeGroup", title: { ...wordOf(title), text: title.image.replace(/:$/u, "") }, ...rangeOf(title) }));
      } },
      { ALT: () => {
        const row = this.SUBRULE(this.codeRow);
        this.ACTION(() => { if (row !== undefined) rows.push(row); });
      } },
    ]);
  });

  private readonly codeRow = this.RULE("codeRow", (): A.CodeRow | undefined => {
    const system = this.CONSUME(T.CodeSystemWord);
    const code = this.CONSUME(T.RowCode);
    const mark = this.OPTION(() => this.CONSUME(T.RowMark));
    const text = this.OPTION2(() => this.CONSUME(T.RowText));
    const tail: IToken[] = [];
    this.MANY(() => {
      const token = this.OR([
        { ALT: () => this.CONSUME(T.EffectiveWord) }, { ALT: () => this.CONSUME(T.EndedWord) }, { ALT: () => this.CONSUME(T.SeeWord) },
        { ALT: () => this.CONSUME(T.ForWord) }, { ALT: () => this.CONSUME(T.Comma) }, { ALT: () => this.CONSUME(T.RowWord) },
      ]);
      tail.push(token);
    });
    return this.ACTION(() => this.makeRow(system, code, mark, text, tail));
  }, { recoveryValueFunc: () => undefined });

  private makeRow(system: IToken, code: IToken, mark: IToken | undefined, text: IToken | undefined, tail: readonly IToken[]): A.CodeRow {
    const row: { -readonly [K in keyof A.CodeRow]: A.CodeRow[K] } = {
      kind: "codeRow", system: wordOf(system), code: codePattern(code, undefined), mark: mark && wordOf(mark), description: text && this.prose(text, false),
      replacedBy: [], appliesTo: [], start: system.startOffset, end: endOf(tail[tail.length - 1] ?? text ?? mark ?? code),
    };
    if (tail.length === 0 && row.description !== undefined) row.end = row.description.end;
    const replacedBy: A.CodePattern[] = [];
    const appliesTo: A.AddressRef[] = [];
    let keyword: TokenType | undefined;
    for (const token of tail) {
      if (token.tokenType === T.Comma) continue;
      if (token.tokenType !== T.RowWord) {
        keyword = token.tokenType;
      } else if (keyword === T.EffectiveWord || keyword === T.EndedWord) {
        const date = dateOf(token);
        if (keyword === T.EffectiveWord) row.effective = date;
        else row.ended = date;
      } else if (keyword === T.SeeWord) {
        replacedBy.push(codePattern(token, undefined));
      } else if (keyword === T.ForWord) {
        appliesTo.push({ kind: "address", text: normalAddress(token.image), ...rangeOf(token) });
      } else {
        this.say(diagnostic("unexpected-text", rangeOf(token), `\`${token.image}\` is not part of a code's status.`, { help: "The status is `effective DATE`, `ended DATE`, `see CODE`, `for ADDRESS`." }));
      }
    }
    row.replacedBy = replacedBy;
    row.appliesTo = appliesTo;
    return row;
  }

  private readonly revisionsSection = this.RULE("revisionsSection", (): A.RevisionsSection => {
    const heading = this.CONSUME(T.RevisionsHeading);
    const revisions = this.SUBRULE(this.revisionsBody);
    return this.ACTION(() => ({ kind: "revisions", revisions, ...this.heading(heading, revisions) }));
  });

  private readonly revisionsBody = this.RULE("revisionsBody", (): A.Revision[] => {
    const revisions: A.Revision[] = [];
    this.MANY(() => {
      this.CONSUME(T.Newline);
      const date = this.OPTION(() => this.CONSUME(T.RevisionDate));
      const tail: IToken[] = [];
      this.MANY2(() => {
        const token = this.OR([{ ALT: () => this.CONSUME(T.ApprovedWord) }, { ALT: () => this.CONSUME(T.EffectiveWord) }, { ALT: () => this.CONSUME(T.Comma) }, { ALT: () => this.CONSUME(T.RowWord) }]);
        tail.push(token);
      });
      const text = this.OPTION2(this.proseToken);
      this.ACTION(() => { const row = this.makeRevision(date, tail, text); if (row !== undefined) revisions.push(row); });
    });
    return revisions;
  }, { recoveryValueFunc: () => [] });

  private makeRevision(date: IToken | undefined, tail: readonly IToken[], text: IToken | undefined): A.Revision | undefined {
    const first = date ?? text;
    if (first === undefined) return undefined;
    if (date === undefined) this.say(diagnostic("missing-row-date", { start: first.startOffset, end: Math.min(endOf(first), first.startOffset + 40) }, "A revision begins with its date.", { help: "Write `2025-03, approved 2025-05-20, effective 2025-06-19`, and what changed on indented lines below." }));
    const prose = text && this.prose(text, false);
    let approved: A.DateValue | undefined;
    let effective: A.DateValue | undefined;
    let keyword: TokenType | undefined;
    let strange: Range | undefined;
    for (const token of tail) {
      if (token.tokenType === T.Comma) continue;
      if (token.tokenType !== T.RowWord) {
        keyword = token.tokenType;
      } else if (keyword === T.ApprovedWord) {
        approved = dateOf(token);
      } else if (keyword === T.EffectiveWord) {
        effective = dateOf(token);
      } else if (strange === undefined) {
        strange = { start: token.startOffset, end: endOf(tail[tail.length - 1]!) };
        this.say(diagnostic("unexpected-text", strange, `${named({ ...token, image: this.source.slice(strange.start, strange.end) })} is not part of the dates of a revision.`, { help: "Write `2025-03, approved DATE, effective DATE`, and what changed on indented lines below." }));
      }
    }
    return { kind: "revision", revised: date && dateOf(date), approved, effective, prose, start: first.startOffset, end: endingOf(rangeOf(date ?? text!), prose, approved, effective) };
  }

  private readonly referencesSection = this.RULE("referencesSection", (): A.ReferencesSection => {
    const heading = this.CONSUME(T.ReferencesHeading);
    const references = this.SUBRULE(this.referencesBody);
    return this.ACTION(() => ({ kind: "references", references, ...this.heading(heading, references) }));
  });

  private readonly referencesBody = this.RULE("referencesBody", (): A.Reference[] => {
    const references: A.Reference[] = [];
    this.MANY(() => {
      this.CONSUME(T.Newline);
      const label = this.OPTION(() => this.CONSUME(T.ReferenceLabel));
      const text = this.OPTION2(this.proseToken);
      this.ACTION(() => {
        const prose = text && this.prose(text, false);
        if (label !== undefined) references.push({ kind: "reference", label: wordOf(label), number: Number.parseInt(label.image, 10), prose, start: label.startOffset, end: endingOf(rangeOf(label), prose) });
        else if (prose !== undefined) this.say(diagnostic("unexpected-text", prose, "A reference begins with its number.", { help: "Write `47. Author. Title. …`." }));
      });
    });
    return references;
  }, { recoveryValueFunc: () => [] });

  // ── Cases ───────────────────────────────────────────────────────────────────────────────────────────────────────────
  private readonly casesSection = this.RULE("casesSection", (): A.CasesSection => {
    const heading = this.CONSUME(T.CasesHeading);
    const cases = this.SUBRULE(this.casesBody);
    return this.ACTION(() => ({ kind: "cases", cases, ...this.heading(heading, cases) }));
  });

  private readonly casesBody = this.RULE("casesBody", (): A.Case[] => {
    const cases: A.Case[] = [];
    this.MANY(() => {
      this.CONSUME(T.Newline);
      this.SUBRULE(this.caseEntry, { ARGS: [cases] });
    });
    return cases;
  }, { recoveryValueFunc: () => [] });

  private readonly caseEntry = this.RULE("caseEntry", (cases: A.Case[]) => {
    this.OR([
      { ALT: () => {
        const keyword = this.CONSUME(T.CaseKeyword);
        const name = this.SUBRULE(this.caseName);
        this.ACTION(() => { this.endLine(); cases.push({ kind: "case", name, entries: [], start: keyword.startOffset, end: (name ?? rangeOf(keyword)).end }); });
      } },
      { ALT: () => { const entry = this.SUBRULE(this.caseLine); this.ACTION(() => this.addToCase(cases, entry)); } },
      { ALT: () => {
        const bullet = this.CONSUME(T.RecordBullet);
        const fields: A.CaseFact[] = [];
        // It stands in its list before its fields are read, so that a broken field does not make the list an empty one.
        this.ACTION(() => this.addRecord(cases, { kind: "caseRecord", fields, evidence: [], ...rangeOf(bullet) }));
        this.MANY_SEP({ SEP: T.Comma, DEF: () => {
          const field = this.SUBRULE(this.caseRecord);
          if (field !== undefined) fields.push(field);
        } });
        this.ACTION(() => {
          this.endLine();
          this.endRecord(cases, endingOf(rangeOf(bullet), ...fields));
        });
      } },
      { ALT: () => {
        const keyword = this.CONSUME(T.EvidenceKeyword);
        const text = this.OPTION(this.proseToken);
        this.ACTION(() => { this.addEvidence(cases, this.evidence(keyword, text)); this.endLine(); });
      } },
      { ALT: () => {
        const token = this.CONSUME2(T.ProseToken);
        this.ACTION(() => this.say(diagnostic("unexpected-text", rangeOf(token), "This is no part of a case.", { help: "A case has `on DATE`, `fact = value`, `I.B = met`, `expect approve`, `note …`." })));
      } },
    ]);
  });

  private readonly caseName = this.RULE("caseName", (): A.Word | undefined => {
    const name = this.CONSUME(T.QuotedText);
    return this.ACTION(() => unquoted(name));
  }, { recoveryValueFunc: () => undefined });

  private readonly caseRecord = this.RULE("caseRecord", (): A.CaseFact | undefined => {
    const name = this.CONSUME(T.Identifier);
    this.CONSUME(T.Equal);
    const { values, unobtainable } = this.SUBRULE(this.fieldAnswer);
    return this.ACTION(() => ({ kind: "caseFact", name: wordOf(name), values, records: [], unobtainable, evidence: [], start: name.startOffset, end: endingOf(rangeOf(name), ...values, unobtainable) }));
  }, { recoveryValueFunc: () => undefined });

  private readonly fieldAnswer = this.RULE("fieldAnswer", (): { values: A.CaseValue[]; unobtainable?: A.Unobtainable | undefined } => {
    return this.OR([
      { ALT: () => { const unable = this.CONSUME(T.UnableToObtain); return { values: [] as A.CaseValue[], unobtainable: this.ACTION(() => this.unobtainable(unable, undefined)) }; } },
      { ALT: () => ({ values: this.SUBRULE(this.valueList) }) },
    ]);
  }, { recoveryValueFunc: () => ({ values: [] }) });

  // Cases grow while they are read: entries and records are pushed, ends move on.
  private addToCase(cases: A.Case[], entry: A.CaseEntry): void {
    const last = cases[cases.length - 1] as Growing<A.Case, "entries"> | undefined;
    if (last === undefined) {
      this.say(diagnostic("unexpected-text", { start: entry.start, end: entry.end }, "This stands in no case.", { help: "Begin a case with `case \"Name\"`." }));
      return;
    }
    last.entries.push(entry);
    last.end = entry.end;
  }

  private addRecord(cases: A.Case[], record: A.CaseRecord): void {
    const fact = lastFact(cases);
    if (fact === undefined) this.say(diagnostic("unexpected-text", { start: record.start, end: record.end }, "A record stands below no list.", { help: "Write `therapies =` on the line above." }));
    else fact.records.push(record as Growing<A.CaseRecord, "fields">);
    this.endRecord(cases, record.end);
  }

  private endRecord(cases: A.Case[], end: number): void {
    const fact = lastFact(cases);
    if (fact === undefined) return;
    fact.records[fact.records.length - 1]!.end = end;
    fact.end = end;
    (cases[cases.length - 1] as Growing<A.Case, "entries">).end = end;
  }

  private evidence(keyword: IToken, text: IToken | undefined): A.CaseEvidence {
    const range = text === undefined ? undefined : rangeOf(text);
    const parts = range === undefined ? {} : readEvidence(withoutComments(this.source, range, this.comments), range.start, this.found);
    const end = endingOf(rangeOf(keyword), parts.source, parts.page, parts.date, parts.note);
    return { kind: "evidence", keyword: rangeOf(keyword), ...parts, start: keyword.startOffset, end };
  }

  /** The reason behind `unable to obtain`, without the comma before it and its quotation marks. */
  private unobtainable(unable: IToken, text: IToken | undefined): A.Unobtainable {
    const start = unable.startOffset;
    if (text === undefined) return { kind: "unobtainable", start, end: endOf(unable) };
    const words = withoutComments(this.source, rangeOf(text), this.comments);
    const [lead] = /^[\s,;:–—-]*/u.exec(words)!;
    const written = words.slice(lead.length).trimEnd();
    const from = text.startOffset + lead.length;
    if (written === "") return { kind: "unobtainable", start, end: endOf(unable) };
    const inner = /^"([^"]*)"$|^“([^”]*)”$/u.exec(written);
    const reason: A.Word = { kind: "word", text: folded(inner?.[1] ?? inner?.[2] ?? written), start: from, end: from + written.length };
    return { kind: "unobtainable", reason, start, end: reason.end };
  }

  /** Evidence belongs to the fact, criterion or record on the line above it. */
  private addEvidence(cases: A.Case[], evidence: A.CaseEvidence): void {
    const last = cases[cases.length - 1] as Growing<A.Case, "entries"> | undefined;
    const entry = last?.entries.at(-1) as { end: number } & (A.CaseFact | A.CaseAttestation) | undefined;
    if (entry === undefined || (entry.kind !== "caseFact" && entry.kind !== "attestation")) {
      this.say(diagnostic("misplaced-evidence", { start: evidence.start, end: evidence.end }, "Evidence stands below no fact and no criterion.", { help: "Write it below the line it is evidence for, such as `age = 54 years` or `I.B = met`." }));
      return;
    }
    const record = entry.kind === "caseFact" ? entry.records.at(-1) as { end: number } & A.CaseRecord | undefined : undefined;
    ((record ?? entry).evidence as A.CaseEvidence[]).push(evidence);
    if (record !== undefined) record.end = evidence.end;
    entry.end = evidence.end;
    last!.end = evidence.end;
  }

  private readonly caseLine = this.RULE("caseLine", (): A.CaseEntry => {
    const entry = this.OR([
      { ALT: (): A.CaseEntry => {
        const keyword = this.CONSUME(T.OnKeyword);
        const date = this.OPTION3(() => this.CONSUME(T.DateToken));
        // What is no date is kept as one, so that it is reported as such and not as a date that is missing.
        return this.ACTION(() => {
          const first = this.LA(1);
          const other = date === undefined && !this.atLineEnd() ? readDate(this.source.slice(first.startOffset, endOf(this.passOver())), first.startOffset) : undefined;
          return { kind: "on", date: date === undefined ? other : dateOf(date), start: keyword.startOffset, end: date === undefined ? (other ?? rangeOf(keyword)).end : endOf(date) };
        });
      } },
      { ALT: (): A.CaseEntry => {
        const keyword = this.CONSUME(T.CaseCodesKeyword);
        const codes: A.CodePattern[] = [];
        this.SUBRULE(this.codeList, { ARGS: [codes] });
        return this.ACTION(() => ({ kind: "caseCodes", codes, start: keyword.startOffset, end: endingOf(rangeOf(keyword), ...codes) }));
      } },
      { ALT: (): A.CaseEntry => {
        const keyword = this.CONSUME(T.CaseLineKeyword);
        const value = this.CONSUME(T.Identifier);
        return this.ACTION(() => ({ kind: "lineOfBusiness", value: wordOf(value), start: keyword.startOffset, end: endOf(value) }));
      } },
      { ALT: (): A.CaseEntry => {
        const keyword = this.CONSUME(T.CasePathwayKeyword);
        const value = this.CONSUME2(T.Identifier);
        return this.ACTION(() => ({ kind: "pathway", value: wordOf(value), start: keyword.startOffset, end: endOf(value) }));
      } },
      { ALT: (): A.CaseEntry => {
        const keyword = this.CONSUME(T.CaseNoteKeyword);
        const text = this.OPTION(this.proseToken);
        return this.ACTION(() => {
          const prose = text && this.prose(text, false);
          return { kind: "caseNote", prose, start: keyword.startOffset, end: endingOf(rangeOf(keyword), prose) };
        });
      } },
      { ALT: (): A.CaseEntry => {
        const name = this.CONSUME(T.CaseFactName);
        this.CONSUME(T.Equal);
        let values: A.CaseValue[] = [];
        let unobtainable: A.Unobtainable | undefined;
        this.OPTION2(() => this.OR2([
          { ALT: () => { unobtainable = this.SUBRULE(this.unable); } },
          { ALT: () => { values = this.SUBRULE(this.valueList); } },
        ]));
        return this.ACTION(() => ({ kind: "caseFact", name: wordOf(name), values, records: [], unobtainable, evidence: [], start: name.startOffset, end: endingOf(rangeOf(name), ...values, unobtainable) }));
      } },
      { ALT: (): A.CaseEntry => {
        const address = this.CONSUME(T.AttestedAddress);
        this.CONSUME2(T.Equal);
        const { outcome, unobtainable } = this.SUBRULE(this.attestedAnswer);
        return this.ACTION(() => ({ kind: "attestation", address: addressOf(address), outcome, unobtainable, evidence: [], start: address.startOffset, end: endingOf(rangeOf(address), outcome, unobtainable) }));
      } },
      { ALT: (): A.CaseEntry => this.SUBRULE(this.expectation) },
    ]);
    this.ACTION(() => this.endLine());
    return entry;
  }, { recoveryValueFunc: () => ({ kind: "caseNote" as const, start: this.here(), end: this.here() }) });

  private readonly unable = this.RULE("unable", (): A.Unobtainable => {
    const unable = this.CONSUME(T.UnableToObtain);
    const reason = this.OPTION(this.proseToken);
    return this.ACTION(() => this.unobtainable(unable, reason));
  });

  private readonly attestedAnswer = this.RULE("attestedAnswer", (): { outcome?: A.OutcomeWord; unobtainable?: A.Unobtainable } => {
    return this.OR([
      { ALT: () => ({ unobtainable: this.SUBRULE(this.unable) }) },
      { ALT: () => ({ outcome: this.SUBRULE(this.outcome) }) },
    ]);
  }, { recoveryValueFunc: () => ({}) });

  private readonly outcome = this.RULE("outcome", (): A.OutcomeWord => {
    const not = this.OPTION(() => this.CONSUME(T.NotWord));
    const word = this.OR([{ ALT: () => this.CONSUME(T.MetWord) }, { ALT: () => this.CONSUME(T.UnknownWord) }]);
    return this.ACTION(() => ({ kind: "outcome", outcome: word.tokenType === T.UnknownWord ? "unknown" : not === undefined ? "met" : "not met", start: (not ?? word).startOffset, end: endOf(word) }));
  });

  private readonly expectation = this.RULE("expectation", (): A.CaseEntry => {
    const keyword = this.CONSUME(T.ExpectKeyword);
    let last: IToken | undefined;
    const first = this.OR([{ ALT: () => this.CONSUME(T.Identifier) }, { ALT: () => this.CONSUME(T.DottedAddress) }, {
      // "no statement applies"
      ALT: () => {
        const no = this.CONSUME(T.NoWord);
        this.MANY(() => { last = this.CONSUME3(T.Identifier); });
        return no;
      },
    }]);
    let outcome: A.OutcomeWord | undefined;
    let by: IToken | undefined;
    const missing: A.Word[] = [];
    this.OPTION(() => { this.OPTION2(() => this.CONSUME(T.IsWord)); outcome = this.SUBRULE(this.outcome); });
    this.OPTION3(() => { this.CONSUME(T.ByWord); by = this.CONSUME(T.Address); });
    this.OPTION4(() => {
      this.CONSUME(T.MissingWord);
      this.AT_LEAST_ONE_SEP({ SEP: T.Comma, DEF: () => {
        const token = this.OR2([{ ALT: () => this.CONSUME2(T.Identifier) }, { ALT: () => this.CONSUME2(T.DottedAddress) }, { ALT: () => this.CONSUME(T.LineOfBusinessWord) }]);
        this.ACTION(() => missing.push(wordOf(token)));
      } });
    });
    return this.ACTION((): A.CaseExpectation => {
      const end = endingOf(rangeOf(first), outcome, by && rangeOf(by), ...missing);
      const range = { start: keyword.startOffset, end };
      if (outcome !== undefined) return { kind: "expect", address: addressOf(first), outcome, missing, ...range };
      if (last !== undefined) return { kind: "expect", determination: { kind: "word", text: this.source.slice(first.startOffset, endOf(last)).replace(/\s+/gu, " "), start: first.startOffset, end: endOf(last) }, by: by && addressOf(by), missing, start: keyword.startOffset, end: Math.max(end, endOf(last)) };
      return { kind: "expect", determination: wordOf(first), by: by && addressOf(by), missing, ...range };
    });
  }, { recoveryValueFunc: () => ({ kind: "expect" as const, missing: [], start: this.here(), end: this.here() }) });

  private readonly valueList: () => A.CaseValue[] = this.RULE("valueList", (): A.CaseValue[] => {
    const first = this.SUBRULE(this.caseValue);
    const values: A.CaseValue[] = first === undefined ? [] : [first];
    // In a record, a comma before `name =` begins the next field.
    this.MANY({ GATE: () => this.LA(3).tokenType !== T.Equal, DEF: () => {
      this.CONSUME(T.Comma);
      const value = this.SUBRULE2(this.caseValue);
      if (value !== undefined) values.push(value);
    } });
    return values;
  }, { recoveryValueFunc: () => [] });

  private readonly caseValue = this.RULE("caseValue", (): A.CaseValue | undefined => {
    return this.OR(this.alternatives("caseValue", () => [
      { ALT: () => this.SUBRULE(this.quantity) },
      { ALT: () => { const token = this.CONSUME(T.DateToken); return this.ACTION(() => ({ kind: "dateLiteral", date: dateOf(token), ...rangeOf(token) })); } },
      { ALT: () => { const token = this.CONSUME(T.QuotedText); return this.ACTION(() => ({ kind: "textLiteral", text: unquoted(token).text, ...rangeOf(token) })); } },
      { ALT: () => this.SUBRULE(this.code) },
      { ALT: () => this.nameOf(this.OR2([{ ALT: () => this.CONSUME(T.Identifier) }, { ALT: () => this.CONSUME(T.YesWord) }, { ALT: () => this.CONSUME(T.NoWord) }, { ALT: () => this.CONSUME(T.UnknownWord) }])) },
    ]));
  });

  private nameOf(token: IToken): A.Name {
    return this.ACTION(() => ({ kind: "name", text: token.image, start: token.startOffset, end: endOf(token) }));
  }

  // ── Conditions ──────────────────────────────────────────────────────────────────────────────────────────────────────
  // Rules cost more than what they do, so operators of two ranks share one, which parts the ranks itself.
  private readonly orExpression: () => A.Expr = this.RULE("orExpression", (): A.Expr => {
    let operand = this.SUBRULE(this.notExpression);
    /** What has been read of the `or`, and of the `and` that is its last operand. */
    let alternatives: A.Expr[] | undefined;
    let conjuncts: A.Expr[] | undefined;
    this.MANY(() => {
      const operator = this.OR(this.logic);
      const next = this.SUBRULE2(this.notExpression);
      if (operator.tokenType === T.And) {
        (conjuncts ??= [operand]).push(next);
      } else {
        (alternatives ??= []).push(conjuncts === undefined ? operand : logic("and", conjuncts));
        conjuncts = undefined;
      }
      operand = next;
    });
    if (conjuncts !== undefined) operand = logic("and", conjuncts);
    if (alternatives === undefined) return operand;
    alternatives.push(operand);
    return logic("or", alternatives);
  }, { recoveryValueFunc: () => this.missing() });
  private readonly logic: IOrAlt<IToken>[] = [{ ALT: () => this.CONSUME(T.And) }, { ALT: () => this.CONSUME(T.Or) }];

  private readonly notExpression = this.RULE("notExpression", (): A.Expr => {
    let negations: IToken[] | undefined;
    this.MANY(() => { const token = this.CONSUME(T.NotWord); (negations ??= []).push(token); });
    let operand = this.SUBRULE(this.predicate);
    this.ACTION(() => {
      for (const token of negations?.reverse() ?? []) if (this.counts(token)) operand = { kind: "not", operand, start: token.startOffset, end: operand.end };
    });
    return operand;
  }, { recoveryValueFunc: () => this.missing() });

  private missing(): A.Missing {
    return { kind: "missing", start: this.here(), end: this.here() };
  }

  /** Where the next word stands, or the last one ends where there is none. */
  private here(): number {
    const next = this.LA(1);
    if (next.tokenType !== EOF && !LAYOUT.has(next.tokenType)) return next.startOffset;
    const last = this.LA(0);
    return last.startOffset >= 0 ? endOf(last) : 0;
  }

  private readonly predicate = this.RULE("predicate", (): A.Expr => {
    let node = this.OR(this.alternatives("predicate", () => [
      { ALT: () => this.SUBRULE(this.quantified) },
      { ALT: () => this.SUBRULE(this.criterionRef) },
      { ALT: () => this.SUBRULE2(this.window, { ARGS: [undefined, false] }) },
      { ALT: () => {
        const left = this.SUBRULE(this.additive);
        return this.OPTION(() => { this.left = left; return this.SUBRULE(this.suffix); }) ?? left;
      } },
    ])) as A.Expr;
    // "outcome is failure within 6 months": a window that does not name its date.
    this.OPTION2(() => {
      const window = this.SUBRULE(this.window, { ARGS: [undefined, false] });
      this.ACTION(() => { if (!isBroken(node)) node = { kind: "and", operands: [node, window], start: node.start, end: window.end }; });
    });
    return node;
  }, { recoveryValueFunc: () => this.missing() });

  private readonly quantified = this.RULE("quantified", (): A.Expr => {
    let first!: IToken;
    let op: A.CompareOp | "all" = ">=";
    let count = 1;
    this.OR([
      { ALT: () => { first = this.CONSUME(T.ExistsWord); } },
      { ALT: () => { first = this.CONSUME(T.NoWord); op = "="; count = 0; } },
      { ALT: () => { first = this.CONSUME(T.AllWord); this.CONSUME(T.OfWord); op = "all"; } },
      { ALT: () => {
        first = this.OR2([{ ALT: () => this.CONSUME(T.AtLeast) }, { ALT: () => this.CONSUME(T.AtMost) }, { ALT: () => this.CONSUME(T.MoreThan) }, { ALT: () => this.CONSUME(T.LessThan) }, { ALT: () => this.CONSUME(T.Exactly) }]);
        const figure = this.OR3([{ ALT: () => this.CONSUME(T.NumberToken) }, { ALT: () => this.CONSUME(T.Identifier) }]);
        this.CONSUME2(T.OfWord);
        this.ACTION(() => {
          op = OPERATORS.get(first.tokenType)!;
          count = numberWord(figure.image);
          if (!Number.isInteger(count)) {
            this.say(diagnostic("unexpected-text", rangeOf(figure), `\`${figure.image}\` is not a whole number.`, { help: "Write a figure, or a word from one to ten." }));
            count = 1;
          }
        });
      } },
    ]);
    this.OPTION(() => this.CONSUME(T.TheWord));
    const set = this.SUBRULE(this.recordSet, { ARGS: [true] });
    return this.ACTION((): A.Expr => ({ kind: "quantified", op, count, list: set.list, filter: set.filter, start: first.startOffset, end: set.end }));
  }, { recoveryValueFunc: () => this.missing() });

  private readonly recordSet = this.RULE("recordSet", (bareFilter: boolean): { list: A.Name; filter?: A.Expr | undefined; end: number } => {
    let filter: A.Expr | undefined;
    let list!: A.Name;
    let end = 0;
    this.OR([
      { ALT: () => {
        this.CONSUME(T.Open);
        const name = this.CONSUME(T.Identifier);
        this.OPTION(() => { this.CONSUME(T.WhereWord); filter = this.SUBRULE(this.orExpression); });
        const close = this.CONSUME(T.Close);
        this.ACTION(() => { list = this.nameOf(name); end = endOf(close); });
      } },
      { ALT: () => {
        const name = this.CONSUME2(T.Identifier);
        this.ACTION(() => { list = this.nameOf(name); end = list.end; });
        this.OPTION2({ GATE: () => bareFilter && this.filters < DEEPEST_FILTER, DEF: () => {
          this.CONSUME2(T.WhereWord);
          this.filters++;
          filter = this.SUBRULE2(this.orExpression);
          this.filters--;
          this.ACTION(() => { end = endingOf(list, filter); });
        } });
        this.ACTION(() => {
          if (!bareFilter || this.LA(1).tokenType !== T.WhereWord) return;
          this.tooDeep(this.LA(1), `More than ${DEEPEST_FILTER} filters stand one within another.`);
          this.passOver();
        });
      } },
    ]);
    return { list, filter, end };
  }, { recoveryValueFunc: () => ({ list: { kind: "name" as const, text: "", start: this.here(), end: this.here() }, end: this.here() }) });

  private readonly criterionRef = this.RULE("criterionRef", (): A.Expr => {
    const keyword = this.CONSUME(T.CriterionWord);
    const address = this.CONSUME(T.Address);
    let not: IToken | undefined;
    let met: IToken | undefined;
    this.OPTION(() => {
      this.CONSUME(T.IsWord);
      not = this.OPTION2(() => this.CONSUME(T.NotWord));
      met = this.CONSUME(T.MetWord);
    });
    return this.ACTION((): A.Expr => ({ kind: "criterionRef", address: addressOf(address), negated: not !== undefined, start: keyword.startOffset, end: endOf(met ?? address) }));
  }, { recoveryValueFunc: () => this.missing() });

  private readonly suffix: () => A.Expr = this.RULE("suffix", (): A.Expr => {
    return this.OR(this.alternatives("suffix", () => [
      { ALT: () => this.SUBRULE(this.comparison) },
      { ALT: () => { const left = this.left; this.CONSUME(T.BetweenWord); return this.SUBRULE(this.between, { ARGS: [left, false] }); } },
      { ALT: () => { const left = this.left; this.CONSUME(T.InWord); return this.SUBRULE(this.inValues, { ARGS: [left, false] }); } },
      { ALT: () => { const left = this.left; this.CONSUME(T.NotWord); this.CONSUME2(T.InWord); return this.SUBRULE2(this.inValues, { ARGS: [left, true] }); } },
      { ALT: () => { const left = this.left; this.CONSUME(T.IncludeWord); return this.SUBRULE(this.includes, { ARGS: [left, false] }); } },
      { ALT: () => { const left = this.left; this.CONSUME(T.DoWord); this.CONSUME2(T.NotWord); this.CONSUME2(T.IncludeWord); return this.SUBRULE2(this.includes, { ARGS: [left, true] }); } },
      { ALT: () => { const left = this.left; return this.SUBRULE(this.window, { ARGS: [left, false] }); } },
      { ALT: () => this.SUBRULE(this.isSuffix) },
      { ALT: () => this.SUBRULE(this.order) },
    ])) as A.Expr;
  }, { recoveryValueFunc: () => this.missing() });

  /** `imaging_date before surgery_date` */
  private readonly order = this.RULE("order", (): A.Expr => {
    const left = this.left;
    const token = this.OR([{ ALT: () => this.CONSUME(T.BeforeWord) }, { ALT: () => this.CONSUME(T.AfterWord) }]);
    const right = this.SUBRULE(this.additive);
    return this.ACTION((): A.Expr => ({ kind: "compare", op: token.tokenType === T.BeforeWord ? "<" : ">", opRange: rangeOf(token), left, right, start: left.start, end: right.end }));
  }, { recoveryValueFunc: () => this.missing() });

  private readonly comparison = this.RULE("comparison", (): A.Expr => {
    const left = this.left;
    const operator = this.OR(this.alternatives("operators", () => [...OPERATORS.keys()].map((type, i) => ({ ALT: () => this.consume(i, type) }))) as IOrAlt<IToken>[]);
    const right: A.Expr = this.OR3(this.alternatives("compared", () => [
      { ALT: () => this.nameOf(this.OR4(this.alternatives("yesNo", () => [{ ALT: () => this.CONSUME(T.YesWord) }, { ALT: () => this.CONSUME(T.NoWord) }]))) },
      { ALT: () => this.SUBRULE(this.additive) },
    ]));
    let node!: A.Expr;
    this.ACTION(() => { node = { kind: "compare", op: OPERATORS.get(operator.tokenType)!, opRange: rangeOf(operator), left, right, start: left.start, end: endingOf(left, right) }; });
    // `ended at least 6 weeks before surgery_date`
    this.OPTION(() => {
      const relation = this.OR2([{ ALT: () => this.CONSUME(T.BeforeWord) }, { ALT: () => this.CONSUME(T.AfterWord) }]);
      const anchor = this.SUBRULE2(this.additive);
      this.ACTION(() => {
        node = { kind: "distance", operand: left, op: OPERATORS.get(operator.tokenType)!, length: right, relation: relation.tokenType === T.BeforeWord ? "before" : "after", anchor, start: left.start, end: endingOf(right, anchor) };
      });
    });
    return node;
  }, { recoveryValueFunc: () => this.missing() });

  private readonly between = this.RULE("between", (left: A.Expr, negated: boolean): A.Expr => {
    const low = this.SUBRULE(this.additive);
    this.CONSUME(T.And);
    const high = this.SUBRULE2(this.additive);
    return this.ACTION((): A.Expr => ({ kind: "between", negated, operand: left, low, high, start: left.start, end: endingOf(low, high) }));
  }, { recoveryValueFunc: () => this.missing() });

  private readonly inValues = this.RULE("inValues", (left: A.Expr, negated: boolean): A.Expr => {
    const values = this.SUBRULE(this.operands);
    return this.ACTION((): A.Expr => ({ kind: "in", negated, operand: left, values, start: left.start, end: endingOf(left, ...values) }));
  }, { recoveryValueFunc: () => this.missing() });

  private readonly includes = this.RULE("includes", (left: A.Expr, negated: boolean): A.Expr => {
    let quantifier: "any" | "all" = "any";
    this.OPTION(() => {
      this.OR([{ ALT: () => this.CONSUME(T.AnyWord) }, { ALT: () => { this.CONSUME(T.AllWord); quantifier = "all"; } }]);
      this.CONSUME(T.OfWord);
    });
    const values = this.SUBRULE(this.operands);
    return this.ACTION((): A.Expr => ({ kind: "include", negated, quantifier, operand: left, values, start: left.start, end: endingOf(left, ...values) }));
  }, { recoveryValueFunc: () => this.missing() });

  private readonly operands = this.RULE("operands", (): A.Expr[] => {
    const values: A.Expr[] = [];
    this.AT_LEAST_ONE_SEP({ SEP: T.Comma, DEF: () => { const value = this.SUBRULE(this.additive); values.push(value); } });
    return values;
  }, { recoveryValueFunc: () => [] });

  private readonly window = this.RULE("window", (operand: A.Expr | undefined, negated: boolean): A.Expr => {
    const keyword = this.CONSUME(T.WithinWord);
    this.OPTION(() => this.CONSUME(T.TheWord));
    this.OPTION2(() => this.CONSUME(T.PastWord));
    const length = this.SUBRULE(this.additive);
    let relation: A.Within["relation"] = "past";
    let anchor: A.Expr | undefined;
    this.OPTION3(() => {
      this.OR([
        { ALT: () => { this.CONSUME(T.BeforeWord); relation = "before"; } },
        { ALT: () => { this.CONSUME(T.AfterWord); relation = "after"; } },
        { ALT: () => { this.CONSUME(T.OfWord); relation = "of"; } },
      ]);
      anchor = this.SUBRULE2(this.additive);
    });
    return this.ACTION((): A.Expr => ({ kind: "within", negated, operand, length, relation, anchor, start: (operand ?? rangeOf(keyword)).start, end: endingOf(length, anchor) }));
  }, { recoveryValueFunc: () => this.missing() });

  private readonly isSuffix = this.RULE("isSuffix", (): A.Expr => {
    const { left } = this;
    const keyword = this.CONSUME(T.IsWord);
    const not = this.OPTION(() => this.CONSUME(T.NotWord));
    this.left = left;
    this.keyword = keyword;
    this.negated = not !== undefined;
    return this.OR(this.alternatives("is", () => [
      { ALT: (): A.Expr => {
        const { left, negated } = this;
        const token = this.OR2([{ ALT: () => this.CONSUME(T.KnownWord) }, { ALT: () => this.CONSUME(T.UnknownWord) }]);
        return this.ACTION(() => ({ kind: "isKnown", negated: (token.tokenType === T.UnknownWord) !== negated, operand: left, start: left.start, end: endOf(token) }));
      } },
      { ALT: (): A.Expr => { const { left, negated } = this; this.CONSUME(T.BetweenWord); return this.SUBRULE(this.between, { ARGS: [left, negated] }); } },
      { ALT: (): A.Expr => { const { left, negated } = this; this.CONSUME(T.InWord); return this.SUBRULE(this.inValues, { ARGS: [left, negated] }); } },
      { ALT: (): A.Expr => { const { left, negated } = this; this.CONSUME(T.AnyWord); this.CONSUME(T.OfWord); return this.SUBRULE2(this.inValues, { ARGS: [left, negated] }); } },
      { ALT: (): A.Expr => { const { left, negated } = this; return this.SUBRULE(this.window, { ARGS: [left, negated] }); } },
      { ALT: (): A.Expr => { const { negated, keyword } = this; return this.negate(negated, this.SUBRULE(this.order), keyword); } },
      { ALT: (): A.Expr => { const { negated, keyword } = this; return this.negate(negated, this.SUBRULE(this.comparison), keyword); } },
      { ALT: (): A.Expr => {
        const { left, negated } = this;
        const token = this.OR3([{ ALT: () => this.CONSUME(T.YesWord) }, { ALT: () => this.CONSUME(T.NoWord) }]);
        return this.ACTION(() => ({ kind: "is", negated, operand: left, value: this.nameOf(token), start: left.start, end: endOf(token) }));
      } },
      { ALT: (): A.Expr => {
        const { left, negated } = this;
        const value = this.SUBRULE(this.additive);
        return this.ACTION(() => ({ kind: "is", negated, operand: left, value, start: left.start, end: endingOf(left, value) }));
      } },
    ])) as A.Expr;
  }, { recoveryValueFunc: () => this.missing() });

  private negate(negated: boolean, operand: A.Expr, keyword: IToken): A.Expr {
    return this.ACTION(() => (negated ? { kind: "not", operand, start: Math.min(operand.start, keyword.startOffset), end: operand.end } : operand));
  }

  private readonly additive: () => A.Expr = this.RULE("additive", (): A.Expr => {
    let term = this.SUBRULE(this.primary);
    /** What is added to or subtracted from, and by which sign. */
    let sum: A.Expr | undefined;
    let sign: IToken | undefined;
    this.MANY(() => {
      const operator = this.OR(this.signs);
      const next = this.SUBRULE2(this.primary);
      this.ACTION(() => {
        if (!this.counts(operator)) return;
        if (operator.tokenType === T.Times || operator.tokenType === T.Slash) {
          term = arithmetic(term, operator, next);
          return;
        }
        sum = sum === undefined ? term : arithmetic(sum, sign!, term);
        sign = operator;
        term = next;
      });
    });
    return sum === undefined ? term : arithmetic(sum, sign!, term);
  }, { recoveryValueFunc: () => this.missing() });
  private readonly signs: IOrAlt<IToken>[] = [{ ALT: () => this.CONSUME(T.Plus) }, { ALT: () => this.CONSUME(T.Minus) }, { ALT: () => this.CONSUME(T.Times) }, { ALT: () => this.CONSUME(T.Slash) }];

  private readonly primary: () => A.Expr = this.RULE("primary", (): A.Expr => {
    return this.OR(this.alternatives("primary", () => [
      { ALT: () => { const token = this.CONSUME(T.Identifier); return this.nameOf(token); } },
      { ALT: () => this.SUBRULE(this.quantity) ?? this.missing() },
      { ALT: () => { const token = this.CONSUME(T.DateToken); return this.ACTION(() => ({ kind: "dateLiteral", date: dateOf(token), ...rangeOf(token) })); } },
      { ALT: () => { const token = this.CONSUME(T.QuotedText); return this.ACTION(() => ({ kind: "textLiteral", text: unquoted(token).text, ...rangeOf(token) })); } },
      { ALT: () => this.SUBRULE(this.code) ?? this.missing() },
      { ALT: () => { const token = this.CONSUME(T.DateOfServiceWord); return { kind: "dateOfService", ...rangeOf(token) }; } },
      { ALT: () => {
        const first = this.CONSUME(T.CountOf);
        // Without parentheses a filter would swallow the comparison that follows.
        const set = this.SUBRULE(this.recordSet, { ARGS: [false] });
        return this.ACTION(() => ({ kind: "count", list: set.list, filter: set.filter, start: first.startOffset, end: set.end }));
      } },
      { ALT: () => {
        const open = this.CONSUME(T.Open);
        const inner = this.SUBRULE(this.orExpression);
        const close = this.CONSUME(T.Close);
        return this.ACTION(() => ({ ...inner, start: open.startOffset, end: endOf(close) }));
      } },
    ])) as A.Expr;
  }, { recoveryValueFunc: () => this.missing() });

  private readonly quantity = this.RULE("quantity", (): A.Quantity | undefined => {
    const minus = this.OPTION(() => this.CONSUME(T.Minus));
    const number = this.CONSUME(T.NumberToken);
    const unit = this.OPTION2(() => this.CONSUME(T.UnitToken));
    return this.ACTION(() => {
      const value = Number(number.image);
      return { kind: "quantity", value: minus === undefined ? value : -value, text: number.image, unit: unit && wordOf(unit), start: (minus ?? number).startOffset, end: endOf(unit ?? number) };
    });
  }, { recoveryValueFunc: () => undefined });

  private readonly code = this.RULE("code", (): A.CodePattern | undefined => {
    let system: IToken | undefined;
    const token = this.OR([
      { ALT: () => this.CONSUME(T.CodeToken) },
      { ALT: () => this.CONSUME(T.CodeRange) },
      { ALT: () => {
        system = this.CONSUME(T.SystemWord);
        // Behind its system, a figure is a code.
        return this.OR2([{ ALT: () => this.CONSUME2(T.CodeToken) }, { ALT: () => this.CONSUME2(T.CodeRange) }, { ALT: () => this.CONSUME2(T.NumberToken) }]);
      } },
    ]);
    return this.ACTION(() => codePattern(token, system && wordOf(system)));
  }, { recoveryValueFunc: () => undefined });

  /** The tree of a text that `tokenize` has read: a document, or the entries of one section. */
  read(source: string, start: number, tokens: Tokens, place: Place): { document?: A.Document; entries: readonly A.Node[]; errors: readonly IRecognitionException[] } {
    this.source = source;
    this.start = start;
    this.comments = tokens.comments;
    this.found = [];
    this.citations = [];
    this.place = place;
    this.operators = 0;
    this.filters = 0;
    this.input = tokens.tokens;
    if (place === "start" || place === "header") return { document: this.document(), entries: [], errors: this.errors };
    return { entries: this.entriesOf(place), errors: this.errors };
  }

  private entriesOf(place: Exclude<Place, "start" | "header">): readonly A.Node[] {
    switch (place) {
      case "text": return this.textBody();
      case "facts": return this.factsBody();
      case "define": return this.defineBody();
      case "criteria": return this.criteriaBody();
      case "notes": return this.notesBody();
      case "codes": return this.codesBody();
      case "revisions": return this.revisionsBody();
      case "references": return this.referencesBody();
      case "cases": return this.casesBody();
    }
  }
}

/** A node while it is read. */
type Growing<T, K extends keyof T> = Omit<T, K | "end"> & { end: number } & { [P in K]: T[P] extends readonly (infer E)[] ? E[] : never };
type GrowingFact = Omit<Growing<A.CaseFact, "values">, "records"> & { readonly records: Growing<A.CaseRecord, "fields">[] };

/** The fact that a record belongs to: the one on the line above. */
function lastFact(cases: readonly A.Case[]): GrowingFact | undefined {
  const entry = cases[cases.length - 1]?.entries.at(-1);
  return entry?.kind === "caseFact" ? (entry as GrowingFact) : undefined;
}

const logic = (kind: A.Logic["kind"], operands: A.Expr[]): A.Logic => ({ kind, operands, start: operands[0]!.start, end: endingOf(...(operands as [A.Expr, ...A.Expr[]])) });

const ARITHMETIC: ReadonlyMap<TokenType, A.Arithmetic["op"]> = new Map([[T.Plus, "+"], [T.Minus, "-"], [T.Times, "*"], [T.Slash, "/"]]);
const arithmetic = (left: A.Expr, operator: IToken, right: A.Expr): A.Arithmetic => ({ kind: "arithmetic", op: ARITHMETIC.get(operator.tokenType)!, left, right, start: left.start, end: endingOf(left, right) });

/** True for what the parser has already complained of. */
const isBroken = (node: A.Expr): boolean => node.kind === "missing" || (node.kind === "quantified" && node.list.text === "");
const MISSING: A.Missing = { kind: "missing", start: 0, end: 0 };

/** Reads `C69.-`, `C70.0-C72.9`, `77385-77386`, `77301`. */
function codePattern(token: IToken, system: A.Word | undefined): A.CodePattern {
  const range = { start: system?.start ?? token.startOffset, end: endOf(token) };
  const image = token.image.replace(/–/gu, "-");
  if (/\.?-$/u.test(image)) return { kind: "code", system, from: image.replace(/\.?-$/u, ""), category: true, ...range };
  const dash = image.indexOf("-");
  if (dash > 0 && token.tokenType !== T.RowCode) return { kind: "code", system, from: image.slice(0, dash), to: image.slice(dash + 1), category: false, ...range };
  if (dash > 0 && /^[A-Z]?\d[\dA-Z.]*-[A-Z]?\d[\dA-Z.]*$/u.test(image) && !/^\d{4,5}-\d{3,4}-\d{1,2}$/u.test(image)) {
    return { kind: "code", system, from: image.slice(0, dash), to: image.slice(dash + 1), category: false, ...range };
  }
  return { kind: "code", system, from: image, category: false, ...range };
}

/** `I.E.(a)` and `I.E.a` are one address. */
export function normalAddress(text: string): string {
  return text.replace(/[()]/gu, "");
}
const addressOf = (token: IToken): A.AddressRef => ({ kind: "address", text: normalAddress(token.image), ...rangeOf(token) });

let parser: PolicyParser | undefined;

/** A stretch of text as the parser read it, with places counted from the start of the document. */
export interface Stretch {
  /** Header and section heads, for a stretch that begins outside of a section's entries. */
  readonly document?: A.Document | undefined;
  readonly entries: readonly A.Node[];
  readonly comments: readonly Range[];
  /** Citations of prose; those of the reference list are numbers of articles and the like. */
  readonly citations: readonly A.Citation[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads the stretch of a text that begins at the line start `start` in the given state. Never throws. */
export function parseStretch(text: string, start: number, end: number, state: LayoutState): Stretch {
  parser ??= new PolicyParser(false);
  const tokens = tokenize(text, state, start, end);
  const { document, entries, errors } = parser.read(text, start, tokens, state.place);
  const grammatical = [...parser.found, ...onceALine(errors.map((error) => syntaxDiagnostic(error, text)), text)];
  const diagnostics = [...tokens.diagnostics, ...(tokens.diagnostics.length === 0 ? grammatical : grammatical.filter((found) => !follows(found, tokens.diagnostics, text)))];
  return { document, entries, comments: tokens.comments, citations: state.place === "references" ? [] : parser.citations, diagnostics };
}

/** The first error of each line; what follows on the line follows from it. */
function onceALine(found: readonly Diagnostic[], text: string): readonly Diagnostic[] {
  return found.filter((each, i) => i === 0 || /[\r\n]/u.test(text.slice(Math.min(found[i - 1]!.start, each.start), Math.max(found[i - 1]!.start, each.start))));
}

const UNREAD: ReadonlySet<string> = new Set(["unknown-character", "nested-too-deeply", "unclosed-text"]);

/** True if a finding stands behind something unreadable on the same line, which explains it. */
function follows(found: Diagnostic, lexical: readonly Diagnostic[], text: string): boolean {
  return lexical.some((cause) => UNREAD.has(cause.code) && cause.start <= found.start && !/[\r\n]/u.test(text.slice(cause.start, found.start)));
}

function syntaxDiagnostic(error: IRecognitionException, text: string): Diagnostic {
  const { token, previousToken } = error as IRecognitionException & { previousToken?: IToken };
  const [message = "", help] = error.message.split("\n");
  const thousands = token.tokenType === T.Comma && previousToken?.tokenType === T.NumberToken ? thousandsAt(text, previousToken.startOffset) : undefined;
  if (thousands !== undefined) return thousands;
  if (token.tokenType !== EOF && !LAYOUT.has(token.tokenType)) {
    const end = token.startOffset + firstLine(token.image).length;
    return diagnostic("unexpected-text", { start: token.startOffset, end: Math.max(token.startOffset + 1, end) }, message, { help });
  }
  const at = previousToken === undefined || !(previousToken.startOffset >= 0) ? 0 : endOf(previousToken);
  const start = Math.max(0, Math.min(at, text.length) - 1);
  return diagnostic("unexpected-text", { start, end: Math.min(text.length, start + 1) }, message, { help });
}

const THOUSANDS = /\d{1,3}(?:,\d{3})+(?!\d|,\d)/uy;

/** `1,000`: figures have no commas between thousands. */
export function thousandsAt(text: string, start: number): Diagnostic | undefined {
  THOUSANDS.lastIndex = start;
  const [written] = THOUSANDS.exec(text) ?? [];
  if (written === undefined) return undefined;
  const plain = written.replace(/,/gu, "");
  return diagnostic("unexpected-text", { start, end: start + written.length }, `\`${written}\` is not read as one figure: figures have no commas between thousands.`, { help: `Write \`${plain}\`.`, replacement: plain });
}

const firstLine = (text: string): string => text.slice(0, (text.search(/[\r\n]/u) + 1 || text.length + 1) - 1);

/** Builds the parser with Chevrotain's own validations on; a test calls it so that the product may skip them. */
export function validateGrammar(): void {
  new PolicyParser(true);
}

/** The rules as Chevrotain has recorded them, for tests. */
export function grammarRules(): readonly Rule[] {
  return Object.values(new PolicyParser(false).getGAstProductions());
}

/** The tokens of a text by name, for `policy parse --tokens`. */
export function tokenList(text: string): readonly { readonly name: string; readonly image: string; readonly start: number }[] {
  return tokenize(text).tokens.map((token) => ({ name: token.tokenType.name, image: token.image, start: token.startOffset }));
}

