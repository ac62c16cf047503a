// The style of the policy preview: the colours of the editor where there is one, ink on paper in print.

/** One style sheet for the view in the editor, the saved page and the printed one. */
export const PREVIEW_STYLE = `:root { color-scheme: light dark; }
body { margin: 0; padding: 0; background: var(--vscode-editor-background, Canvas); color: var(--vscode-editor-foreground, CanvasText); }
.policy-document { max-width: 52rem; margin: 0 auto; padding: 1.5rem 2rem 4rem; font: 15px/1.55 var(--vscode-markdown-font-family, "Segoe UI", "Helvetica Neue", Helvetica, Arial, sans-serif); overflow-wrap: break-word; }
.policy-document header { border-bottom: 2px solid currentColor; margin-bottom: 1.5rem; padding-bottom: 1rem; }
.policy-document h1 { font-size: 1.7rem; line-height: 1.25; margin: 0.2rem 0; }
.policy-document h2 { font-size: 1.25rem; margin: 2rem 0 0.6rem; padding-bottom: 0.2rem; border-bottom: 1px solid var(--vscode-widget-border, #8884); }
.policy-document h3 { font-size: 1rem; margin: 1.2rem 0 0.4rem; }
.policy-document p { margin: 0 0 0.6rem; }
.policy-document .plan, .policy-document .number { margin: 0; color: var(--vscode-descriptionForeground, GrayText); }
.policy-document .fields { display: grid; grid-template-columns: repeat(auto-fill, minmax(11rem, 1fr)); gap: 0.5rem 1.5rem; margin: 1rem 0 0; }
.policy-document .fields dt { font-size: 0.8rem; color: var(--vscode-descriptionForeground, GrayText); }
.policy-document .fields dd { margin: 0; }
.policy-document a { color: var(--vscode-textLink-foreground, LinkText); text-decoration-thickness: 1px; }
.policy-document a:focus-visible { outline: 2px solid var(--vscode-focusBorder, Highlight); outline-offset: 2px; }
.policy-document sup { line-height: 0; font-size: 0.75em; margin-left: 0.1em; }
.policy-document sup a { text-decoration: none; }
.policy-document ul.criteria, .policy-document .references ol { list-style: none; margin: 0.2rem 0 0.5rem; padding: 0; }
.policy-document ul.criteria > li, .policy-document .references li { display: grid; grid-template-columns: minmax(2.1em, max-content) 1fr; column-gap: 0.4em; margin: 0.25rem 0; }
.policy-document ul.criteria > li > div > p { margin: 0 0 0.25rem; }
.policy-document ul.statements > li { margin-top: 0.9rem; }
.policy-document .note { border-left: 3px solid var(--vscode-textBlockQuote-border, #8888); padding-left: 0.7em; }
.policy-document .lead { margin: 0.4rem 0 0.2rem; font-style: italic; }
.policy-document .condition { margin: 0 0 0.25rem; font: 0.85em/1.5 var(--vscode-editor-font-family, Consolas, monospace); color: var(--vscode-descriptionForeground, GrayText); }
.policy-document table { border-collapse: collapse; width: 100%; margin: 0.6rem 0 1.2rem; }
.policy-document caption { text-align: left; font-weight: 600; padding: 0.3rem 0; }
.policy-document th, .policy-document td { border: 1px solid var(--vscode-widget-border, #8886); padding: 0.3rem 0.55rem; text-align: left; vertical-align: top; }
.policy-document tbody th { font-weight: 600; white-space: nowrap; }
.policy-document thead th { background: var(--vscode-editorWidget-background, #8881); }
.policy-document .notice { font-size: 0.8rem; color: var(--vscode-descriptionForeground, GrayText); }
.policy-document :target { background: var(--vscode-editor-findMatchHighlightBackground, #ffd54f66); }
.vscode-high-contrast .policy-document th, .vscode-high-contrast .policy-document td, .vscode-high-contrast .policy-document h2 { border-color: var(--vscode-contrastBorder); }
@media print {
  :root { color-scheme: light; }
  @page { margin: 2cm 1.8cm; }
  body { background: #fff; color: #000; }
  .policy-document { max-width: none; padding: 0; font-size: 10.5pt; }
  .policy-document a { color: inherit; text-decoration: none; }
  .policy-document h1, .policy-document h2, .policy-document h3, .policy-document caption, .policy-document .lead { break-after: avoid; }
  .policy-document tr, .policy-document .references li, .policy-document .fields div { break-inside: avoid; }
  .policy-document p { orphans: 3; widows: 3; }
  .policy-document thead { display: table-header-group; }
  .policy-document thead th { background: #eee; -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  .policy-document .plan, .policy-document .number, .policy-document .fields dt, .policy-document .condition, .policy-document .notice { color: #333; }
}`;
