// Remarks on a request that decide nothing: codes that are not valid on the date of service or not listed, another line of business.
import { entriesFor, shownCode, splitCode } from "../semantics/codes.js";
import type { Analysis } from "../semantics/model.js";
import { periodBetween } from "../semantics/period.js";
import { dateText } from "../syntax/dates.js";
import { sentenceList } from "../text.js";
import type { Request } from "./compile.js";

/** What a reader of the explanation should know of the request. */
export function remarksOn(analysis: Analysis, request: Request, on: number): readonly string[] {
  const remarks = (request.codes ?? []).map((code) => codeRemark(analysis, code, on)).filter((remark) => remark !== undefined);
  const lines = analysis.header.fields.get("line of business")?.value?.text.split(",").map((line) => line.trim()).filter((line) => line !== "") ?? [];
  if (request.lineOfBusiness !== undefined && lines.length > 0 && !lines.includes(request.lineOfBusiness)) {
    remarks.push(`The policy is for ${sentenceList(lines)}, and the request is for ${request.lineOfBusiness}.`);
  }
  return remarks;
}

function codeRemark({ codes }: Analysis, held: string, on: number): string | undefined {
  const { system, code } = splitCode(held);
  if (system === undefined) return undefined;
  const name = `${system} ${shownCode(held, [system])}`;
  const entries = entriesFor(codes, code, system);
  if (entries.length === 0) {
    const listed = [...codes.values()].some((rows) => rows.some((row) => row.system === system));
    return listed ? `${name} is not among the codes of the policy.` : undefined;
  }
  const periods = entries.map(({ node }) => ({ node, ...periodBetween(node.effective, node.ended) }));
  if (periods.some(({ from, until }) => on >= from && on <= until)) return undefined;
  const ended = periods.find(({ until }) => on > until);
  if (ended === undefined) return `${name} is effective from ${dateText(Math.min(...periods.map(({ from }) => from)))}, after the date of service.`;
  const next = ended.node.replacedBy.map((each) => (each.to === undefined ? each.from : `${each.from}-${each.to}`));
  return `${name} ended on ${dateText(ended.until)}, before the date of service${next.length === 0 ? "" : `; replaced by ${next.join(", ")}`}.`;
}
