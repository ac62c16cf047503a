// "Did you mean …?": the nearest of several names.

/** The name nearest to what was written, where one is near enough to be meant. */
export async function nearest(written: string, names: readonly string[]): Promise<string | undefined> {
  const { distance } = await import("fastest-levenshtein");
  const wanted = written.toLowerCase();
  let best: string | undefined;
  let least = Math.max(2, Math.floor(written.length / 3)) + 1;
  for (const name of names) {
    const lower = name.toLowerCase();
    const apart = lower.includes(wanted) && wanted.length > 2 ? 1 : distance(wanted, lower);
    if (apart < least) {
      least = apart;
      best = name;
    }
  }
  return best;
}
