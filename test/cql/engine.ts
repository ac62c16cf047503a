// Runs CQL: text to ELM by the reference translator, ELM by the reference engine for JavaScript. Neither is part of any product.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";

/** What the system model of CQL declares; the translator asks for it by name and does not bring it along. */
const SIMPLE = ["Boolean", "Integer", "Long", "Decimal", "String", "DateTime", "Date", "Time"];
const CLASSES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Quantity: { value: "Decimal", unit: "String" }, Ratio: { numerator: "Quantity", denominator: "Quantity" }, Code: { code: "String", system: "String", version: "String", display: "String" },
  Concept: { display: "String" }, Vocabulary: { id: "String", version: "String", name: "String" },
};
const MODEL = `<?xml version="1.0" encoding="UTF-8"?>
<m:modelInfo xmlns:m="urn:hl7-org:elm-modelinfo:r1" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" name="System" version="1.0.0" url="urn:hl7-org:elm-types:r1" targetQualifier="system">
<m:typeInfo xsi:type="m:SimpleTypeInfo" name="System.Any"/>
${SIMPLE.map((name) => `<m:typeInfo xsi:type="m:SimpleTypeInfo" name="System.${name}" baseType="System.Any"/>`).join("\n")}
${Object.entries(CLASSES).map(([name, fields]) => `<m:typeInfo xsi:type="m:ClassInfo" name="System.${name}" baseType="System.Any">${Object.entries(fields).map(([field, type]) => `<m:element name="${field}" elementType="System.${type}"/>`).join("")}</m:typeInfo>`).join("\n")}
${["ValueSet", "CodeSystem"].map((name) => `<m:typeInfo xsi:type="m:ClassInfo" name="System.${name}" baseType="System.Vocabulary"/>`).join("\n")}
</m:modelInfo>`;
/** A model of nothing but a patient: only in the context of one does the engine keep what it has worked out. */
const PATIENTS = `<?xml version="1.0" encoding="UTF-8"?>
<m:modelInfo xmlns:m="urn:hl7-org:elm-modelinfo:r1" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" name="Cases" version="1.0.0" url="urn:cases" targetQualifier="cases" patientClassName="Cases.Patient">
<m:requiredModelInfo name="System" version="1.0.0"/>
<m:typeInfo xsi:type="m:ClassInfo" name="Patient" namespace="Cases" label="Patient" baseType="System.Any" retrievable="true"><m:element name="id" elementType="System.String"/></m:typeInfo>
</m:modelInfo>`;

/** What the test uses of the engine. */
interface Engine {
  Library: new (elm: unknown) => object;
  Executor: new (library: object, codes: undefined, parameters: Readonly<Record<string, unknown>>) => { exec(patients: object): Promise<{ readonly patientResults: Readonly<Record<string, Readonly<Record<string, unknown>>>> }> };
  PatientSource: new (patients: readonly unknown[]) => object;
  Quantity: new (value: number, unit: string) => object;
  Date: { parse(text: string): object };
}
const require = createRequire(join(process.cwd(), "package.json"));
const engine = (): Engine => require("cql-execution") as Engine;

/** A Quantity and a Date of the engine. */
export const quantity = (value: number, unit: string): object => new (engine().Quantity)(value, unit);
export const date = (text: string): object => engine().Date.parse(text);

/** What a library says of the parameters of one case, by the names of its definitions. */
export type Library = (parameters: Readonly<Record<string, unknown>>) => Promise<Readonly<Record<string, unknown>>>;

/** Translates CQL to ELM; whatever the translator complains of fails the test. */
export async function library(text: string): Promise<Library> {
  const { CqlTranslator, CqlCompilerOptions, LibraryManager, ModelManager, createModelInfoProvider, createUcumService, stringAsSource } = await import("@cqframework/cql/cql-to-elm");
  const { UcumLhcUtils } = require("@lhncbc/ucum-lhc") as { UcumLhcUtils: { getInstance(): { validateUnitString(unit: string): { status: string } } } };
  const units = UcumLhcUtils.getInstance();
  const models = new ModelManager();
  models.modelInfoLoader.registerModelInfoProvider(createModelInfoProvider((name: string) => { const xml = { System: MODEL, Cases: PATIENTS }[name]; return xml === undefined ? null : stringAsSource(xml); }));
  const refuse = (): never => { throw new Error("The translator reckons with no units"); };
  const ucum = createUcumService(refuse, (unit: string) => (units.validateUnitString(unit).status === "valid" ? null : `${unit} is no unit`), refuse, refuse) as unknown;
  const translator = CqlTranslator.fromText(text, new LibraryManager(models, new CqlCompilerOptions(), undefined, ucum));
  const complaints = [...translator.exceptions.asJsReadonlyArrayView()].map((each) => String((each as { message?: unknown }).message ?? each));
  assert.deepEqual(complaints, [], `${complaints.join("\n")}\n${text}`);
  const { Library: Compiled, Executor, PatientSource } = engine();
  const compiled = new Compiled(JSON.parse(translator.toJson()));
  return async (parameters) => (await new Executor(compiled, undefined, parameters).exec(new PatientSource([{ id: "1", recordType: "Patient" }]))).patientResults["1"]!;
}
