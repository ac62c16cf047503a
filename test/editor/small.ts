// A small policy that the suites open as a text of their own.
export const SMALL = `policy CP.EX.1 "Home oxygen therapy"
  effective  2025-06-19

facts
  age         years  "Age on the date of service"
  saturation  %      "Oxygen saturation at rest"

criteria
I. Home oxygen is medically necessary when all of the following are met:
   A. Age ≥ 18 years; and
      when age >= 18 years
   B. Saturation at rest ≤ 88 %
      when saturation <= 88 %

cases
  case "Saturation of 86 percent"
    on 2025-07-01
    age = 64 years
    saturation = 86 %
    expect approve by I.B
`;
