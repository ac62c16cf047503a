// The server as a web worker: the same answers without Node, with files that only the editor reaches; and bundles that hold nothing of Node.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { builtinModules, createRequire } from "node:module";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { createContext, Script } from "node:vm";
import type { CompletionItem, Diagnostic, Hover } from "vscode-languageserver-protocol";
import { EVALUATE, type EvaluateResult, PREVIEW, type PreviewResult } from "../server/src/lsp/protocol.js";
import { pathIn } from "../server/src/lsp/clientfiles.js";
import { ROOT, startClient, type TestClient } from "./support/client.js";
import { startWorker, type TestWorker, WORKER } from "./support/worker.js";

const FOLDER = "vscode-vfs://github/example/policies";
const POLICY_URI = `${FOLDER}/oxygen.policy`;
const CASES_URI = `${FOLDER}/oxygen.case.yaml`;
const POLICY = `policy CP.EX.1 "Home oxygen therapy"
  effective  2025-06-19

description
  This policy is about oxygen that a pateint recieves at home.

facts
  age         years  "Age on the date of service"
  saturation  %      "Oxygen saturation at rest"
  output      mL/min/{1.73_m2}  "A unit that is not among the common ones"
  pressure    [in_i'H2O]        "Another one"

criteria
I. Home oxygen is medically necessary when all of the following are met:
   A. Age ≥ 18 years; and
      when age >= 18 years
   B. Saturation at rest ≤ 88 %
      when saturation <= 88 %

cases
  case "Saturation of 86 percent"
    on 2025-07-01
    age = 64 years
    saturation = 86 %
    expect approve by I.B
`;
const CASES = "cases:\n  - name: Too well\n    on: 2025-07-01\n    facts:\n      age: 64 years\n      saturation: 95 %\n    expect:\n      determination: refer\n";
const CONFIG = "rules:\n  typo: error\n";

const place = (text: string, words: string, into = 0): { line: number; character: number } => {
  const at = text.indexOf(words) + into;
  const before = text.slice(0, at).split("\n");
  return { line: before.length - 1, character: before.at(-1)!.length };
};

