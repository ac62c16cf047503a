// Loads the language on first need: the parser takes its time to build, and `initialize` must not wait for it.

export type Core = typeof import("./core.js");
// The bundler turns this into a call that runs the modules of the core when it is first made.
declare const require: (name: "./core.js") => Core;

let loaded: Core | undefined;

/** The language core. */
export function core(): Core {
  return (loaded ??= require("./core.js"));
}
