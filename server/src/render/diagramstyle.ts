// The style of the logic diagram: colours of the editor's theme in the view, plain ones in a file.

/** Each colour as a variable of the editor, and the one that stands for it elsewhere. */
const COLOURS = {
  paper: ["--vscode-editor-background", "#ffffff"],
  ink: ["--vscode-editor-foreground", "#1f2328"],
  quiet: ["--vscode-descriptionForeground", "#57606a"],
  line: ["--vscode-editorLineNumber-foreground", "#8c959f"],
  box: ["--vscode-editorWidget-background", "#f6f8fa"],
  frame: ["--vscode-contrastBorder", "#8c959f"],
  met: ["--vscode-charts-green", "#1a7f37"],
  unknown: ["--vscode-editorWarning-foreground", "#9a6700"],
  pill: ["--vscode-badge-background", "#4d5a67"],
  pillText: ["--vscode-badge-foreground", "#ffffff"],
  focus: ["--vscode-focusBorder", "#0969da"],
} as const;

/** The style sheet; `plain` has the colours themselves, for programs that know no variables. */
export function diagramStyle(plain: boolean): string {
  const colour = (name: keyof typeof COLOURS): string => (plain ? COLOURS[name][1] : `var(${COLOURS[name][0]}, ${COLOURS[name][1]})`);
  return `.policy-diagram text { font-size: 12px; fill: ${colour("ink")}; }
.policy-diagram .paper { fill: ${colour("paper")}; }
.policy-diagram .title { font-size: 16px; font-weight: 600; }
.policy-diagram .subtitle, .policy-diagram .legend { fill: ${colour("quiet")}; }
.policy-diagram .legend { font-size: 11px; }
.policy-diagram .box { fill: ${colour("box")}; stroke: ${colour(plain ? "line" : "frame")}; stroke-width: 1; }
.policy-diagram .statement > .box { stroke-width: 1.5; }
.policy-diagram .label { font-weight: 700; }
.policy-diagram .small { font-size: 10.5px; fill: ${colour("quiet")}; }
.policy-diagram .sign { font-size: 14px; font-weight: 700; }
.policy-diagram .edge { fill: none; stroke: ${colour("line")}; stroke-width: 1.25; }
.policy-diagram .edge.exception, .policy-diagram .edge.waiver, .policy-diagram .edge.guard { stroke-dasharray: 5 3; }
.policy-diagram .exception > .box, .policy-diagram .waiver > .box, .policy-diagram .guard > .box { stroke-dasharray: 5 3; }
.policy-diagram .exception > text, .policy-diagram .waiver > text, .policy-diagram .guard > text { font-style: italic; }
.policy-diagram .is-met > .box { stroke: ${colour("met")}; stroke-width: 2; }
.policy-diagram .is-met > .sign { fill: ${colour("met")}; }
.policy-diagram .is-not-met > .box { stroke: ${colour("line")}; stroke-width: 1.5; }
.policy-diagram .is-not-met > .sign { fill: ${colour("quiet")}; }
.policy-diagram .is-unknown > .box { stroke: ${colour("unknown")}; stroke-width: 1.5; stroke-dasharray: 2 2; }
.policy-diagram .is-unknown > .sign { fill: ${colour("unknown")}; }
.policy-diagram .is-not-applicable > .box { stroke-opacity: 0.5; fill-opacity: 0.4; }
.policy-diagram .is-not-applicable > text { fill: ${colour("quiet")}; }
.policy-diagram .deciding > .box { stroke-width: 3.5; }
.policy-diagram .junction rect { fill: ${colour("pill")}; stroke: ${plain ? "none" : "var(--vscode-contrastBorder, none)"}; }
.policy-diagram .junction text { font-size: 10.5px; font-style: normal; fill: ${colour("pillText")}; }
.policy-diagram .node[tabindex] { cursor: pointer; outline: none; }
.policy-diagram .node.here > .box { fill: ${plain ? COLOURS.box[1] : "var(--vscode-editor-selectionHighlightBackground, var(--vscode-editor-selectionBackground, #ddf4ff))"}; }
.policy-diagram .node.here .label { text-decoration: underline; }
.policy-diagram .node:focus-visible > .box { stroke: ${colour("focus")}; stroke-width: 3; stroke-dasharray: none; }`;
}
