// Lookahead of one token, worked out for a place of the grammar when the parser first comes there. Chevrotain's own is worked out
// for all places whenever a parser is made; a test compares the two.
import {
  Alternation, EOF, type ILookaheadStrategy, type IProduction, type IToken, LLkLookaheadStrategy, NonTerminal, Option, Repetition, RepetitionMandatory,
  RepetitionMandatoryWithSeparator, RepetitionWithSeparator, type Rule, Terminal,
} from "chevrotain";
import { VOCABULARY } from "./tokens.js";

type Choice = ReturnType<ILookaheadStrategy["buildLookaheadForAlternation"]>;
type Entry = ReturnType<ILookaheadStrategy["buildLookaheadForOptional"]>;

/** What a lookahead asks the parser it is called on: the next token, which is there even at the end. */
interface Tokens {
  LA_FAST(ahead: 1): IToken;
}

const OPTIONAL = { Option, Repetition, RepetitionMandatory, RepetitionMandatoryWithSeparator, RepetitionWithSeparator };

/** The tokens that something can begin with, and whether it can be nothing at all. */
interface Beginning {
  readonly types: ReadonlySet<number>;
  readonly empty: boolean;
}

export class LazyLookahead extends LLkLookaheadStrategy implements ILookaheadStrategy {
  private readonly rules = new Map<Rule, Beginning>();

  constructor() {
    super({ maxLookahead: 1 });
  }

  override buildLookaheadForAlternation({ prodOccurrence, rule }: Parameters<ILookaheadStrategy["buildLookaheadForAlternation"]>[0]): Choice {
    /** The alternative of each type of token, by the number that Chevrotain has given it. */
    let choices: (number | undefined)[] | undefined;
    /** An alternative that can be nothing fits whatever comes. */
    let otherwise: number | undefined;
    const find = (): (number | undefined)[] => {
      const made = forEveryType<number | undefined>(undefined);
      for (const [i, alternative] of productionIn(rule, Alternation, prodOccurrence).definition.entries()) {
        const { types, empty } = this.beginningOf(alternative);
        for (const type of types) made[type] ??= i;
        if (!empty) continue;
        otherwise = i;
        break;
      }
      return made;
    };
    return function (this: Tokens): number | undefined {
      return (choices ??= find())[this.LA_FAST(1).tokenTypeIdx] ?? otherwise;
    } as Choice;
  }

  override buildLookaheadForOptional({ prodOccurrence, prodType, rule }: Parameters<ILookaheadStrategy["buildLookaheadForOptional"]>[0]): Entry {
    let enters: boolean[] | undefined;
    const find = (): boolean[] => {
      const { types, empty } = this.beginningOfAll(productionIn(rule, OPTIONAL[prodType], prodOccurrence).definition);
      const made = forEveryType(empty);
      for (const type of types) made[type] = true;
      return made;
    };
    return function (this: Tokens): boolean {
      return (enters ??= find())[this.LA_FAST(1).tokenTypeIdx]!;
    } as Entry;
  }

  private beginningOf(production: IProduction): Beginning {
    if (production instanceof Terminal) return { types: new Set([production.terminalType.tokenTypeIdx!]), empty: false };
    if (production instanceof NonTerminal) {
      const rule = production.referencedRule;
      let beginning = this.rules.get(rule);
      if (beginning === undefined) this.rules.set(rule, (beginning = this.beginningOfAll(rule.definition)));
      return beginning;
    }
    const { definition } = production as IProduction & { readonly definition: IProduction[] };
    if (production instanceof Alternation) {
      const alternatives = definition.map((alternative) => this.beginningOf(alternative));
      return { types: new Set(alternatives.flatMap(({ types }) => [...types])), empty: alternatives.some(({ empty }) => empty) };
    }
    const { types, empty } = this.beginningOfAll(definition);
    return { types, empty: empty || production instanceof Option || production instanceof Repetition || production instanceof RepetitionWithSeparator };
  }

  /** Of one after the other: what follows can begin it where what stands before can be nothing. */
  private beginningOfAll(sequence: readonly IProduction[]): Beginning {
    const all = new Set<number>();
    for (const production of sequence) {
      const { types, empty } = this.beginningOf(production);
      for (const type of types) all.add(type);
      if (!empty) return { types: all, empty: false };
    }
    return { types: all, empty: true };
  }
}

const HIGHEST_TYPE = Math.max(EOF.tokenTypeIdx!, ...VOCABULARY.map((type) => type.tokenTypeIdx!));
const forEveryType = <V>(value: V): V[] => new Array<V>(HIGHEST_TYPE + 1).fill(value);

type Class<P> = new (...args: never[]) => P;

/** The production of a kind and number in a rule. */
function productionIn<P extends IProduction & { idx: number; definition: IProduction[] }>(rule: Rule, kind: Class<P>, occurrence: number): P {
  const open: IProduction[] = [...rule.definition];
  for (let production = open.pop(); production !== undefined; production = open.pop()) {
    if (production instanceof kind && production.idx === occurrence) return production;
    if (!(production instanceof Terminal) && !(production instanceof NonTerminal)) open.push(...(production as unknown as { readonly definition: IProduction[] }).definition);
  }
  throw new Error(`The rule ${rule.name} has no such production.`);
}
