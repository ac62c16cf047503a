// Lint rules for the code table and the calendar.
import type { LintRule } from "../../model.js";
import codeNotYetEffective from "./code-not-yet-effective.js";
import endedCode from "./ended-code.js";
import endedCodeToday from "./ended-code-today.js";
import headerIcdCode from "./header-icd-code.js";
import markWithoutNote from "./mark-without-note.js";
import noteWithoutMark from "./note-without-mark.js";
import rangeWithoutCodes from "./range-without-codes.js";
import reversedCodeDates from "./reversed-code-dates.js";
import successorNotListed from "./successor-not-listed.js";
import unlistedCodeInProse from "./unlisted-code-in-prose.js";
import unscopedCode from "./unscoped-code.js";
import unstatedCodeEnd from "./unstated-code-end.js";

export const codeRules: readonly LintRule[] = [
  endedCode, endedCodeToday, unstatedCodeEnd, codeNotYetEffective, reversedCodeDates, successorNotListed, headerIcdCode, markWithoutNote, noteWithoutMark,
  unscopedCode, rangeWithoutCodes, unlistedCodeInProse,
];
