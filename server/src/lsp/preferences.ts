// The settings of hints and lenses, asked for when first needed, and telling the editor to ask again when what they show has changed.
import { CodeLensRefreshRequest, type Connection, InlayHintRefreshRequest } from "vscode-languageserver";
import type { Client } from "./context.js";
import type { Runtime } from "./runtime.js";

export interface Wishes {
  readonly inlayHints: { readonly addresses: boolean; readonly conversions: boolean; readonly outcomes: boolean };
  readonly codeLens: { readonly references: boolean; readonly cases: boolean; readonly evaluate: boolean };
}

export const DEFAULT_WISHES: Wishes = {
  inlayHints: { addresses: false, conversions: true, outcomes: false },
  codeLens: { references: false, cases: true, evaluate: true },
};

export interface Preferences {
  /** Those for a document: folders of a workspace may have settings of their own. */
  wishes(uri: string): Promise<Wishes>;
  /** The settings changed. */
  forget(): void;
  /** Cases changed: hints and lenses of their policies are to be asked for again. */
  renew(): void;
}

/** A pause in which several changes are told of once. */
const PAUSE = 300;
/** Documents whose settings are remembered. */
const MOST_KNOWN = 200;

/** Reads the settings of the editor. */
export function preferences(connection: Connection, runtime: Runtime, client: Client): Preferences {
  let known = new Map<string, Promise<Wishes>>();
  let waiting = false;
  const { workspace } = client.capabilities;

  const load = async (uri: string): Promise<Wishes> => {
    if (workspace?.configuration !== true) return DEFAULT_WISHES;
    const [inlayHints, codeLens] = await connection.workspace.getConfiguration(["policy.inlayHints", "policy.codeLens"].map((section) => ({ section, scopeUri: uri }))) as readonly unknown[];
    return { inlayHints: chosen(DEFAULT_WISHES.inlayHints, inlayHints), codeLens: chosen(DEFAULT_WISHES.codeLens, codeLens) };
  };
  const tell = (): void => {
    waiting = false;
    // An editor that has just closed does not answer; nobody waits for it.
    if (workspace?.inlayHint?.refreshSupport === true) void connection.sendRequest(InlayHintRefreshRequest.type).catch(() => undefined);
    if (workspace?.codeLens?.refreshSupport === true) void connection.sendRequest(CodeLensRefreshRequest.type).catch(() => undefined);
  };
  const renew = (): void => {
    if (waiting) return;
    waiting = true;
    runtime.later(tell, PAUSE);
  };
  return {
    wishes(uri) {
      const wished = known.get(uri) ?? load(uri).catch(() => DEFAULT_WISHES);
      if (known.size >= MOST_KNOWN) known.clear();
      known.set(uri, wished);
      return wished;
    },
    forget() {
      known = new Map();
      renew();
    },
    renew,
  };
}

/** What is set, where it is yes or no; else the default. */
function chosen<T extends Readonly<Record<string, boolean>>>(defaults: T, given: unknown): T {
  const set = (typeof given === "object" && given !== null ? given : {}) as Readonly<Record<string, unknown>>;
  return Object.fromEntries(Object.entries(defaults).map(([key, value]) => [key, typeof set[key] === "boolean" ? set[key] : value])) as T;
}
