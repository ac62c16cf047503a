// `policy schema`: the JSON Schema of a policy's case files.
import { caseSchema } from "../semantics/caseschema.js";
import { EXIT, type ExitCode } from "./exit.js";
import { policyOf } from "./policyof.js";
import { print } from "./terminal.js";

/** Writes the schema; gives the exit code. */
export async function schema(path: string, { stdinFilename }: { readonly stdinFilename: string }): Promise<ExitCode> {
  const policy = await policyOf(path, stdinFilename);
  if (typeof policy === "number") return policy;
  print(JSON.stringify(caseSchema(policy.analysis), undefined, 2));
  return EXIT.ok;
}
