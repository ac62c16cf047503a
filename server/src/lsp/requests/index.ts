// All groups of requests that the server answers.
import type { RequestGroup } from "../context.js";
import { completionRequests } from "./completion.js";
import { evaluationRequests } from "./evaluation.js";
import { findingRequests } from "./findings.js";
import { hoverRequests } from "./hover.js";
import { navigationRequests } from "./navigation.js";
import { structureRequests } from "./structure.js";
import { testingRequests } from "./testing.js";

export const REQUEST_GROUPS: readonly RequestGroup[] = [
  hoverRequests, completionRequests, navigationRequests, structureRequests, evaluationRequests, findingRequests,
  testingRequests,
];
