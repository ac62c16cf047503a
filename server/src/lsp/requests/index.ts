// All groups of requests that the server answers.
import type { RequestGroup } from "../context.js";
import { completionRequests } from "./completion.js";
import { diagramRequests } from "./diagram.js";
import { evaluationRequests } from "./evaluation.js";
import { explanationRequests } from "./explanation.js";
import { findingRequests } from "./findings.js";
import { inlayHintRequests } from "./inlayhints.js";
import { selectionRequests } from "./selection.js";
import { semanticTokenRequests } from "./semantictokens.js";
import { signatureRequests } from "./signature.js";
import { formattingRequests } from "./formatting.js";
import { hoverRequests } from "./hover.js";
import { generateRequests } from "./generate.js";
import { letterRequests } from "./letters.js";
import { navigationRequests } from "./navigation.js";
import { linkRequests } from "./links.js";
import { refactorRequests } from "./refactor.js";
import { renameRequests } from "./rename.js";
import { previewRequests } from "./preview.js";
import { structureRequests } from "./structure.js";
import { workspaceRequests } from "./workspace.js";
import { testingRequests } from "./testing.js";

export const REQUEST_GROUPS: readonly RequestGroup[] = [
  hoverRequests, completionRequests, navigationRequests, structureRequests, formattingRequests, evaluationRequests, findingRequests,
  semanticTokenRequests, inlayHintRequests, selectionRequests, signatureRequests,
  testingRequests,
  renameRequests, refactorRequests, linkRequests, workspaceRequests,
  explanationRequests, previewRequests, diagramRequests, letterRequests, generateRequests,
];
