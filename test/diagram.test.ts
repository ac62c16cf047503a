// The logic diagram: boxes for every criterion, marks of a case, bounded size, nothing that overlaps.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import fc from "fast-check";
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { runCase } from "../server/src/evaluate/run.js";
import { diagram } from "../server/src/render/diagram.js";
import { diagramStyle } from "../server/src/render/diagramstyle.js";
import { textLines, textWidth } from "../server/src/render/textbox.js";
import { analyze } from "../server/src/semantics/analyze.js";
import { policyText, SAMPLES, samplesIn } from "./support/core-fixtures.js";
import { workplace } from "./support/cli.js";
import { EXAMPLE } from "./support/fixture.js";

interface Drawn { readonly address: string; readonly line: number; readonly classes: readonly string[]; readonly x: number; readonly y: number; readonly width: number; readonly height: number }

function boxesOf(svg: string): readonly Drawn[] {
  return [...svg.matchAll(/<g class="(node [^"]*)" data-line="(\d+)" data-address="([^"]*)".*?<rect class="box" x="(\d+)" y="(\d+)" width="(\d+)" height="(\d+)"/gu)]
    .map(([, classes, line, address, x, y, width, height]) => ({ classes: classes!.split(" "), line: Number(line), address: address!, x: Number(x), y: Number(y), width: Number(width), height: Number(height) }));
}

