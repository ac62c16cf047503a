// Checks that hold for every tree and analysis, whatever the text.
import assert from "node:assert/strict";
import { runCase } from "../../server/src/evaluate/run.js";
import { analyze } from "../../server/src/semantics/analyze.js";
import { readCaseFile } from "../../server/src/semantics/casefile.js";
import type { Analysis } from "../../server/src/semantics/model.js";
import type * as A from "../../server/src/syntax/ast.js";
import { children } from "../../server/src/syntax/ast.js";

/** A child lies in its parent; siblings stand in order and do not overlap. Not recursive, so that any depth can be checked. */
export function checkNesting(root: A.Node, length: number): number {
  const open: A.Node[] = [root];
  let count = 0;
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    count++;
    assert.ok(0 <= node.start && node.start <= node.end && node.end <= length, `${node.kind} ${node.start}-${node.end} lies outside of 0-${length}`);
    let last = node.start;
    for (const child of children(node)) {
      assert.ok(child !== undefined && child !== null, `${node.kind} has a child that is none`);
      assert.ok(child.start >= last, `${child.kind} at ${child.start} in ${node.kind} ${node.start}-${node.end} stands before ${last}`);
      assert.ok(child.end <= node.end, `${child.kind} ${child.start}-${child.end} leaves ${node.kind} ${node.start}-${node.end}`);
      last = child.end;
      open.push(child);
    }
  }
  return count;
}

/** Analyzes a text and checks what must hold of any text. */
export function checkAnalysis(text: string): Analysis {
  const analysis = analyze(text, "any.policy");
  checkNesting(analysis.document, text.length);
  let last = 0;
  for (const found of analysis.diagnostics) {
    assert.ok(last <= found.start && found.start <= found.end && found.end <= text.length, `${found.code} ${found.start}-${found.end} of ${text.length}`);
    last = found.start;
    for (const place of found.related ?? []) assert.ok(0 <= place.start && place.start <= place.end && place.end <= text.length, found.code);
    assert.ok(found.message !== "" && !/undefined|NaN|\[object/u.test(found.message.replace(/`[^`]*`|"[^"]*"/gu, "")), found.message);
  }
  for (const use of analysis.uses) assert.ok(0 <= use.start && use.start <= use.end && use.end <= text.length, "use");
  let behind = 0;
  for (const each of analysis.document.comments) {
    assert.ok(text[each.start] === "#" && each.start >= behind, `comment ${each.start}-${each.end}`);
    behind = each.end;
  }
  const { policy } = analysis;
  if (policy !== undefined) for (const each of analysis.cases) JSON.stringify(runCase(policy, each));
  return analysis;
}

/** Reads a case file and checks what must hold of any. */
export function checkCaseFile(text: string, policy: Analysis): void {
  const { cases, diagnostics } = readCaseFile(text, "any.case.yaml", policy);
  for (const found of diagnostics) assert.ok(0 <= found.start && found.start <= found.end && found.end <= text.length, `${found.code} ${found.start}-${found.end} of ${text.length}`);
  if (policy.policy !== undefined) for (const each of cases) JSON.stringify(runCase(policy.policy, each));
}
