// The FHIRPath engine and the model of FHIR R4: a bundle of its own, which is loaded when a policy with mappings is looked at.
import type { Model } from "fhirpath";

// Required, not imported: for imports the package has a second copy of itself with everything in it.
declare const require: { (name: "fhirpath"): typeof import("fhirpath"); (name: "fhirpath/fhir-context/r4"): Model & { readonly availableTypes: ReadonlySet<string> } };

export const { compile, parse, types } = require("fhirpath");
export const r4 = require("fhirpath/fhir-context/r4");
