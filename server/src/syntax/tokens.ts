// The tokens of the language: Chevrotain token types with their names in messages. `lexer.ts` reads a text into them.
import { createToken, type IToken, type TokenType } from "chevrotain";

/** A token as the lexer makes it: all have one shape, and their words are cut out of the text only where they are asked for. */
export class Token implements IToken {
  readonly tokenTypeIdx: number;

  constructor(
    private readonly text: string,
    readonly tokenType: TokenType,
    readonly startOffset: number,
    /** Where it ends; Chevrotain's `endOffset` would be the place before. */
    readonly end: number,
  ) {
    this.tokenTypeIdx = tokenType.tokenTypeIdx!;
  }

  get image(): string {
    return this.text.slice(this.startOffset, this.end);
  }
}

/** Where a token ends; not a number for the end of the input, which stands nowhere. */
export const endOf = (token: IToken): number => (token as Token).end ?? Number.NaN;

// No token has a pattern or a category: Chevrotain's own lexer is not used, and without categories its parser compares numbers.
const all: TokenType[] = [];
function token(name: string, label: string): TokenType {
  const type = createToken({ name, label });
  all.push(type);
  return type;
}

// ── Layout ────────────────────────────────────────────────────────────────────────────────────────────────────────────
export const Newline = token("Newline", "the end of the line");
export const Indent = token("Indent", "an indented line");
export const Dedent = token("Dedent", "the end of the indented lines");

// ── First tokens of lines ─────────────────────────────────────────────────────────────────────────────────────────────
export const PolicyKeyword = token("PolicyKeyword", "`policy`");
export const FactsHeading = token("factsHeading", "the section `facts`");
export const DefineHeading = token("defineHeading", "the section `define`");
export const CriteriaHeading = token("criteriaHeading", "the section `criteria`");
export const NotesHeading = token("notesHeading", "the section `notes`");
export const CodesHeading = token("codesHeading", "the section `codes`");
export const RevisionsHeading = token("revisionsHeading", "the section `revisions`");
export const ReferencesHeading = token("referencesHeading", "the section `references`");
export const CasesHeading = token("casesHeading", "the section `cases`");
export const TextHeading = token("TextHeading", "a heading");
export const HeaderField = token("HeaderField", "a header field");
export const FactName = token("FactName", "the name of a fact");
export const DefinitionName = token("DefinitionName", "the name of a definition");
export const LabelToken = token("Label", "a label");
export const BulletToken = token("Bullet", "a bullet");
export const AppliesTo = token("AppliesTo", "`applies to`");
export const ApprovalDuration = token("ApprovalDuration", "`approval duration`");
export const QuantityLimit = token("QuantityLimit", "`quantity limit`");
export const NoteKeyword = token("NoteKeyword", "`note`");
export const NoteMark = token("NoteMark", "a note mark");
export const CodeSystemWord = token("CodeSystemWord", "a code system");
export const GroupTitle = token("GroupTitle", "a group of codes");
export const RevisionDate = token("RevisionDate", "the date of a revision");
export const ReferenceLabel = token("ReferenceLabel", "the number of a reference");
export const CaseKeyword = token("CaseKeyword", "`case`");
export const OnKeyword = token("OnKeyword", "`on`");
export const CaseCodesKeyword = token("CaseCodesKeyword", "`codes`");
export const CaseLineKeyword = token("CaseLineKeyword", "`line of business`");
export const CasePathwayKeyword = token("CasePathwayKeyword", "`pathway`");
export const ExpectKeyword = token("ExpectKeyword", "`expect`");
export const CaseNoteKeyword = token("CaseNoteKeyword", "`note`");
export const CaseFactName = token("CaseFactName", "the name of a fact");
export const AttestedAddress = token("AttestedAddress", "the address of a criterion");
export const EvidenceKeyword = token("EvidenceKeyword", "`evidence`");
export const UnableToObtain = token("UnableToObtain", "`unable to obtain`");
export const RecordBullet = token("RecordBullet", "a record");
/** `when`, `unless` and `if` also stand behind prose: "is investigational when criterion I is not met". */
export const When = token("When", "`when`");
export const Unless = token("Unless", "`unless`");
export const Waived = token("Waived", "`waived`");
export const If = token("If", "`if`");
export const ProseToken = token("Prose", "text");

