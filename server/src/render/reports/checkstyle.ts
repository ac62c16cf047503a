// The XML of Checkstyle, which many review tools read.
import { element, xmlDocument } from "./xml.js";
import { type Reporter, regionOf, wholeMessage } from "./model.js";

/** Findings by file, files without findings among them. */
export const checkstyleReport: Reporter = ({ texts }) =>
  xmlDocument(element("checkstyle", { version: "10.0" }, texts.map(({ source, path, findings }) =>
    element("file", { name: path }, findings.map(({ found }) => {
      const { startLine, startColumn } = regionOf(source, found);
      const severity = found.severity === "hint" ? "info" : found.severity;
      return element("error", { line: startLine, column: startColumn, severity, message: wholeMessage(found), source: `policy.${found.code}` });
    })))));
