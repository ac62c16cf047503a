// The first ten minutes: a sample policy to try things on, and the places in it that the steps of the walkthrough speak of.
import * as vscode from "vscode";

const SAMPLE = ["client", "walkthrough", "sample.policy"] as const;
const SAMPLE_NAME = "home-oxygen.policy";
const HEADER = 'policy EX.MP.10 "Home Oxygen Therapy"';
const CRITERION = "when saturation <= 88 %";
const CASE = 'case "Saturation of 86 percent"';
const FACT = "saturation = 86 %";
const CHANGED = "policy.sampleChanged";

/** Puts the commands of the walkthrough in place. */
export function registerWalkthrough(context: vscode.ExtensionContext): vscode.Disposable {
  const original = vscode.Uri.joinPath(context.extensionUri, ...SAMPLE);
  /** The sample as it is open, or else a new copy of it. */
  const sample = async (): Promise<vscode.TextEditor> => {
    const open = vscode.workspace.textDocuments.filter((each) => isSample(each) && !each.isClosed).at(-1);
    return open === undefined ? openCopy(original) : vscode.window.showTextDocument(open, { preview: false });
  };
  const at = async (words: string, into = 0): Promise<{ editor: vscode.TextEditor; place: vscode.Position } | undefined> => {
    const editor = await sample();
    const found = editor.document.getText().indexOf(words);
    if (found < 0) {
      void vscode.window.showInformationMessage("The sample was changed, and the place is not there any more. Open a fresh one.");
      return undefined;
    }
    const place = editor.document.positionAt(found + into);
    editor.selection = new vscode.Selection(place, place);
    editor.revealRange(new vscode.Range(place, place), vscode.TextEditorRevealType.InCenterIfOutsideViewport);
    return { editor, place };
  };

  return vscode.Disposable.from(
    vscode.commands.registerCommand("policy.openSample", (where?: unknown) => openSample(original, where)),
    vscode.commands.registerCommand("policy.walkthrough.criterion", async () => {
      if ((await at(CRITERION, "when sat".length)) !== undefined) await vscode.commands.executeCommand("editor.action.showHover");
    }),
    vscode.commands.registerCommand("policy.walkthrough.evaluate", async () => {
      const found = await at(CASE);
      if (found !== undefined) await vscode.commands.executeCommand("policy.evaluateCase", found.editor.document.uri, { line: found.place.line, character: found.place.character });
    }),
    vscode.commands.registerCommand("policy.walkthrough.fact", async () => {
      const found = await at(FACT);
      if (found === undefined) return;
      const { line } = found.place;
      const { text } = found.editor.document.lineAt(line);
      const from = text.indexOf("86");
      // What is typed next takes the place of the figure.
      found.editor.selection = new vscode.Selection(line, from, line, from + 2);
    }),
    vscode.commands.registerCommand("policy.walkthrough.finding", async () => {
      const found = await at(CRITERION);
      if (found === undefined) return;
      const { line, character } = found.place;
      const from = character + "when ".length;
      await found.editor.edit((edit) => edit.replace(new vscode.Range(line, from, line, from + "saturation".length), "saturaton"));
      found.editor.selection = new vscode.Selection(line, from, line, from);
      await vscode.commands.executeCommand("workbench.actions.view.problems");
      // The list takes room from below: the place is to be seen above it.
      await vscode.window.showTextDocument(found.editor.document, { preview: false });
      found.editor.revealRange(new vscode.Range(line, 0, line, 0), vscode.TextEditorRevealType.InCenter);
    }),
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (contentChanges.length > 0 && isSample(document) && !document.getText().includes(FACT)) void vscode.commands.executeCommand("setContext", CHANGED, true);
    }),
  );
}

const isSample = (document: vscode.TextDocument): boolean => document.languageId === "policy" && document.lineAt(0).text === HEADER;

/** Opens a copy of the sample: unsaved, or in a folder that is chosen (or given, as a uri). */
async function openSample(original: vscode.Uri, where: unknown): Promise<vscode.Uri | undefined> {
  if (where === "untitled") return (await openCopy(original)).document.uri;
  if (where instanceof vscode.Uri) return copyInto(original, where);
  const unsaved: vscode.QuickPickItem = { label: "$(file) Look at it without saving", description: "It can be saved later" };
  const saved: vscode.QuickPickItem = { label: "$(folder) Copy it into a folder…", description: `As ${SAMPLE_NAME}` };
  const picked = await vscode.window.showQuickPick([unsaved, saved], { title: "Open the sample policy", placeHolder: "Where should the copy go?" });
  if (picked === undefined) return undefined;
  if (picked === unsaved) return (await openCopy(original)).document.uri;
  const [folder] = (await vscode.window.showOpenDialog({ title: "Folder for the sample policy", openLabel: "Copy here", canSelectFiles: false, canSelectFolders: true })) ?? [];
  return folder === undefined ? undefined : copyInto(original, folder);
}

async function openCopy(original: vscode.Uri): Promise<vscode.TextEditor> {
  const content = new TextDecoder().decode(await vscode.workspace.fs.readFile(original));
  return vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ language: "policy", content }), { preview: false });
}

/** Copies the sample into a folder; a file of its name that is there already is kept. */
async function copyInto(original: vscode.Uri, folder: vscode.Uri): Promise<vscode.Uri> {
  for (let n = 1; ; n++) {
    const target = vscode.Uri.joinPath(folder, n === 1 ? SAMPLE_NAME : SAMPLE_NAME.replace(".", `-${n}.`));
    if (await vscode.workspace.fs.stat(target).then(() => true, () => false)) continue;
    await vscode.workspace.fs.copy(original, target, { overwrite: false });
    await vscode.window.showTextDocument(target, { preview: false });
    return target;
  }
}
