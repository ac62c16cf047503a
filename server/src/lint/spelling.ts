// Spelling: tells likely typos by a list of words that `scripts/generate-spelling.mjs` makes. The bytes come from outside; the core reads no file.

/** What a lint rule asks of a dictionary. */
export interface Spelling {
  /** What a word in lower case, likely misspelt, was meant to be; empty where it is right, or like no common word. */
  corrections(word: string): readonly string[];
}

/** Words of this length and more are looked at; shorter ones are too near to one another. Also in the generator. */
const SHORTEST = 5;
const LONGEST = 40;
/** Of words up to this length only doubled letters and letters that changed places are told. Also in the generator. */
const SHORT = 6;
/** Letters that make another form of a word when they end it. Also in the generator. */
const OFTEN_LAST = "aeiymsdr";
/** Glued before a word, the space forgotten. Also in the generator. */
const GLUED: readonly string[] = ["in", "of", "to", "the", "and", "for", "with"];
/** Behind these, "in" says "not": "incoordinated", "insensibility". */
const NEGATED = /(?:ed|ory|it(?:y|ies)|al|ive|ent|ant|ble|ly|ic|ing|[ae]nce|ous|ate|ation|ment|ness)$/u;
const GLUED_ARTICLE = /^(?:of|in|to|for|and|with|by|from|on|at)the$/u;
const PREFIX = /^(?:re|un|non|pre|post|intra|extra|peri|multi|inter|trans|sub|over|under|micro|macro|hyper|hypo|anti|auto|bio|de|dis|mis|neo|semi|super|tele|ultra)-?/u;
const SUFFIX = /(?:s|es|d|ed|r|er|ers|ing|ly|ness|less|like|able)$/u;
/** Suffixes of drug names as the INN programme and USAN give them. */
const DRUG = /(?:mab|n[iq]b|cept|stat(?:in)?|pril|sartan|olol|azole|caine|cillin|mycin|floxacin|cycline|gliptin|gliflozin|glutide|parib|ciclib|limus|platin|taxel|rubicin|tidine|prazole|setron|triptan|vir|fovir|lukast|sone|olone|terol|tropium|parin|xaban|gatran|grel|fibrate|oxetine|pine|zepam|barbital|leucel|gene|vec|kinra|tide|(?:[bcdgklnprstxyz]|te|re)ase|tinib|degib|lisib|rafenib|metinib|zomib|meran|siran|rsen)s?$/u;

/** "occured", "refering": a consonant that is doubled before the ending. */
const UNDOUBLED = /([bcdfgklmnprtvz])(ed|ing|er|ence)$/u;

const NO_CORRECTION: readonly string[] = [];
/** Letters behind which nothing follows: the word is common, or it is known and no more. */
const COMMON = 26;
const KNOWN = 27;
const LAST = 32;

