// Text from records for messages, case files and terminals: on one line, without control characters, and not longer than it may be.

/** A text that can be shown. */
export function cleaned(text: string, longest: number): string {
  const line = text.slice(0, longest * 4).replace(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029\s]+/gu, " ").trim();
  return line.length <= longest ? line : `${line.slice(0, longest - 1).trimEnd()}…`;
}
