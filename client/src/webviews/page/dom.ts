// What every page of ours needs: elements made without markup in strings, and the way to the extension.

interface Host {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}
declare function acquireVsCodeApi(): Host;

/** The extension, behind the page. */
export const host: Host = acquireVsCodeApi();

type Attributes = Readonly<Record<string, string | number | boolean | undefined | ((event: Event) => void)>>;
type Child = Node | string | undefined | false;

/** Makes an element. `true` sets an attribute, `false` and undefined leave it out; a function listens: `onclick`. */
export function h<K extends keyof HTMLElementTagNameMap>(tag: K, attributes: Attributes = {}, ...children: readonly Child[]): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.filter((child): child is Node | string => child !== undefined && child !== false && child !== ""));
  return element;
}

/** Puts children in place of those an element has. */
export function fill(element: Element, ...children: readonly Child[]): void {
  element.replaceChildren(...children.filter((child): child is Node | string => child !== undefined && child !== false && child !== ""));
}

/** Adds a style sheet that came with the content; the page's policy lets no other in. */
export function adoptStyle(text: string): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  document.adoptedStyleSheets = [sheet];
}

/** Calls `receive` with what the extension sends, and tells it that the page is ready. */
export function listen<M>(receive: (message: M) => void): void {
  window.addEventListener("message", ({ data }: MessageEvent<M>) => receive(data));
  host.postMessage({ type: "ready" });
}

/** Runs `work` once nothing has come for a while. */
export function debounced<A extends readonly unknown[]>(ms: number, work: (...args: A) => void): (...args: A) => void {
  let waiting: number | undefined;
  return (...args) => {
    if (waiting !== undefined) clearTimeout(waiting);
    waiting = setTimeout(() => work(...args), ms);
  };
}
