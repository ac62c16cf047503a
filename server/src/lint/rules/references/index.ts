// Lint rules for citations and the reference list.
import type { LintRule } from "../../model.js";
import accessDateWithoutLink from "./access-date-without-link.js";
import bareDomainLink from "./bare-domain-link.js";
import broadCitationRange from "./broad-citation-range.js";
import citationOrder from "./citation-order.js";
import doiPrefix from "./doi-prefix.js";
import duplicateWork from "./duplicate-work.js";
import finalPeriod from "./final-period.js";
import homePageLink from "./home-page-link.js";
import impossibleAccessDate from "./impossible-access-date.js";
import incompleteAccessDate from "./incomplete-access-date.js";
import linkWithoutAccessDate from "./link-without-access-date.js";
import malformedDoi from "./malformed-doi.js";
import monthInReference from "./month-in-reference.js";
import oldEvidence from "./old-evidence.js";
import pageRange from "./page-range.js";
import periodAfterLink from "./period-after-link.js";
import referenceOrder from "./reference-order.js";
import uncitedReference from "./uncited-reference.js";

export const referenceRules: readonly LintRule[] = [
  uncitedReference, referenceOrder, citationOrder, broadCitationRange, duplicateWork, malformedDoi, doiPrefix, bareDomainLink, homePageLink, accessDateWithoutLink,
  linkWithoutAccessDate, incompleteAccessDate, impossibleAccessDate, pageRange, monthInReference, finalPeriod, periodAfterLink, oldEvidence,
];
