// Writes server/data/spelling.bin: the words that `server/src/lint/spelling.ts` tells likely typos by. `--print` tells the sizes alone.
//
// A typo is a word one slip away from a common word. So the file holds two kinds of words and no others: common words, which
// may be what was meant, and known words that are one slip away from a common word, which are no typos. The rest of English
// and of the sciences need not be in it: what is like no common word is never reported.
import { decodeTrie } from "cspell-trie-lib";
import { words as popular } from "popular-english-words";
import { readFileSync, writeFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { spellingStamp } from "./spelling/stamp.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const folderOf = (name) => join(root, "node_modules", name);

/** Words of this length and more are looked at; shorter ones are too near to one another. Also in `spelling.ts`. */
const SHORTEST = 5;
/** Of words up to this length only doubled letters and letters that changed places are told. Also in `spelling.ts`. */
const SHORT = 6;
/** Letters that make another form of a word when they end it. Also in `spelling.ts`. */
const OFTEN_LAST = "aeiymsdr";
/** Glued before a word, the space forgotten. Also in `spelling.ts`. */
const GLUED = ["in", "of", "to", "the", "and", "for", "with"];

/** The words of a dictionary; names, which it has in lower case behind a tilde, among them or not. */
function wordsOf(name, file, names) {
  const all = [...decodeTrie(gunzipSync(readFileSync(join(folderOf(name), file)))).words()];
  return new Set((names ? all.map((word) => word.replace(/^~/u, "")) : all).filter((word) => /^[a-z]{3,}$/u.test(word)));
}
const textOf = (...path) => readFileSync(join(root, ...path), "utf8").replaceAll("\r\n", "\n");
const lines = (file) => textOf("scripts/spelling", file).split("\n").filter((line) => line !== "" && !line.startsWith("#")).flatMap((line) => line.split(/\s+/u));

const english = wordsOf("@cspell/dict-en_us", "en_US.trie.gz", false);
const names = wordsOf("@cspell/dict-en_us", "en_US.trie.gz", true);
const science = wordsOf("@cspell/dict-scientific-terms-us", "dict/custom_scientific_US.trie.gz", true);
const clinical = lines("clinical-words.txt");
const known = new Set([...names, ...science, ...clinical]);

const common = new Set(clinical.filter((word) => word.length >= SHORTEST));
popular.getMostPopular(1e9).forEach((word, rank) => {
  const lower = word.toLowerCase();
  if (/^[a-z]{5,}$/u.test(lower) && (english.has(lower) || (lower.length >= 8 && science.has(lower))) && rank < (lower.length >= 8 ? 80_000 : 25_000)) common.add(lower);
});

// ── Words one slip away from a common word ────────────────────────────────────────────────────────────────────────────
// A slip: one letter too many, too few or wrong, or two that changed places; the first letter stays unless it changed places. The
// last letter tells the forms of a word apart, so that a slip there says little.
const byDeletion = new Map();
const put = (key, word) => {
  const found = byDeletion.get(key);
  if (found === undefined) byDeletion.set(key, word);
  else if (typeof found === "string") byDeletion.set(key, [found, word]);
  else found.push(word);
};
for (const word of common) {
  put(word, word);
  for (let i = 0; i < word.length; i++) put(word.slice(0, i) + word.slice(i + 1), word);
}
function oneSlip(word, meant) {
  if (word === meant || Math.abs(word.length - meant.length) > 1) return false;
  let i = 0;
  while (i < word.length && i < meant.length && word[i] === meant[i]) i++;
  let x = word.length - 1;
  let y = meant.length - 1;
  while (x >= i && y >= i && word[x] === meant[y]) { x--; y--; }
  if (word.length === meant.length) return (x === i && i > 0 && i < word.length - 1 && word.length > SHORT) || (x === i + 1 && word[i] === meant[i + 1] && word[i + 1] === meant[i]);
  const [longer, at] = word.length > meant.length ? [word, x] : [meant, y];
  if ((word.length > meant.length ? y >= i : x >= i) || i === 0) return false;
  return longer[at] === longer[at - 1] || (word.length > SHORT && (i < longer.length - 1 || (meant === longer && !OFTEN_LAST.includes(longer.at(-1)))));
}
const near = (word) => {
  const among = (key) => {
    const found = byDeletion.get(key);
    return found !== undefined && (typeof found === "string" ? oneSlip(word, found) : found.some((other) => oneSlip(word, other)));
  };
  if (among(word)) return true;
  for (let i = 0; i < word.length; i++) if (among(word.slice(0, i) + word.slice(i + 1))) return true;
  return false;
};
/** What is in a dictionary as a name and is mostly a slip. */
const SLIPS = new Set(["hopital"]);
const looksGlued = (word) => GLUED.some((prefix) => word.startsWith(prefix) && common.has(word.slice(prefix.length)));

const spared = new Set();
const spare = (word) => {
  if (word.length >= SHORTEST && !SLIPS.has(word) && !common.has(word) && !spared.has(word) && (near(word) || looksGlued(word))) spared.add(word);
};
for (const word of known) {
  spare(word);
  if (!names.has(word) && !word.endsWith("s")) spare(`${word}s`);
}
for (const word of lines("no-typos.txt")) { spared.add(word); common.delete(word); }

// ── A minimal automaton of both, with marks behind the words: `{` a common one, `|` another one ─────────────────────────
const COMMON = "{";
const SPARED = "|";
const entries = [...common].map((word) => word + COMMON).concat([...spared].map((word) => word + SPARED)).sort();

/** Daciuk and others 2000, incremental construction of minimal acyclic automata from sorted words. */
function automaton(sorted) {
  const register = new Map();
  let ids = 0;
  const node = () => ({ edges: [], id: -1 });
  const start = node();
  const freeze = (state) => {
    const key = state.edges.map(([letter, target]) => letter + target.id).join();
    const same = register.get(key);
    if (same !== undefined) return same;
    state.id = ids++;
    register.set(key, state);
    return state;
  };
  let path = [start];
  let before = "";
  const settle = (depth) => {
    while (path.length - 1 > depth) {
      const state = path.pop();
      const parent = path[path.length - 1];
      parent.edges[parent.edges.length - 1][1] = freeze(state);
    }
  };
  for (const word of sorted) {
    let shared = 0;
    while (shared < before.length && before[shared] === word[shared]) shared++;
    settle(shared);
    for (let i = shared; i < word.length; i++) {
      const next = node();
      path[path.length - 1].edges.push([word[i], next]);
      path.push(next);
    }
    before = word;
  }
  settle(0);
  return start;
}

/** Edges of a node stand side by side: bits 0-4 the letter, 5 whether it is the node's last, 6-31 where the target's edges begin. */
function packed(start) {
  const places = new Map();
  const order = [];
  let size = 1;
  const place = (state) => {
    const waiting = [state];
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      if (places.has(next) || next.edges.length === 0) continue;
      places.set(next, size);
      size += next.edges.length;
      order.push(next);
      for (const [, target] of next.edges) waiting.push(target);
    }
  };
  place(start);
  const bytes = Buffer.alloc(size * 3);
  const write = (at, value) => bytes.writeUIntLE(value, at * 3, 3);
  for (const state of order) {
    state.edges.forEach(([letter, target], i) => {
      const to = places.get(target) ?? 0;
      write(places.get(state) + i, (letter.charCodeAt(0) - 97) | (i === state.edges.length - 1 ? 32 : 0) | (to << 6));
    });
  }
  if (size >= 1 << 18) throw new Error(`${size} edges are more than 18 bits can number`);
  write(0, size & 0xffffff);
  return bytes;
}

const bytes = Buffer.concat([packed(automaton(entries)), spellingStamp()]);
console.log(`${common.size} common words, ${spared.size} spared, ${bytes.length} bytes`);
if (!process.argv.includes("--print")) writeFileSync(join(root, "server/data/spelling.bin"), bytes);