/** Reads the list of words that `server/data/spelling.bin` holds. */
export function spellingFrom(bytes: Uint8Array): Spelling {
  /** An edge: bits 0-4 its letter, 5 whether it is its node's last, 6-23 where the edges of its target begin. The root's begin at 1. */
  const edge = (at: number): number => bytes[at * 3]! | (bytes[at * 3 + 1]! << 8) | (bytes[at * 3 + 2]! << 16);
  const edges = Math.floor(bytes.length / 3);
  if (edges < 2) return { corrections: () => NO_CORRECTION };

  /** The node behind a letter; 0 where there is none. Behind a mark there is nothing either, so `ends` asks for those. */
  const step = (node: number, letter: number): number => {
    if (node === 0) return 0;
    for (let at = node; at < edges; at++) {
      const found = edge(at);
      if ((found & 31) === letter) return found >> 6;
      if ((found & LAST) !== 0) return 0;
    }
    return 0;
  };
  const ends = (node: number, mark: number): boolean => {
    if (node === 0) return false;
    for (let at = node; at < edges; at++) {
      const found = edge(at);
      if ((found & 31) === mark) return true;
      if ((found & LAST) !== 0) return false;
    }
    return false;
  };
  const follow = (from: number, word: string, start: number): number => {
    let node = from;
    for (let i = start; i < word.length && node !== 0; i++) node = step(node, word.charCodeAt(i) - 97);
    return node;
  };
  const common = (word: string): boolean => ends(follow(1, word, 0), COMMON);

  /**
   * Common words one slip away: a letter too many, too few or wrong, or two that changed places. The first letter stays, unless it
   * changed places; the last one tells the forms of a word apart, so that a slip there says little.
   */
  const oneSlipAway = (word: string): readonly string[] => {
    const found = new Set<string>();
    const long = word.length > SHORT;
    const at = (i: number): number => word.charCodeAt(i) - 97;
    let node = step(1, at(0));
    if (word.length > 1 && ends(follow(step(step(1, at(1)), at(0)), word, 2), COMMON)) found.add(word[1]! + word[0]! + word.slice(2));
    for (let i = 1; i <= word.length && node !== 0; i++) {
      const before = word.slice(0, i);
      const last = i === word.length - 1;
      // One too many.
      if (i < word.length && (at(i) === at(i - 1) || (long && !last)) && ends(follow(node, word, i + 1), COMMON)) found.add(before + word.slice(i + 1));
      for (let place = node; place < edges; place++) {
        const each = edge(place);
        const letter = each & 31;
        if (letter < COMMON) {
          const target = each >> 6;
          const written = String.fromCharCode(letter + 97);
          // One too few, one wrong.
          const fits = letter === at(i - 1) || letter === at(i) || (long && (i < word.length || !OFTEN_LAST.includes(written)));
          if (fits && ends(follow(target, word, i), COMMON)) found.add(before + written + word.slice(i));
          if (long && i < word.length - 1 && letter !== at(i) && ends(follow(target, word, i + 1), COMMON)) found.add(before + written + word.slice(i + 1));
        }
        if ((each & LAST) !== 0) break;
      }
      if (i + 1 < word.length && at(i + 1) !== at(i) && ends(follow(step(step(node, at(i + 1)), at(i)), word, i + 2), COMMON)) found.add(before + word[i + 1]! + word[i]! + word.slice(i + 2));
      node = i < word.length ? step(node, at(i)) : 0;
    }
    return [...found];
  };

  const derived = (word: string): boolean => {
    const bare = PREFIX.exec(word);
    if (bare !== null && common(word.slice(bare[0].length))) return true;
    if (word.endsWith("ses") && ends(follow(1, `${word.slice(0, -2)}is`, 0), COMMON)) return true;
    const end = SUFFIX.exec(word);
    return end !== null && (common(word.slice(0, end.index)) || common(`${word.slice(0, end.index)}e`));
  };

  return {
    corrections(word) {
      if (word.length < SHORTEST || word.length > LONGEST || !/^[a-z]+$/u.test(word)) return NO_CORRECTION;
      const node = follow(1, word, 0);
      if (ends(node, COMMON) || ends(node, KNOWN)) return NO_CORRECTION;
      const near = oneSlipAway(word);
      if (near.length > 0) return (derived(word) && !near.includes(word.replace(UNDOUBLED, "$1$1$2"))) || drugAmong(word, near) || near.some((other) => respelt(word, other)) ? NO_CORRECTION : near;
      if (GLUED_ARTICLE.test(word)) return [`${word.slice(0, -3)} the`];
      for (const prefix of GLUED) {
        if (!word.startsWith(prefix)) continue;
        const rest = word.slice(prefix.length);
        if (prefix === "in" && NEGATED.test(rest)) continue;
        if (rest.length >= SHORTEST && common(rest)) return derived(word) ? NO_CORRECTION : [rest, `${prefix} ${rest}`];
      }
      return NO_CORRECTION;
    },
  };
}

/** Whether a word may be the name of a drug. Where a common word has the same ending ("disease"), the ending says nothing. */
function drugAmong(word: string, near: readonly string[]): boolean {
  const ending = DRUG.exec(word)?.[0];
  return ending !== undefined && !near.some((other) => other.endsWith(ending));
}

/** Whether two spellings are one word as British and American writers have it. */
function respelt(word: string, other: string): boolean {
  const [one, two] = [american(word), american(other)];
  // The British have two l where Americans have one ("labelled"), and now and then one where they have two ("fulfilment").
  return one === two || one.replace(DOUBLE_L, "$1l") === two || one === two.replace(BEFORE_END, "l");
}
const DOUBLE_L = /([aeiouy])ll(?=(?:ed|ers?|ings?|ors?|ous|ously|en|ery|ists?|ity)$)/u;
const BEFORE_END = /ll(?=(?:ful|fully|ments?|s)?$)/u;
const american = (word: string): string => word
  .replace(/[ao]e/gu, "e").replace(/our(?=(?:s|ed|ing|al|able|ably|ful|less|ite|ites|ally|er|ers|ous|hood)?$)/u, "or").replace(/([iy])s(?=e|i|a|o)/gu, "$1z")
  .replace(/([tb])re(?=$|s$|d$)/u, "$1er").replace(/ph/gu, "f").replace(/ogue/u, "og").replace(/(def|off|pret|lic)ence$/u, "$1ense");
