// The page around a document in HTML that stands by itself, and text that is put into it.

/** Text for HTML, between tags and in attributes. */
export function escapedHtml(text: string): string {
  return text.replace(/&/gu, "&amp;").replace(/</gu, "&lt;").replace(/>/gu, "&gt;").replace(/"/gu, "&quot;");
}

/** A whole page: it needs no other file, runs nothing and loads nothing. `body` is HTML with a final line end. */
export function htmlPage({ title, style, kind, body }: { readonly title: string; readonly style: string; readonly kind: string; readonly body: string }): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escapedHtml(title)}</title>
<style>
${style}
</style>
</head>
<body>
<main class="${kind}">
${body}</main>
</body>
</html>
`;
}
