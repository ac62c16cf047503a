// Abbreviations in a text: whether capitals are a word of their own, and where the long form of an abbreviation stands beside it.

/** The words of a text. */
export const words = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/u));

/** Abbreviations that nobody needs to have explained, and what looks like one. */
export const KNOWN = words(`
  CPT HCPCS ICD CM PCS NDC DRG MS AMA CMS FDA CDC NIH HHS WHO CFR USC US USA UK EU CHIP EPSDT HIPAA ID OK AM PM
  DNA RNA HIV AIDS COVID CT MRI PET ECG EKG ICU ER IV IM MD DO PHD RN NP FAQ PDF URL TV LLC INC
  EGFR KRAS NRAS HRAS BRAF ALK RET NTRK BRCA PTEN APC ATM EPCAM MUTYH NBN VHL CFTR SMN JAK BTK ABL BCR FLT IDH MSH MLH PMS
  CI SD GY CGY MV KV MEV IU ML DL MG KG CM MM HZ DB KCAL BPM RPM MMHG
  AL AK AZ AR CA CO CT DE FL GA HI IA IL IN KS KY LA MA ME MI MN MO MS MT NC ND NE NH NJ NM NV NY OH OR PA RI SC SD TN TX UT VA VT WA WI WV WY DC
`);

export const upper = (unit: number): boolean => unit >= 65 && unit <= 90;
export const figure = (unit: number): boolean => unit >= 48 && unit <= 57;
const lower = (unit: number): boolean => unit >= 97 && unit <= 122;
const letter = (unit: number): boolean => lower(unit) || upper(unit) || (unit > 191 && unit < 0x2000);
/** Letters and figures, also raised and lowered ones, but not typographic signs. */
const partOfWord = (unit: number): boolean => letter(unit) || figure(unit) || (unit > 0x206f && unit < 0x20a0);

const OPEN = 40;
const CLOSE = 41;

/** Whether the capitals from `start` to `end` are a word of their own, rather than part of a code, a number or a name. */
export function stands(text: string, start: number, end: number): boolean {
  const before = start === 0 ? 32 : text.charCodeAt(start - 1);
  if (before !== 32 && before !== OPEN) {
    if (upper(before) || lower(before) || figure(before) || before === 95 || before === 35 || before === 64) return false;
    if (before === 46 && partOfWord(text.charCodeAt(start - 2))) return false;
    if (before === 45 && !(letter(text.charCodeAt(start - 2)) && letter(text.charCodeAt(start - 3)))) return false;
    if (before > 127 && partOfWord(before)) return false;
  }
  let at = end;
  if (text.charCodeAt(at) === 115) at++;
  const behind = at >= text.length ? 32 : text.charCodeAt(at);
  if (behind === 32 || behind === CLOSE || behind === 44) return true;
  if (upper(behind) || lower(behind) || figure(behind) || behind === 95 || behind === 64) return false;
  if (behind === 46 && partOfWord(text.charCodeAt(at + 1))) return false;
  if (behind === 45) {
    const first = text.charCodeAt(at + 1);
    const second = text.charCodeAt(at + 2);
    return (lower(first) && lower(second)) || (upper(first) && upper(second));
  }
  return behind <= 127 || !partOfWord(behind);
}

/** Where the long form of an abbreviation begins that ends at `end`; undefined where the words before are none. */
export function longFormBefore(short: string, text: string, end: number): number | undefined {
  // It is no longer than this, and does not reach over a stop.
  let from = Math.max(0, end - 24 * short.length);
  for (let at = end - 1; at >= from; at--) {
    const unit = text.charCodeAt(at);
    if (unit === 59 || unit === OPEN || unit === CLOSE || unit === 44 || ((unit === 46 || unit === 58) && text.charCodeAt(at + 1) === 32)) from = at + 1;
  }
  const at = aligned(short, text, from, end);
  return at === undefined || !plausible(short, text, at, end) ? undefined : at;
}

/** Whether words are the long form of an abbreviation from their first letter on. */
export function isLongForm(short: string, text: string): boolean {
  const words = text.replace(/^(?:the|an?|that is,?|i\.e\.,?)\s+/iu, "");
  return aligned(short, words, 0, words.length) === 0 && plausible(short, words, 0, words.length);
}

const small = (unit: number): number => (upper(unit) ? unit + 32 : unit);

/**
 * Where in a part of a text the long form begins: the letters of the abbreviation are found in it from right to left, the first
 * of them at the beginning of a word (Schwartz and Hearst, Pac Symp Biocomput 2003).
 */
function aligned(short: string, text: string, from: number, end: number): number | undefined {
  let at = end - 1;
  for (let i = short.length - 1; i >= 0; i--) {
    const sought = small(short.charCodeAt(i));
    while (at >= from && (small(text.charCodeAt(at)) !== sought || (i === 0 && at > from && partOfWord(text.charCodeAt(at - 1))))) at--;
    if (at < from) return undefined;
    at--;
  }
  return at + 1;
}

/** Whether a long form is not too long, and half of the letters begin a word of it, where it has several. */
function plausible(short: string, text: string, from: number, end: number): boolean {
  let parts = 0;
  let initials = 0;
  let next = 0;
  let inside = false;
  let last = from;
  for (let at = from; at < end; at++) {
    const unit = text.charCodeAt(at);
    const within = partOfWord(unit);
    if (within) last = at;
    if (within && !inside) {
      parts++;
      const found = next < short.length ? short.indexOf(String.fromCharCode(unit).toUpperCase(), next) : -1;
      if (found >= 0) {
        initials++;
        next = found + 1;
      }
    }
    inside = within;
  }
  return last + 1 - from > short.length && parts <= Math.min(short.length + 5, short.length * 2) && (parts === 1 || initials * 2 >= short.length);
}

/** A word in capitals that stands in a text, with its long form where that stands beside it. */
export interface ShortForm {
  readonly text: string;
  /** Place of the capitals, without a plural "s". */
  readonly start: number;
  readonly end: number;
  readonly long?: string | undefined;
}

const CANDIDATE = /[A-Z]{2,6}\d?/gu;

/** The words in capitals of a text, in its order. "long form (ABBR)" and "ABBR (long form)" bring the long form along. */
export function shortForms(text: string): readonly ShortForm[] {
  const found: ShortForm[] = [];
  for (const match of text.matchAll(CANDIDATE)) {
    const start = match.index;
    const end = start + match[0].length;
    if (stands(text, start, end)) found.push({ text: match[0], start, end, long: longFormBeside(match[0], text, start, end) });
  }
  return found;
}

function longFormBeside(short: string, text: string, start: number, end: number): string | undefined {
  const behind = text.charAt(end) === "s" ? end + 1 : end;
  if (/[([]/u.test(text.charAt(start - 1)) && /[)\];,]/u.test(text.charAt(behind))) {
    const from = longFormBefore(short, text, start - 1);
    return from === undefined ? undefined : text.slice(from, start - 1).trim();
  }
  const inside = /^ [([]([^()[\]]{2,120})[)\]]/u.exec(text.slice(behind))?.[1];
  return inside !== undefined && isLongForm(short, inside) ? inside : undefined;
}