describe("the logic diagram", () => {
  for (const sample of samplesIn(SAMPLES)) {
    test(`${sample.name}: every criterion has a box at its line, and no two overlap`, () => {
      const { analysis } = sample;
      const { svg, width, height, note } = diagram(analysis);
      assert.equal(note, undefined);
      assert.equal(XMLValidator.validate(svg), true);
      const boxes = boxesOf(svg);
      const criteria = analysis.criteria.filter((symbol) => symbol.role === "criterion");
      for (const symbol of criteria) {
        const line = sample.text.slice(0, symbol.node.start).split("\n").length - 1;
        assert.ok(boxes.some((box) => box.address === symbol.address && box.line === line), `${symbol.address} has no box at its line`);
      }
      for (const [i, a] of boxes.entries()) {
        assert.ok(a.x >= 0 && a.y >= 0 && a.x + a.width <= width && a.y + a.height <= height, `${a.address} is outside of the drawing`);
        for (const b of boxes.slice(i + 1)) assert.ok(a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y, `${a.address} and ${b.address} overlap`);
      }
    });

    test(`${sample.name}: boxes carry the outcomes of a case, in colour, sign and word`, () => {
      const { analysis } = sample;
      for (const policyCase of analysis.cases) {
        const { explanation } = runCase(analysis.policy!, policyCase);
        const { svg } = diagram(analysis, { explanation });
        const applies = new Map(explanation!.statements.map((statement) => [statement.address, statement.applies]));
        for (const box of boxesOf(svg).filter(({ classes }) => classes.includes("criterion") || classes.includes("statement"))) {
          const outcome = ["not met", "not applicable"].includes(applies.get(box.address) ?? "met") ? "not applicable" : explanation!.outcomes[box.address]!;
          assert.ok(box.classes.includes(`is-${outcome.replace(" ", "-")}`), `${box.address} is ${outcome}, not ${box.classes.join(" ")}`);
          assert.equal(box.classes.includes("deciding"), explanation!.path.includes(box.address), box.address);
        }
        assert.match(svg, new RegExp(`${explanation!.determination} — `, "u"));
      }
    });
  }

  const LISTS = policyText({ facts: ["age years", "score number", "pain yes/no"], criteria: `I. It is medically necessary when at least 2 of the following are met:
   A. One
      when age >= 18 years
      unless pain
   B. Two
      waived when pain
      when score >= 3
   C. None of the following:
      1. Three
      2. Four
   D. Five, exactly one of the following (not all-inclusive):
      if age < 11 years, all of the following:
         1. Six
         2. Seven
   E. Eight
      if pain
      when score = 1
` });

  test("lists, exceptions, waivers and guards are marked in words", () => {
    const { svg } = diagram(analyze(LISTS, "a.policy"));
    for (const words of ["at least 2 of", "none of", "exactly 1 of (open)", "unless pain", "waived when pain", "Only if pain", "if age &lt; 11 years, all of the following", "Says: medically necessary"]) assert.ok(svg.includes(words), words);
    for (const kind of ["exception", "waiver", "guard"]) assert.ok(boxesOf(svg).some((box) => box.classes.includes(kind)), kind);
  });

  test("it can be read aloud", () => {
    const { svg } = diagram(analyze(EXAMPLE, "a.policy"));
    assert.match(svg, /role="img" aria-labelledby="diagram-title diagram-desc"/u);
    assert.match(svg, /<title id="diagram-title">Logic of CP\.EX\.1 {2}Home oxygen therapy<\/title>/u);
    assert.match(svg, /aria-label="I\.B, One of the following \(not all-inclusive\), any of \(open\) 2 items"/u);
  });

  test("a large policy is folded, says so, and opens where it is asked to", () => {
    const branch = (depth: number): string => (depth === 0 ? "" : ["A", "B", "C", "D", "E"].map((_, i) => {
      const label = [["A", "B", "C", "D", "E"], ["1", "2", "3", "4", "5"], ["a", "b", "c", "d", "e"], ["i", "ii", "iii", "iv", "v"]][4 - depth]![i]!;
      return `${"   ".repeat(5 - depth)}${label}. Criterion${depth > 1 ? ", all of the following:" : ""}\n${branch(depth - 1)}`;
    }).join(""));
    const analysis = analyze(policyText({ criteria: `I. It is medically necessary when all of the following are met:\n${branch(4)}` }), "a.policy");
    assert.equal(analysis.criteria.length, 781);
    const whole = diagram(analysis);
    assert.equal(boxesOf(whole.svg).length, 31);
    assert.match(whole.note ?? "", /750 boxes are folded/u);
    assert.match(whole.svg, /\+ 30 more/u);
    const opened = diagram(analysis, { opened: ["I.A.1"] });
    assert.deepEqual(boxesOf(opened.svg).filter((box) => box.address.startsWith("I.A.1.")).map((box) => box.address), ["I.A.1.a", "I.A.1.b", "I.A.1.c", "I.A.1.d", "I.A.1.e"]);
    const statements = Array.from({ length: 300 }, (_, i) => `${["I", "II", "III"][i] ?? `${i}`}. It is medically necessary when criterion I is met.`);
    assert.ok(boxesOf(diagram(analyze(policyText({ criteria: statements.join("\n") }), "a.policy"), { most: 20 }).svg).length <= 20);
  });

  test("a file of its own has its colours written out; the view takes those of the theme", () => {
    const { svg } = diagram(analyze(EXAMPLE, "a.policy"), { standalone: true });
    assert.doesNotMatch(svg, /var\(/u);
    assert.match(svg, /<rect class="paper"/u);
    assert.match(diagramStyle(false), /var\(--vscode-editor-foreground, #1f2328\)/u);
    assert.doesNotMatch(diagram(analyze(EXAMPLE, "a.policy")).svg, /<style/u);
  });

  test("words are escaped, and broken text still gives a drawing", () => {
    const { svg } = diagram(analyze(EXAMPLE.replace("A. Age ≥ 18 years; and", 'A. <script>alert("&")</script> Age'), "a.policy"));
    assert.doesNotMatch(svg, /<script/u);
    assert.equal(XMLValidator.validate(svg), true);
    fc.assert(fc.property(fc.integer({ min: 0, max: EXAMPLE.length }), fc.integer({ min: 0, max: 80 }), (at, length) => {
      const drawn = diagram(analyze(EXAMPLE.slice(0, at) + EXAMPLE.slice(at + length), "a.policy"));
      assert.equal(XMLValidator.validate(drawn.svg), true);
      new XMLParser().parse(drawn.svg);
    }), { numRuns: 150 });
  });
});

describe("lines of a box", () => {
  test("fit the width and lose no word, but for what an ellipsis stands for", () => {
    fc.assert(fc.property(fc.array(fc.stringMatching(/^[a-zA-Z0-9≥%.-]{1,30}$/u), { minLength: 1, maxLength: 60 }), fc.integer({ min: 60, max: 300 }), (words, width) => {
      const text = words.join(" ");
      for (const line of textLines(text, width, 12, 1000)) assert.ok(textWidth(line, 12) <= width + 12);
      assert.equal(textLines(text, width, 12, 1000).join("").replace(/ /gu, ""), text.replace(/ /gu, ""));
      const few = textLines(text, width, 12, 3);
      assert.ok(few.length <= 3);
      if (textLines(text, width, 12, 1000).length > 3) assert.match(few.at(-1)!, /…$/u);
    }));
  });
});

test("`policy diagram` draws the policy, marked by a case where one is named", () => {
  const { policy, read, write, remove } = workplace();
  try {
    write("a.policy", EXAMPLE);
    const printed = policy(["diagram", "a.policy"]);
    assert.deepEqual([printed.code, printed.err], [0, ""]);
    assert.equal(XMLValidator.validate(printed.out), true);
    assert.doesNotMatch(printed.out, /class="[^"]*is-met|var\(/u);
    assert.match(printed.out, /Home oxygen is investigational when criterion I\.B is not met</u);
    const marked = policy(["diagram", "a.policy", "--case", "nothing measured", "--statement", "I", "--output-file", "a.svg"]);
    assert.deepEqual([marked.code, marked.err], [0, ""]);
    assert.match(read("a.svg"), /pend — information is missing.*is-unknown/su);
    assert.doesNotMatch(read("a.svg"), /data-address="II"/u);
    assert.match(policy(["diagram", "a.policy", "--case", "Nothing measure"]).err, /Did you mean “Nothing measured”/u);
    assert.equal(policy(["diagram", "a.policy", "--statement", "IX"]).code, 2);
  } finally {
    remove();
  }
});
