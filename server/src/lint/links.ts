// Where the page of a finding stands on the web: the one place that knows.
import { isDiagnosticCode } from "../diagnostic.js";

/** The project's documentation. */
export const DOCS = "https://github.com/clinical-policy/clinical-policy/blob/main/docs/";

/** The page of a lint rule, or the row of a diagnostic in the list of all. */
export const pageUrl = (code: string): string => DOCS + (isDiagnosticCode(code) ? `diagnostics.md#${code}` : `lint/${code}.md`);
