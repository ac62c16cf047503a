// Workflow commands of GitHub Actions: each finding becomes an annotation of its line.
import type { Severity } from "../../diagnostic.js";
import { pageUrl } from "../../lint/links.js";
import { type Reporter, regionOf, wholeMessage } from "./model.js";

const COMMANDS: Readonly<Record<Severity, string>> = { error: "error", warning: "warning", info: "notice", hint: "notice" };

/** What a command's message may not hold as it is. */
const message = (text: string): string => text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
/** In a property, what parts it from the next besides. */
const property = (text: string): string => message(text).replaceAll(":", "%3A").replaceAll(",", "%2C");

/** Findings as workflow commands, one a line. */
export const githubReport: Reporter = ({ texts }) =>
  texts.flatMap(({ source, path, findings }) => findings.map(({ found }) => {
    const { startLine, startColumn, endLine, endColumn } = regionOf(source, found);
    // Columns count only where the annotation stays on one line.
    const columns = endLine === startLine ? { col: startColumn, endColumn } : {};
    const properties = Object.entries({ file: path, line: startLine, endLine, ...columns, title: found.code }).map(([name, value]) => `${name}=${property(String(value))}`);
    return `::${COMMANDS[found.severity]} ${properties.join(",")}::${message(`${wholeMessage(found)}\n${pageUrl(found.code)}`)}\n`;
  })).join("");
