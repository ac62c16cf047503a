// All of the language that the server uses, in one place so that it is loaded in one go, after `initialize` is answered.
export { analyze } from "../semantics/analyze.js";
export { isCaseFile, policyNamesFor, readCaseFile } from "../semantics/casefile.js";
export { runCase } from "../evaluate/run.js";
export { explanationMarkdown } from "../render/markdown.js";
export { completion } from "../features/completion.js";
export { codeAt, hover, useHover } from "../features/hover.js";
export { definition, declarations, references } from "../features/navigation.js";
export { outline } from "../features/outline.js";
export { folds } from "../features/folding.js";
export { lenses } from "../features/lenses.js";
export { fixes } from "../features/fixes.js";
export { afterEnter } from "../features/typing.js";
export { readCodeSet } from "../features/codesets/read.js";
export { counted, lineIndex, offsetAt, positionAt } from "../text.js";
