// One line for each finding, as compilers write it: `policies/a.policy:12:3: warning: What is wrong. [code]`.
import { placeText } from "../codeframe.js";
import { visible } from "../width.js";
import type { Reporter } from "./model.js";

/** Findings, one a line; nothing where there are none. */
export const compactReport: Reporter = ({ texts }) =>
  texts.flatMap(({ source, findings }) => findings.map(({ found }) => `${placeText(source, found.start)}: ${found.severity}: ${visible(found.message).replace(/\s+/gu, " ")} [${found.code}]\n`)).join("");
