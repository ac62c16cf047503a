// XML as the report formats need it: elements with attributes and text, nothing that a parser could stumble over.

/** What XML 1.0 cannot hold, not even escaped: control characters and halves of surrogate pairs. */
const FORBIDDEN = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu;
const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&apos;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;" };

/** Text between tags; its line ends stay. */
const content = (text: string): string => text.replace(FORBIDDEN, "\ufffd").replace(/[&<>\r]/gu, (character) => ENTITIES[character]!);
/** The value of an attribute; its line ends are kept from becoming spaces. */
const value = (text: string): string => text.replace(FORBIDDEN, "\ufffd").replace(/[&<>"'\t\n\r]/gu, (character) => ENTITIES[character]!);

export type Attributes = Readonly<Record<string, string | number>>;

/** An element over as many lines as it has children. */
export function element(name: string, attributes: Attributes, children: readonly string[] = []): string {
  const open = `<${name}${Object.entries(attributes).map(([key, given]) => ` ${key}="${value(String(given))}"`).join("")}`;
  return children.length === 0 ? `${open}/>` : `${open}>\n${children.map((child) => child.replace(/^(?= *<)/gmu, "  ")).join("\n")}\n</${name}>`;
}

/** An element that holds text, on the lines that the text has. */
export const textElement = (name: string, attributes: Attributes, text: string): string => element(name, attributes, ["\0"]).replace("\n\0\n", () => content(text));

/** A document with its declaration and a final line end. */
export const xmlDocument = (root: string): string => `<?xml version="1.0" encoding="UTF-8"?>\n${root}\n`;
