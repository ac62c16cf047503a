// The code quality report of GitLab (the Code Climate format as GitLab reads it).
import type { Severity } from "../../diagnostic.js";
import { type Reporter, regionOf, wholeMessage } from "./model.js";

const SEVERITIES: Readonly<Record<Severity, string>> = { error: "major", warning: "minor", info: "info", hint: "info" };

/** Findings as a JSON list; fingerprints are unique across files, as GitLab needs them. */
export const gitlabReport: Reporter = ({ texts }) => {
  const issues = texts.flatMap(({ source, path, findings }) => findings.map(({ found, fingerprint }) => {
    const { startLine, endLine } = regionOf(source, found);
    return {
      description: wholeMessage(found),
      check_name: found.code,
      fingerprint: `${fingerprint}-${path}`,
      severity: SEVERITIES[found.severity],
      location: { path, lines: { begin: startLine, end: endLine } },
    };
  }));
  return `${JSON.stringify(issues, undefined, 2)}\n`;
};
