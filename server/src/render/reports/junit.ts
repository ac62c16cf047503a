// JUnit XML: each file a test suite, each finding a test; what does not fail the run is no failure.
import { pageUrl } from "../../lint/links.js";
import { placeText } from "../codeframe.js";
import { atLeast, type ReportedFinding, type ReportedText, type Reporter, regionOf, wholeMessage } from "./model.js";
import { element, textElement, xmlDocument } from "./xml.js";

/** Test suites by file; a file without findings is one test that passes. */
export const junitReport: Reporter = ({ texts, failLevel }) => {
  const fails = ({ found }: ReportedFinding): boolean => atLeast(found.severity, failLevel);
  const testsOf = (text: ReportedText): number => Math.max(1, text.findings.length);
  const suite = (text: ReportedText): string => {
    const { source, path, findings } = text;
    const cases = findings.map((finding) => {
      const { found } = finding;
      const { startLine, startColumn } = regionOf(source, found);
      const body = `${placeText({ ...source, path }, found.start)}\n${wholeMessage(found)}\n${pageUrl(found.code)}`;
      const result = fails(finding) ? textElement("failure", { type: found.severity, message: found.message }, body) : textElement("system-out", {}, `${found.severity}: ${body}`);
      return element("testcase", { name: `${found.code} (${startLine}:${startColumn})`, classname: path, file: path, line: startLine }, [result]);
    });
    return element("testsuite", { name: path, tests: testsOf(text), failures: findings.filter(fails).length, errors: 0, skipped: 0 }, cases.length > 0 ? cases : [element("testcase", { name: "policy lint", classname: path })]);
  };
  const total = { tests: texts.reduce((sum, text) => sum + testsOf(text), 0), failures: texts.reduce((sum, text) => sum + text.findings.filter(fails).length, 0) };
  return xmlDocument(element("testsuites", { name: "policy lint", ...total, errors: 0 }, texts.map(suite)));
};