describe("the server in a web worker", () => {
  let worker: TestWorker;
  const pull = async (uri: string): Promise<readonly Diagnostic[]> => (await worker.connection.sendRequest<{ items: Diagnostic[] }>("textDocument/diagnostic", { textDocument: { uri } })).items;

  before(async () => {
    worker = await startWorker({ texts: new Map([[CASES_URI, CASES], [POLICY_URI, POLICY], [`${FOLDER}/policy.config.yaml`, CONFIG], ["memory:/policy.config.yaml", "rules:\n  typo: off\n"]]) }, FOLDER);
    worker.open(POLICY_URI, POLICY);
  });

  test("says what it can do, as the one on Node does", async () => {
    const node: TestClient = await startClient({ commands: true });
    try {
      assert.deepEqual(worker.initialized, node.initialized);
    } finally {
      await node.stop();
    }
  });

  test("finds mistakes, slips of spelling among them, by the configuration of the folder", async () => {
    const found = await pull(POLICY_URI);
    const words = found.filter(({ code }) => code === "typo").map(({ range, severity }) => [POLICY.split("\n")[range.start.line]!.slice(range.start.character, range.end.character), severity]);
    assert.deepEqual(words, [["pateint", 1], ["recieves", 1]]);
    assert.ok(worker.asked.includes("policy/dataFile spelling.bin"));
    assert.deepEqual(found.filter(({ code }) => code === "unknown-unit"), [], "units outside the common table are known");
    worker.open(`${FOLDER}/other.policy`, POLICY.replace("mL/min/{1.73_m2}", "mLs/minn"));
    assert.equal((await pull(`${FOLDER}/other.policy`)).find(({ code }) => code === "unknown-unit")?.severity, 1);
  });

  test("a configuration is found above a policy also where places have no host", async () => {
    worker.open("memory:/plans/oxygen.policy", POLICY);
    assert.deepEqual((await pull("memory:/plans/oxygen.policy")).filter(({ code }) => code === "typo"), []);
    assert.ok(worker.asked.includes("policy/readFile memory:/policy.config.yaml"));
  });

  test("hovers and completes", async () => {
    const hover = await worker.connection.sendRequest<Hover>("textDocument/hover", { textDocument: { uri: POLICY_URI }, position: place(POLICY, "saturation <=", 3) });
    assert.match(JSON.stringify(hover), /number in %.*Oxygen saturation at rest/su);
    const items = await worker.connection.sendRequest<CompletionItem[] | { items: CompletionItem[] }>("textDocument/completion", { textDocument: { uri: POLICY_URI }, position: place(POLICY, "when age", 5) });
    const labels = (Array.isArray(items) ? items : items.items).map(({ label }) => label);
    assert.ok(labels.includes("saturation") && labels.includes("pressure"), labels.join(", "));
  });

  test("evaluates cases as they are typed, and those of a case file that is not open", async () => {
    const one = await worker.connection.sendRequest<EvaluateResult>(EVALUATE, { uri: POLICY_URI, at: place(POLICY, 'case "') });
    assert.deepEqual(one.cases.map(({ name, determination, status }) => [name, determination, status]), [["Saturation of 86 percent", "approve", "passed"]]);
    worker.open(CASES_URI, CASES);
    const beside = await worker.connection.sendRequest<EvaluateResult>(EVALUATE, { uri: CASES_URI });
    assert.equal(beside.problem, undefined);
    assert.deepEqual(beside.cases.map(({ name, status }) => [name, status]), [["Too well", "passed"]]);
    assert.equal(beside.policyUri, POLICY_URI);
  });

  test("finds the policies of the workspace, and goes from one to the other", async () => {
    const symbols = await worker.connection.sendRequest<{ name: string; location: { uri: string } }[]>("workspace/symbol", { query: "oxygen therapy" });
    assert.ok(symbols.some(({ location }) => location.uri === POLICY_URI), JSON.stringify(symbols).slice(0, 300));
  });

  test("makes the preview and the pictures without a file of its own", async () => {
    const preview = await worker.connection.sendRequest<PreviewResult>(PREVIEW, { uri: POLICY_URI, conditions: true });
    assert.match(preview.title, /CP\.EX\.1/u);
  });

  test("an unsaved text asks for no file", async () => {
    const before = worker.asked.length;
    worker.open("untitled:Untitled-1", POLICY);
    assert.ok((await pull("untitled:Untitled-1")).length > 0);
    assert.deepEqual(worker.asked.slice(before).filter((each) => each.includes("untitled")), []);
  });

  test("nothing went wrong on the way, and it ends itself when it is told to", async () => {
    assert.deepEqual(worker.log.filter((line) => /error|TypeError|not defined/iu.test(line)), []);
    await worker.connection.sendRequest("shutdown");
    await worker.connection.sendNotification("exit");
    await new Promise((done) => setTimeout(done, 50));
    assert.ok(worker.closed());
  });
});

describe("files that only the editor reaches, for the server on Node", () => {
  let node: TestClient;
  after(() => node.stop());

  test("a case file of a repository on the web finds its policy, which is not open", async () => {
    node = await startClient({ commands: true });
    const texts = new Map([[CASES_URI, CASES], [POLICY_URI, POLICY]]);
    const asked: string[] = [];
    node.connection.onRequest("policy/readFile", ({ uri }: { uri: string }) => (asked.push(uri), texts.get(uri) ?? null));
    node.connection.onRequest("policy/filesIn", () => ["oxygen.case.yaml", "oxygen.policy"]);
    node.connection.onRequest("policy/fileExists", ({ uri }: { uri: string }) => texts.has(uri));
    node.open(CASES_URI, CASES, "yaml");
    const result = await node.connection.sendRequest<EvaluateResult>(EVALUATE, { uri: CASES_URI });
    assert.deepEqual(result.cases.map(({ status }) => status), ["passed"], result.problem);
    assert.ok(asked.includes(POLICY_URI));
  });

  test("an editor that does not know the requests has no such files, and says so in words", async () => {
    const other = await startClient();
    try {
      other.open(CASES_URI, CASES, "yaml");
      const result = await other.connection.sendRequest<EvaluateResult>(EVALUATE, { uri: CASES_URI });
      assert.equal(result.cases.length, 0);
      assert.match(result.problem ?? "", /policy/u);
    } finally {
      await other.stop();
    }
  });
});

