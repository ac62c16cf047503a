// British and American spellings, and other words that have two of them: what the American one of a word would be.

const NONE: readonly string[] = [];

/** Words with two spellings that follow no rule; the second is that of American medical writing. */
const PAIRS: ReadonlyMap<string, string> = new Map([
  ["ageing", "aging"], ["artefact", "artifact"], ["artefacts", "artifacts"], ["judgement", "judgment"], ["judgements", "judgments"], ["programme", "program"],
  ["programmes", "programs"], ["preventative", "preventive"], ["orientated", "oriented"], ["dietician", "dietitian"], ["dieticians", "dietitians"],
  ["fulfil", "fulfill"], ["fulfils", "fulfills"], ["fulfilment", "fulfillment"], ["enrol", "enroll"], ["enrols", "enrolls"], ["enrolment", "enrollment"],
  ["skilful", "skillful"], ["acknowledgement", "acknowledgment"], ["defence", "defense"], ["aluminium", "aluminum"], ["catalogue", "catalog"],
  ["cesarian", "cesarean"], ["caesarian", "cesarean"], ["analogue", "analog"], ["analogues", "analogs"],
]);
const OUR = /^((?:tum|col|behavi|fav|lab|hon|hum|rig|od|vap|endeav|harb|flav)o)u(r(?:s|ed|ing|al|able|ably|ful|less|ite|ites|ally)?)$/u;
const ISE = /^([a-z]{3,})is(e|ed|es|ing|ation|ations)$/u;
const YSE = /^([a-z]{3,}y)s(e|ed|er|ers|ing)$/u;
const RE = /^((?:cent|lit|centimet|millimet|fib|tit|theat|calib|goit|sept)r)e(s|d)?$/u;
const DOUBLE_L = /^((?:label|travel|counsel|model|cancel|signal|total|tunnel|channel|level|dial|equal|initial))l(ed|ing|er|ers|or|ors)$/u;
const INFLECTIONS = ["e", "ed", "es", "ing", "ation", "ations"] as const;

/** The American spellings of a word in lower case that may be British, that of the same form first; none for any other word. */
export function americanSpellings(word: string): readonly string[] {
  if (word.length < 4) return NONE;
  const pair = PAIRS.get(word);
  if (pair !== undefined) return [pair];
  const ise = ISE.exec(word);
  if (ise !== null) return [`${ise[1]}iz${ise[2]}`, ...INFLECTIONS.filter((end) => end !== ise[2]).map((end) => `${ise[1]}iz${end}`)];
  const our = OUR.exec(word);
  if (our !== null) return variants(`${our[1]}${our[2]}`);
  const yse = YSE.exec(word);
  if (yse !== null) return [`${yse[1]}z${yse[2]}`];
  const re = RE.exec(word);
  if (re !== null) return variants(`${re[1]!.slice(0, -1)}er${re[2] === "d" ? "ed" : re[2] ?? ""}`);
  const double = DOUBLE_L.exec(word);
  if (double !== null) return [`${double[1]}${double[2]}`];
  if (/[ao]e/u.test(word) && word.length >= 5) {
    const plain = word.replace(/[ao]e/gu, "e");
    return variants(plain);
  }
  if (word.includes("sulph")) return [word.replace("sulph", "sulf")];
  return NONE;
}

/** A form of a word, and its singular or plural. */
const variants = (word: string): readonly string[] => (word.endsWith("s") && !/(?:us|ss|is)$/u.test(word) ? [word, word.slice(0, -1)] : [word, `${word}s`]);

/** The British spelling of an American word that stands beside a British one, where it is certain. */
export function britishSpelling(american: string, british: string): string | undefined {
  const forms = americanSpellings(british);
  if (forms[0] === american) return british;
  if (ISE.test(british)) return american.replace(/iz(?=[a-z]{1,6}$)/u, "is");
  if (forms[1] === `${forms[0]}s` && american === forms[1]) return `${british}s`;
  return forms[0] === `${american}s` && british.endsWith("s") ? british.slice(0, -1) : undefined;
}
