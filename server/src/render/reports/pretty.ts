// Findings for a reader in a terminal: the frame of each with what to do, what would mend it, and the page that says more.
import { fixOf } from "../../diagnostic.js";
import { pageUrl } from "../../lint/links.js";
import { diagnosticText, type FrameOptions } from "../codeframe.js";
import type { LintReport } from "./model.js";

/** The findings, each followed by an empty line. */
export function prettyReport({ texts }: LintReport, options: FrameOptions): string {
  return texts.flatMap(({ source, findings }) => findings.map(({ found }) => {
    const lines = [diagnosticText(source, found, options)];
    // What stands in `replacement` alone is said by the help already.
    if (found.fix !== undefined) lines.push(`  ${options.colours.green("fix:")} ${fixOf(found)!.title} (policy lint --fix${found.fix.safe ? "" : " --unsafe-fixes"})`);
    lines.push(`  ${options.colours.dim(`page: ${pageUrl(found.code)}`)}`);
    return `${lines.join("\n")}\n\n`;
  })).join("");
}
