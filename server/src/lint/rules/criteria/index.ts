// Lint rules for lists, statements, facts and definitions.
import type { LintRule } from "../../model.js";
import connectiveInProse from "./connective-in-prose.js";
import connectorOfParent from "./connector-of-parent.js";
import criterionWithoutCase from "./criterion-without-case.js";
import danglingConnector from "./dangling-connector.js";
import factWithoutQuestion from "./fact-without-question.js";
import noLimitingStatement from "./no-limiting-statement.js";
import openList from "./open-list.js";
import singleItemList from "./single-item-list.js";
import unusedDefinition from "./unused-definition.js";
import unusedFact from "./unused-fact.js";

export const criteriaRules: readonly LintRule[] = [
  connectiveInProse, connectorOfParent, danglingConnector, singleItemList, openList, noLimitingStatement, unusedFact, unusedDefinition, factWithoutQuestion, criterionWithoutCase,
];
