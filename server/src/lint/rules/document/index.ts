// Lint rules for the document as a whole.
import type { LintRule } from "../../model.js";
import ambiguousAbbreviation from "./ambiguous-abbreviation.js";
import approvalAfterEffective from "./approval-after-effective.js";
import duplicateParagraph from "./duplicate-paragraph.js";
import emptySection from "./empty-section.js";
import endsBeforeEffective from "./ends-before-effective.js";
import headerRevisionMismatch from "./header-revision-mismatch.js";
import incompleteRevision from "./incomplete-revision.js";
import lateAbbreviation from "./late-abbreviation.js";
import missedAnnualReview from "./missed-annual-review.js";
import missingHeaderDate from "./missing-header-date.js";
import mixedDateFormats from "./mixed-date-formats.js";
import overdueReview from "./overdue-review.js";
import overdueReviewToday from "./overdue-review-today.js";
import repeatedAbbreviation from "./repeated-abbreviation.js";
import revisionOrder from "./revision-order.js";
import shortNoticePeriod from "./short-notice-period.js";
import undefinedAbbreviation from "./undefined-abbreviation.js";

export const documentRules: readonly LintRule[] = [
  // Dates
  headerRevisionMismatch, approvalAfterEffective, endsBeforeEffective, missingHeaderDate, shortNoticePeriod,
  // The revision log and reviews
  overdueReview, overdueReviewToday, missedAnnualReview, incompleteRevision, revisionOrder,
  // Text
  mixedDateFormats, undefinedAbbreviation, lateAbbreviation, repeatedAbbreviation, ambiguousAbbreviation, duplicateParagraph, emptySection,
];
