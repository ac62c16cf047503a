// Reads and edits a small policy a few times while the server is idle, so that the first keystrokes find compiled code.
import { core } from "./lazy.js";
import type { Runtime } from "./runtime.js";

/** Rounds of reading; each takes a millisecond or two, and requests are answered between them. */
const ROUNDS = 400;
/** Milliseconds of work after which the server is warm enough. */
const LONGEST = 500;
/** Milliseconds without a request before it goes on. */
const PAUSE = 100;

const STATEMENT = (number: string, suffix: string): string => `${number}. Home therapy is medically necessary when all of the following are met: [1]
   A. Age ≥ 18 years; and
      when age${suffix} >= 18 years
   B. Any of the following (not all-inclusive):
      1. Body mass index > 30 kg/m2 with a solid tumor
         when bmi${suffix} > 30 kg/m2 and (tumor${suffix} or site${suffix} is breast)
      2. Treatment has failed within the past 6 months
         when exists trials${suffix} where outcome is failure and ended - started >= 6 weeks and ended within the past 6 months
      3. Diagnosis of the eye or brain
         when diagnoses${suffix} include any of C69.-, C70.0-C72.9
         unless pain${suffix} is unknown
`;
const FACTS = (suffix: string): string => `  age${suffix}        years from 0 to 130          "Age on the date of service"
  bmi${suffix}        kg/m2                        "Body mass index"
  tumor${suffix}      yes/no                       "Is there a solid tumor?"
  site${suffix}       one of breast, lung, brain   "Which site?"
  pain${suffix}       number from 0 to 10          "Pain"
  diagnoses${suffix}  list of ICD-10-CM            "Diagnoses"
  trials${suffix}     list of                      "Earlier treatments"
    started    date                         "First day"
    ended      date                         "Last day"
    outcome    one of success, failure      "Outcome"
`;
const SUFFIXES = ["", "_2", "_3", "_4", "_5", "_6"];
const POLICY = `policy WARM.UP.1 "Warm-up"
  plan       Example
  effective  2025-06-19

description
  A policy that only warms up the reader. [1]

facts
${SUFFIXES.map(FACTS).join("")}
criteria
${SUFFIXES.map((suffix, i) => STATEMENT(["I", "II", "III", "IV", "V", "VI"][i]!, suffix)).join("")}
codes
  CPT    77301    Planning                ended 2025-12-31, see 77402
  HCPCS  G6015*   Delivery, per session

revisions
  2025-03, approved 2025-05-20, effective 2025-06-19
    Annual review.

references
  1. Example Society. Guideline. 2024. https://example.org

cases
  case "One"
    on 2025-07-01
    age = 64 years
    expect pend
`;

/** Warming up, which pauses while the editor has something to ask. */
export interface WarmUp {
  /** Something was asked: the next round waits until nothing has been for a while. */
  busy(): void;
}

/** Starts warming up; returns at once. */
export function warmUp(runtime: Runtime): WarmUp {
  let asked = 0;
  let spent = 0;
  let previous: ReturnType<ReturnType<typeof core>["analyze"]> | undefined;
  const round = (i: number): void => {
    const now = performance.now();
    if (now - asked < PAUSE) {
      runtime.later(() => round(i), PAUSE);
      return;
    }
    const at = (i * 7919) % POLICY.length;
    // Every other round is an edit of the one before, as a keystroke is.
    const text = i % 2 === 0 ? POLICY : `${POLICY.slice(0, at)}x${POLICY.slice(at)}`;
    previous = core().analyze(text, "", i % 8 === 0 ? undefined : previous);
    spent += performance.now() - now;
    if (i + 1 < ROUNDS && spent < LONGEST) runtime.later(() => round(i + 1), 0);
  };
  runtime.later(() => round(0), 0);
  return { busy: () => { asked = performance.now(); } };
}
