// Going to other files: from the number of a policy to that policy, from a fact or criterion to the case files that name it.
import type { Location, LocationLink } from "vscode-languageserver";
import type { SymbolRef } from "../semantics/model.js";
import { offsetAt, type Range } from "../text.js";
import type { At, ServerContext } from "./context.js";
import { toLink, toRange } from "./convert.js";
import { core } from "./lazy.js";
import { beside, type WorkspaceFile } from "./workspace.js";

/** The headers of the policies whose number stands at a place; the policy that a case file names. */
export async function definitionElsewhere(context: ServerContext, { textDocument: { uri }, position }: At): Promise<LocationLink[]> {
  const { documents, workspace } = context;
  const text = documents.get(uri)?.document.getText();
  if (text === undefined) return [];
  const lines = core().lineIndex(text);
  const offset = offsetAt(lines, position);
  const key = documents.get(uri)!.kind === "cases" ? core().policyKey(text) : undefined;
  const named = key !== undefined && key.start <= offset && offset <= key.end ? key : undefined;
  const byNumber = named !== undefined && core().policyNumberFor(text) !== undefined;
  const number = byNumber ? { ...named, number: named.name } : (named ?? core().policyNumberAt(text, offset));
  if (number === undefined) return [];
  await workspace.load();
  const files = "number" in number ? workspace.numbered(number.number) : [workspace.file(beside(uri, number.name))];
  return files.filter((file): file is WorkspaceFile => file?.kind === "policy").map((file) => {
    const { document, lines: there } = workspace.analysis(file);
    const place = document.header?.number ?? document.header ?? { start: 0, end: 0 };
    return toLink(lines, there, file.uri, { start: place.start, end: place.end, whole: document.header ?? place, origin: number });
  });
}

/** The places in other files that name what stands at a place of a policy or case file of their own policy. */
export async function referencesElsewhere(context: ServerContext, { textDocument: { uri }, position }: At, withDeclaration: boolean): Promise<Location[]> {
  const { documents, workspace } = context;
  const kind = documents.get(uri)?.kind;
  if (kind !== "policy" && kind !== "cases") return [];
  await workspace.load();
  const file = workspace.file(uri);
  if (file === undefined) return [];
  const offset = offsetAt(core().lineIndex(file.text), position);
  const number = core().policyNumberAt(file.text, offset);
  if (number !== undefined) return placesOfNumber(context, number.number, withDeclaration);
  const policy = kind === "policy" ? file : workspace.policyOf(file);
  if (policy === undefined) return [];
  const analysis = workspace.analysis(policy);
  const symbols = kind === "policy" ? core().usesAt(analysis, offset).map(({ symbol }) => symbol)
    : workspace.readCases(file, analysis).uses.filter((use) => use.start <= offset && offset <= use.end).map(({ symbol }) => symbol);
  const found: Location[] = [];
  const add = (at: string, text: string, range: Range): void => void found.push({ uri: at, range: toRange(core().lineIndex(text), range) });
  if (kind === "cases") for (const use of analysis.uses) if (symbols.includes(use.symbol) && (withDeclaration || !use.declaration)) add(policy.uri, policy.text, use);
  for (const cases of workspace.casesOf(policy.uri)) {
    for (const use of workspace.readCases(cases, analysis).uses) if (symbols.some((symbol) => same(symbol, use.symbol))) add(cases.uri, cases.text, use);
  }
  const criteria = symbols.filter((symbol) => symbol.kind === "criterion").map(({ address }) => address);
  if (criteria.length > 0 && analysis.header.number !== undefined) {
    for (const other of workspace.around(analysis).policies) {
      for (const mention of core().criterionMentions(other)) {
        if (mention.policy === analysis.header.number && mention.addresses.some((address) => criteria.includes(address))) add(other.uri, other.text, mention);
      }
    }
  }
  return found;
}

function placesOfNumber({ workspace }: ServerContext, number: string, withDeclaration: boolean): Location[] {
  const declaring = workspace.numbered(number);
  return workspace.mentioning(number).flatMap((file) => {
    const isOwn = declaring.includes(file);
    const own = file.text.indexOf(number);
    const lines = core().lineIndex(file.text);
    return core().placesOfNumber(file.text, number).filter((place) => withDeclaration || !isOwn || place.start !== own).map((place) => ({ uri: file.uri, range: toRange(lines, place) }));
  });
}

/** A symbol may be that of another reading of the same policy. */
function same(a: SymbolRef, b: SymbolRef): boolean {
  if (a === b) return true;
  if (a.kind === "fact") return b.kind === "fact" && a.name === b.name && a.owner === b.owner;
  return a.kind === "criterion" && b.kind === "criterion" && a.address === b.address;
}
