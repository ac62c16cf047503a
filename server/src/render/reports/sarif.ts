// SARIF 2.1.0, which GitHub code scanning and other services read: rules with their pages, places, fixes, fingerprints.
import type { ArtifactLocation, Fix as SarifFix, Log, Region as SarifRegion, ReportingDescriptor, Result } from "sarif";
import { type Diagnostic, DIAGNOSTICS, fixOf, isDiagnosticCode, type RelatedPlace, type Severity } from "../../diagnostic.js";
import { DOCS, pageUrl } from "../../lint/links.js";
import { lintRuleOf } from "../../lint/rules/index.js";
import type { Range } from "../../text.js";
import type { Source } from "../codeframe.js";
import { lintRulePage } from "../lintpage.js";
import { categoryOf, type ReportedFinding, type ReportedText, type Reporter, regionOf, wholeMessage } from "./model.js";

const LEVELS: Readonly<Record<Severity, "error" | "warning" | "note">> = { error: "error", warning: "warning", info: "note", hint: "note" };
const SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json";
/** More of a source line than this is no help to a reader. */
const LONGEST_SNIPPET = 400;

/** All findings as one run. */
export const sarifReport: Reporter = ({ texts, version }) => {
  const codes = [...new Set(texts.flatMap(({ findings }) => findings.map(({ found }) => found.code)))].sort();
  const indices = new Map(codes.map((code, index) => [code, index]));
  const log: Log = {
    $schema: SCHEMA,
    version: "2.1.0",
    runs: [{
      tool: { driver: { name: "policy lint", semanticVersion: version, informationUri: DOCS, rules: codes.map(descriptor) } },
      columnKind: "utf16CodeUnits",
      invocations: [{ executionSuccessful: true }],
      artifacts: texts.map((text) => ({ location: locationOf(text) })),
      results: texts.flatMap((text, index) => text.findings.map((finding) => resultOf(text, index, finding, indices.get(finding.found.code)!))),
    }],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
};

function descriptor(code: string): ReportingDescriptor {
  const rule = lintRuleOf(code);
  const meaning = rule?.summary ?? (isDiagnosticCode(code) ? DIAGNOSTICS[code][1] : code);
  const level = rule?.recommended ?? (isDiagnosticCode(code) ? DIAGNOSTICS[code][0] : "warning");
  return {
    id: code,
    name: code.replace(/(?:^|-)([a-z])/gu, (_, letter: string) => letter.toUpperCase()),
    shortDescription: { text: meaning },
    fullDescription: { text: rule === undefined ? meaning : `${meaning} ${plainWords(rule.why)}` },
    help: { text: rule === undefined ? meaning : plainWords(rule.why), markdown: rule === undefined ? meaning : lintRulePage(rule, pageUrl).replaceAll("](README.md#", `](${DOCS}lint/README.md#`) },
    helpUri: pageUrl(code),
    defaultConfiguration: level === "off" ? { enabled: false, level: "none" } : { enabled: true, level: LEVELS[level] },
    properties: { category: categoryOf(code), tags: [categoryOf(code)] },
  };
}

/** Markdown as plain words on one line. */
const plainWords = (markdown: string): string => markdown.replace(/\[([^\]]+)\]\([^)]*\)/gu, "$1").replace(/[`*]/gu, "").replace(/\s+/gu, " ").trim();

function resultOf(text: ReportedText, index: number, { found, fingerprint }: ReportedFinding, ruleIndex: number): Result {
  const { source } = text;
  const fix = fixOf(found);
  const artifactLocation = { ...locationOf(text), index };
  return {
    ruleId: found.code,
    ruleIndex,
    level: LEVELS[found.severity],
    message: { text: wholeMessage(found) },
    locations: [{ physicalLocation: { artifactLocation, region: { ...region(source, found), snippet: { text: source.text.slice(found.start, Math.min(found.end, found.start + LONGEST_SNIPPET)) } } } }],
    ...((found.related ?? []).length === 0 ? {} : { relatedLocations: found.related!.map((place, id) => ({ id, message: { text: place.message }, physicalLocation: placeOf(text, artifactLocation, place) })) }),
    // The first is read by GitHub, the second is ours, so that a later way of counting can stand beside it.
    partialFingerprints: { primaryLocationLineHash: fingerprint, "policyLint/v1": fingerprint },
    ...(fix === undefined ? {} : { fixes: [sarifFix(source, artifactLocation, fix.title, fix.edits)] }),
    ...(fix === undefined ? {} : { properties: { safeFix: fix.safe } }),
  };
}

function sarifFix(source: Source, artifactLocation: ArtifactLocation, title: string, edits: NonNullable<Diagnostic["fix"]>["edits"]): SarifFix {
  return {
    description: { text: title },
    artifactChanges: [{ artifactLocation, replacements: edits.map((edit) => ({ deletedRegion: region(source, edit), insertedContent: { text: edit.text } })) }],
  };
}

/** A related place: in the text itself, or in another file, whose path counts from where that of the text does. */
function placeOf({ path, source }: ReportedText, here: ArtifactLocation, place: RelatedPlace): { readonly artifactLocation: ArtifactLocation; readonly region: SarifRegion } {
  if (place.file === undefined) return { artifactLocation: here, region: region(source, place) };
  const root = path.endsWith(source.path) ? path.slice(0, path.length - source.path.length) : "";
  return { artifactLocation: locationOf({ path: root + place.file.uri }), region: region(place.file, place) };
}

const region = (source: Pick<Source, "lines">, range: Range): SarifRegion => ({ ...regionOf(source, range), charOffset: range.start, charLength: range.end - range.start });

/** A path as a URI: relative to the root of the sources, or a `file:` URI where it lies elsewhere. */
function locationOf({ path }: Pick<ReportedText, "path">): ArtifactLocation {
  const encoded = path.split("/").map(encodeURIComponent).join("/");
  if (/^[a-z]:\//iu.test(path)) return { uri: `file:///${path[0]}:${encoded.slice(encoded.indexOf("/"))}` };
  return path.startsWith("/") ? { uri: `file://${encoded}` } : { uri: encoded, uriBaseId: "%SRCROOT%" };
}
