// Lint rule: a paragraph that asks for many years of school.
import { lintRule } from "../../rule.js";

/** Fewer words or sentences than these say little about how hard a text is. */
const FEWEST_WORDS = 25;

export default lintRule({
  id: "reading-level",
  category: "readability",
  summary: "A paragraph is harder to read than the configured grade.",
  why: `Sentences of a policy are copied into notices of members, which must be easy to understand (42 CFR 438.10(c)(1)); many states ask for
a sixth- to eighth-grade level there. The grade is that of Flesch and Kincaid (Kincaid JP, Fishburne RP, Rogers RL, Chissom BS. Research
Branch Report 8-75. 1975): 0.39 × words per sentence + 11.8 × syllables per word − 15.59. Syllables are counted by groups of vowels,
so that the grade is near and not exact. Clinical terms are long, so the default allows for them.`,
  recommended: "off",
  strict: "info",
  related: ["long-criterion"],
  options: { grade: { default: 18, minimum: 1, description: "The highest school grade that is not reported; clinical terms alone raise it to about 14." } },
  examples: [{
    avoid: `description
  Stereotactic irradiation necessitates multidisciplinary interdisciplinary collaboration incorporating sophisticated immobilization, computationally intensive optimization and comprehensive verification methodologies, notwithstanding considerable institutional variability regarding implementation, documentation, accreditation and administration of radiotherapeutic interventions.
`,
    finds: ["Stereotactic irradiation necessitates multidisciplinary interdisciplinary collaboration incorporating sophisticated immobilization, computationally intensive optimization and comprehensive verification methodologies, notwithstanding considerable institutional variability regarding implementation, documentation, accreditation and administration of radiotherapeutic interventions."],
    prefer: `description
  Stereotactic treatment needs a team. The team plans the dose, checks the plan and keeps the patient still. Hospitals differ
  in how they do this, in what they write down, and in who looks after it. The policy says what is asked of all of them.
`,
    options: { grade: 16 },
  }],
  check(policy, report, { grade }) {
    for (const stretch of policy.stretches) {
      if ((stretch.role !== "paragraph" && stretch.role !== "note" && stretch.role !== "footnote") || stretch.text.length < 150) continue;
      const level = gradeOf(stretch.text);
      if (level === undefined || level <= grade) continue;
      report(stretch, {
        message: `This paragraph reads at grade ${Math.round(level)}; more than ${grade} is hard even for those who read policies every day.`,
        help: "Make shorter sentences, and choose shorter words where there are any.",
      });
    }
  },
});

/** The grade of Flesch and Kincaid; undefined for a text too short to tell. */
function gradeOf(text: string): number | undefined {
  let words = 0;
  let sentences = 0;
  let syllables = 0;
  let bracket = false;
  for (let i = 0; i < text.length;) {
    const unit = text.charCodeAt(i);
    if (unit === 91) bracket = true;
    else if (unit === 93) bracket = false;
    if (bracket || !isLetter(unit)) {
      if ((unit === 46 || unit === 33 || unit === 63 || unit === 59 || unit === 58) && isSpace(text.charCodeAt(i + 1)) && !abbreviated(text, i)) sentences++;
      i++;
      continue;
    }
    const start = i;
    let groups = 0;
    let vowel = false;
    for (; i < text.length && isLetter(text.charCodeAt(i)); i++) {
      const now = isVowel(text.charCodeAt(i) | 32);
      if (now && !vowel) groups++;
      vowel = now;
    }
    // A final e is silent, but for "-le" behind a consonant.
    if (groups > 1 && (text.charCodeAt(i - 1) | 32) === 101 && !isVowel(text.charCodeAt(i - 2) | 32) && ((text.charCodeAt(i - 2) | 32) !== 108 || isVowel(text.charCodeAt(i - 3) | 32))) groups--;
    words++;
    syllables += Math.max(1, groups);
    if (i === start) i++;
  }
  if (words < FEWEST_WORDS) return undefined;
  if (!/[.!?;:]$/u.test(text)) sentences++;
  return 0.39 * (words / Math.max(1, sentences)) + 11.8 * (syllables / words) - 15.59;
}

const isLetter = (unit: number): boolean => (unit | 32) >= 97 && (unit | 32) <= 122 || (unit >= 0xc0 && unit < 0x250 && unit !== 0xd7 && unit !== 0xf7);
const isVowel = (unit: number): boolean => unit === 97 || unit === 101 || unit === 105 || unit === 111 || unit === 117 || unit === 121;
/** White space, or the end of the text, where there is no unit. */
const isSpace = (unit: number): boolean => unit === 32 || unit === 10 || unit === 13 || Number.isNaN(unit);
/** A stop behind "e.g", "vs", "et al" or a single letter ends no sentence. */
const abbreviated = (text: string, stop: number): boolean => /(?:^|[\s(.])(?:\p{L}|vs|al|Dr|No)$/u.test(text.slice(Math.max(0, stop - 4), stop));