// ── Header line, header values, types ─────────────────────────────────────────────────────────────────────────────────
export const PolicyNumber = token("PolicyNumber", "the policy number");
export const Rest = token("Rest", "a value");
export const QuotedText = token("QuotedText", "a text in quotation marks");
export const TypeWord = token("TypeWord", "a type");
export const YesNo = token("YesNo", "`yes/no`");
export const ListOf = token("ListOf", "`list of`");
export const OneOf = token("OneOf", "`one of`");
export const NumberType = token("NumberType", "`number`");
export const DateType = token("DateType", "`date`");
export const TextType = token("TextType", "`text`");
export const SystemType = token("SystemType", "a code system");
export const TypeOr = token("TypeOr", "`or`");
export const From = token("From", "`from`");
export const To = token("To", "`to`");
export const FromFhir = token("FromFhir", "`from fhir`");

// ── Code rows and revisions ───────────────────────────────────────────────────────────────────────────────────────────
export const RowCode = token("RowCode", "a code");
export const RowMark = token("RowMark", "a note mark");
export const RowText = token("RowText", "the description of the code");
export const EffectiveWord = token("EffectiveWord", "`effective`");
export const EndedWord = token("EndedWord", "`ended`");
export const SeeWord = token("SeeWord", "`see`");
export const ForWord = token("ForWord", "`for`");
export const ApprovedWord = token("ApprovedWord", "`approved`");
export const RowWord = token("RowWord", "a code");

// ── Conditions and case values ────────────────────────────────────────────────────────────────────────────────────────
export const Identifier = token("Identifier", "a name");
export const And = token("And", "`and`");
export const Or = token("Or", "`or`");
export const NotWord = token("Not", "`not`");
export const BetweenWord = token("Between", "`between`");
export const IsWord = token("Is", "`is`");
export const InWord = token("In", "`in`");
export const IncludeWord = token("Include", "`include`");
export const DoWord = token("Do", "`do not`");
export const WithinWord = token("Within", "`within`");
export const PastWord = token("Past", "`past`");
export const BeforeWord = token("Before", "`before`");
export const AfterWord = token("After", "`after`");
export const WhereWord = token("Where", "`where`");
export const ExistsWord = token("Exists", "`exists`");
export const NoWord = token("No", "`no`");
export const YesWord = token("Yes", "`yes`");
export const CountOf = token("CountOf", "`count of`");
export const OfWord = token("Of", "`of`");
export const AnyWord = token("Any", "`any of`");
export const AllWord = token("All", "`all of`");
export const TheWord = token("The", "`the`");
export const CriterionWord = token("CriterionWord", "`criterion`");
export const MetWord = token("Met", "`met`");
export const KnownWord = token("Known", "`known`");
export const UnknownWord = token("Unknown", "`unknown`");
export const ByWord = token("By", "`by`");
export const MissingWord = token("MissingWord", "`missing`");
export const DateOfServiceWord = token("DateOfService", "`date of service`");
export const AtLeast = token("AtLeast", "`at least`");
export const AtMost = token("AtMost", "`at most`");
export const MoreThan = token("MoreThan", "`more than`");
export const LessThan = token("LessThan", "`less than`");
export const Exactly = token("Exactly", "`exactly`");
export const LessEqual = token("LessEqual", "`<=`");
export const GreaterEqual = token("GreaterEqual", "`>=`");
export const NotEqual = token("NotEqual", "`!=`");
export const Less = token("Less", "`<`");
export const Greater = token("Greater", "`>`");
export const Equal = token("Equal", "`=`");
export const Plus = token("Plus", "`+`");
export const Minus = token("Minus", "`-`");
export const Times = token("Times", "`*`");
export const Slash = token("Slash", "`/`");
export const Comma = token("Comma", "`,`");
export const Dot = token("Dot", "`.`");
export const Open = token("Open", "`(`");
export const Close = token("Close", "`)`");
export const DateToken = token("Date", "a date");
export const CodeRange = token("CodeRange", "a range of codes");
export const CodeToken = token("Code", "a code");
export const SystemWord = token("SystemWord", "a code system");
export const NumberToken = token("Number", "a number");
export const UnitToken = token("Unit", "a unit");
export const Address = token("Address", "the address of a criterion");
/** An address with a dot in an `expect` line, where nothing else has dots. */
export const DottedAddress = token("DottedAddress", "the address of a criterion");
export const ScopeCodes = token("ScopeCodes", "`codes`");
export const ScopeLine = token("ScopeLine", "`line of business`");
export const ScopePathway = token("ScopePathway", "`pathway`");
/** `pathway`, `codes` and `line of business` in `expect pend missing …`. */
export const LineOfBusinessWord = token("LineOfBusiness", "`line of business`");
export const CombinatorPhrase = token("CombinatorPhrase", "\"all of the following\"");
/** A citation behind a condition that ends a statement. */
export const TrailingCitation = token("TrailingCitation", "a citation");

export const VOCABULARY: readonly TokenType[] = all;
