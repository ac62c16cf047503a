// The Test Explorer: policies, their case files and their cases as a tree, run on the text as it stands, with coverage of the criteria.
import * as vscode from "vscode";
import type { LanguageClient } from "./server.js";
import { registerCoverage } from "./coverage.js";
import { registerRuns, type Runs } from "./testing/runs.js";
import { testTree } from "./testing/tree.js";

/** The id of the test controller. */
export const CONTROLLER = "policyCases";

export interface Testing extends vscode.Disposable {
  readonly controller: vscode.TestController;
  readonly profiles: Runs["profiles"];
  /** Runs all cases of a policy or a case file, as the gutter and the Test Explorer do. */
  runAll(uri: vscode.Uri): Promise<void>;
}

/** Puts the Test Explorer in place. Nothing is looked for until it is opened or a policy is. */
export function registerTesting(client: LanguageClient): Testing {
  const controller = vscode.tests.createTestController(CONTROLLER, "Policy cases");
  const tree = testTree(controller, client);
  const coverage = registerCoverage(client);
  const runs = registerRuns(controller, client, tree, coverage);
  return {
    controller,
    profiles: runs.profiles,
    runAll: (uri) => runs.runAll(uri),
    dispose() {
      runs.dispose();
      tree.dispose();
      controller.dispose();
    },
  };
}
