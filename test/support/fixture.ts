// Inline fixtures: a policy text with a mark where the cursor is.
import { analyze } from "../../server/src/semantics/analyze.js";
import type { Analysis } from "../../server/src/semantics/model.js";

/** Stands for the cursor in a fixture. */
export const CURSOR = "‸";

export interface Fixture {
  readonly analysis: Analysis;
  readonly offset: number;
}

/** The analysis of a text and the place of the cursor in it. */
export function fixture(marked: string): Fixture {
  const offset = marked.indexOf(CURSOR);
  if (offset < 0) throw new Error("the fixture has no cursor");
  return { analysis: analyze(marked.replace(CURSOR, ""), "file:///policies/example.policy"), offset };
}

/** A policy that holds a bit of everything; `replacements` put a cursor or other words into it. */
export function example(...replacements: readonly (readonly [string, string])[]): string {
  let text = EXAMPLE;
  for (const [from, to] of replacements) {
    if (!text.includes(from)) throw new Error(`the example has no ${JSON.stringify(from)}`);
    text = text.replace(from, () => to);
  }
  return text;
}

export const EXAMPLE = `policy CP.EX.1 "Home oxygen therapy"
  plan              Example Health Plan
  line of business  Medicaid, Marketplace
  effective         2026-02-01

description
  Home oxygen raises the oxygen level. [1-2] It is billed with HCPCS E1390; see CP.EX.7.

facts
  age             years        "Age on the date of service"
  saturation      %            "Oxygen saturation at rest"
  weight          kg/m2        "Body mass index"
  cor_pulmonale   yes/no       "Is there cor pulmonale?"
  stage           one of early, late  "Stage of the disease"
  seen            date         "Date of the last visit"
  diagnoses       list of ICD-10-CM   "Diagnoses"
  therapies       list of      "Earlier treatments"
    kind          one of drug, exercise  "Kind"
    ended         date         "Last day"

define
  hypoxemic   saturation <= 88 %

# Both statements
# speak of adults.
criteria
I. Home oxygen is medically necessary when all of the following are met: [1]
   A. Age ≥ 18 years; and
      when age >= 18 years
   B. One of the following (not all-inclusive):
      1. Hypoxemia
         when hypoxemic
      2. Late stage with cor pulmonale
         when stage is late and cor_pulmonale
         unless exists therapies where kind is drug and ended within the past 6 months
   C. The prescriber has seen the patient
   note Sites are listed elsewhere. [2]
II. Home oxygen is investigational when criterion I.B is not met.
   applies to codes HCPCS E1390

notes
  * Reviewed case by case.

codes
  HCPCS      E1390*  Oxygen concentrator         ended 2025-12-31, see E1392
  CPT        77301   Planning in our own words   for I.A
  ICD-10-CM  J44.-   Chronic obstruction

revisions
  2025-03, approved 2025-05-20, effective 2026-02-01
    New policy.

references
  1. Example Thoracic Society. Home oxygen in adults. 2024. doi:10.1000/oxygen(2024)1.
  2. Example S. Oxygen at home. Accessed January 3, 2025.
     https://example.org/oxygen.

cases
  case "Saturation of 86 percent"
    on 2026-03-01
    age = 64 years
    saturation = 86 %
    I.C = met
    expect approve by I.B.1
  case "Nothing measured"
    on 2026-03-01
    age = 64 years
    expect pend missing saturation
`;