describe("paths of the settings", () => {
  test("stand in the workspace's folder, whatever its scheme; a uri stands for itself", () => {
    assert.equal(pathIn(FOLDER, "codes/cpt 2025.txt"), `${FOLDER}/codes/cpt%202025.txt`);
    assert.equal(pathIn(`${FOLDER}/`, "${workspaceFolder}/codes.txt"), `${FOLDER}/codes.txt`);
    assert.equal(pathIn(FOLDER, "../codes.txt"), "vscode-vfs://github/example/codes.txt");
    assert.equal(pathIn("memory:/plans", "..\\codes.txt"), "memory:/codes.txt");
    assert.equal(pathIn(FOLDER, "memory://x/codes.txt"), "memory://x/codes.txt");
    assert.doesNotThrow(() => pathIn(undefined, "codes.txt"));
  });
});

describe("the bundles for the browser", () => {
  const CLIENT = join(ROOT, "client/dist/browser/extension.js");

  test("hold nothing of Node, and make no code from text", () => {
    for (const file of [WORKER, CLIENT]) {
      const text = readFileSync(file, "utf8");
      const needed = [...text.matchAll(/\brequire\(\s*["'`]([^"'`]+)["'`]\s*\)/gu)].map((match) => match[1]!).filter((name) => name !== "vscode");
      assert.deepEqual(needed, [], file);
      for (const name of builtinModules) assert.ok(!text.includes(`"node:${name}"`), `${file}: node:${name}`);
      assert.doesNotMatch(text, /\bnew Function\(|(?<![\w.$])eval\(|\bimportScripts\(/u, file);
    }
  });

  test("the extension's loads where there is nothing but the editor and what a worker has", () => {
    const asked: string[] = [];
    const module = { exports: {} as { activate?: unknown } };
    const globals: Record<string, unknown> = {
      module, exports: module.exports, setTimeout, clearTimeout, queueMicrotask, performance, TextDecoder, TextEncoder, URL, console, crypto, btoa, atob,
      require: (name: string) => (asked.push(name), editor()),
    };
    globals["self"] = globals;
    new Script(readFileSync(CLIENT, "utf8"), { filename: CLIENT }).runInContext(createContext(globals, { codeGeneration: { strings: false, wasm: false } }));
    assert.equal(typeof (module.exports as { activate?: unknown }).activate, "function");
    assert.deepEqual([...new Set(asked)], ["vscode"]);
  });

  test("are named in the manifest and are part of the package", () => {
    const manifest = createRequire(join(ROOT, "package.json"))("./package.json") as { browser: string; files: readonly string[] };
    assert.equal(manifest.browser, "./client/dist/browser/extension.js");
    for (const name of ["client/dist/browser/extension.js", "server/dist/worker.js", "server/data/spelling.bin"]) assert.ok(manifest.files.includes(name), name);
  });
});

/** An editor of which everything can be asked and extended, and which does nothing. */
function editor(): unknown {
  const made = new Map<PropertyKey, unknown>();
  return new Proxy(class {}, {
    get(target, key) {
      if (key in target) return Reflect.get(target, key) as unknown;
      if (!made.has(key)) made.set(key, editor());
      return made.get(key);
    },
  });
}
