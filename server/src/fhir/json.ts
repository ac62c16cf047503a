// Where a text stops being JSON. What reads JSON says so in words that differ between engines, and often without a place.

const TOKEN = /[\t\n\r ]*(?:([{}[\]:,])|("(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[\dA-Fa-f]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)|$)/uy;

/** The offset of the first thing that cannot stand where it does; the end of the text where something is missing there. */
export function placeOfMistake(text: string): number {
  const open: string[] = [];
  // What may come next: a value, a value or the end of an empty list, a key, a key or the end of an empty object, a colon, or what follows a value.
  let next: "value" | "first value" | "key" | "first key" | "colon" | "after" = "value";
  for (let at = text.startsWith("\uFEFF") ? 1 : 0; ;) {
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    if (match === null) return at + (/^[\t\n\r ]*/u.exec(text.slice(at, at + 100_000))?.[0].length ?? 0);
    const [whole, mark, string, other] = match;
    const start = at + whole.length - (mark ?? string ?? other ?? "").length;
    if (mark === undefined && string === undefined && other === undefined) return text.trimEnd().length;
    at = TOKEN.lastIndex;
    const inside = open.at(-1);
    if (next === "colon") {
      if (mark !== ":") return start;
      next = "value";
    } else if (next === "key" || next === "first key") {
      if (string !== undefined) next = "colon";
      else if (mark === "}" && next === "first key") [next] = ["after", open.pop()];
      else return start;
    } else if (next === "after") {
      if (mark === "," && inside !== undefined) next = inside === "{" ? "key" : "value";
      else if ((mark === "}" && inside === "{") || (mark === "]" && inside === "[")) open.pop();
      else return start;
    } else if (mark === "{" || mark === "[") {
      open.push(mark);
      next = mark === "{" ? "first key" : "first value";
    } else if (mark === "]" && next === "first value") [next] = ["after", open.pop()];
    else if (mark === undefined) next = "after";
    else return start;
  }
}
