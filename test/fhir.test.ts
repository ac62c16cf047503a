// Cases from FHIR R4: what mappings are told wrong, what each kind of element becomes, what is refused, and the commands.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import fc from "fast-check";
import type { Diagnostic } from "../server/src/diagnostic.js";
import { caseFileText } from "../server/src/fhir/casetext.js";
import { collect, type Collected } from "../server/src/fhir/collect.js";
import { checkExpression, FUNCTION_NAMES } from "../server/src/fhir/expression.js";
import { mappingDiagnostics } from "../server/src/fhir/mappings.js";
import { type FhirRecord, readFhir } from "../server/src/fhir/read.js";
import { requestOf } from "../server/src/fhir/request.js";
import { analyze } from "../server/src/semantics/analyze.js";
import { readCaseFile } from "../server/src/semantics/casefile.js";
import type { Analysis } from "../server/src/semantics/model.js";
import { dateText, readDate } from "../server/src/syntax/dates.js";
import { startClient, type TestClient } from "./support/client.js";
import { workplace, type Workplace } from "./support/cli.js";
import { ROOT, SAMPLES } from "./support/core-fixtures.js";

const SERVICE = readDate("2025-07-01", 0).day!;

/** A policy with facts. */
const policyWith = (facts: string): string => `policy EX.1 "Example"\n  effective 2025-01-01\n\nfacts\n${facts}\n\ncriteria\nI. The service is medically necessary when the prescriber has seen the patient\n`;

function analysed(facts: string): Analysis {
  const analysis = analyze(policyWith(facts), "example.policy");
  assert.deepEqual(analysis.diagnostics.filter((each) => each.severity === "error"), []);
  return analysis;
}

/** What mappings of facts are told wrong: the code and the words it stands at. */
function found(facts: string): readonly (readonly [string, string])[] {
  return mistakes(facts).map((each) => [each.code, policyWith(facts).slice(each.start, each.end)]);
}
const mistakes = (facts: string): readonly Diagnostic[] => mappingDiagnostics(analysed(facts));

const record = (...resources: readonly object[]): FhirRecord => {
  const read = readFhir(JSON.stringify({ resourceType: "Bundle", type: "collection", entry: resources.map((resource) => ({ resource })) }));
  if ("problem" in read) throw new Error(read.problem);
  return read;
};

/** What facts get from resources; a policy whose mappings are sound. */
function collected(facts: string, ...resources: readonly object[]): Collected {
  const analysis = analysed(facts);
  assert.deepEqual(mappingDiagnostics(analysis), []);
  return collect(analysis, record(...resources).resources, SERVICE);
}
/** The one value, or why there is none. */
function value(type: string, mapping: string, ...resources: readonly object[]): unknown {
  const { facts, problems } = collected(`  it  ${type}  "It"\n    from fhir "${mapping}"`, ...resources);
  assert.ok(facts.length === 0 || problems.every(({ note }) => note === true), "a value or a problem, not both");
  return facts.length > 0 ? facts[0]!.value : problems.length > 0 ? problems.map(({ reason }) => reason).join("; ") : undefined;
}

const UCUM = "http://unitsofmeasure.org";
const quantity = (figure: number, code: string): object => ({ value: figure, unit: code, code, system: UCUM });
const observation = (held: object, more: object = {}): object => ({ resourceType: "Observation", id: "o", status: "final", code: { coding: [{ system: "http://loinc.org", code: "39156-5", display: "Body mass index" }] }, ...held, ...more });
const born = (birthDate: string): object => ({ resourceType: "Patient", id: "p", birthDate, gender: "female", active: true });
const coded = (...codings: readonly (readonly [string, string])[]): object => ({ coding: codings.map(([system, code]) => ({ system, code })) });
const ICD = "http://hl7.org/fhir/sid/icd-10-cm";
const SNOMED = "http://snomed.info/sct";
const CPT = "http://www.ama-assn.org/go/cpt";
const condition = (code: object, more: object = {}): object => ({ resourceType: "Condition", id: "c", code, ...more });

describe("mistakes in mappings", () => {
  test("a sound mapping has none", () => {
    assert.deepEqual(found('  age  years  "Age"\n    from fhir "Patient.birthDate"\n  bmi  kg/m2  "BMI"\n    from fhir "Observation.where(code.coding.exists(system = \'http://loinc.org\' and code = \'39156-5\')).sort(effective desc).first().value"'), []);
  });

  test("what does not parse is told at its place inside the quotation marks", () => {
    assert.deepEqual(found('  it  text  "It"\n    from fhir "Patient.name family"'), [["invalid-mapping", "family"]]);
    assert.deepEqual(found('  it  text  "It"\n    from fhir "Patient.where(gender = \'male\'"'), [["invalid-mapping", "'"]]);
    assert.match(mistakes('  it  text  "It"\n    from fhir "Patient."')[0]!.message, /breaks off/u);
  });

  test("functions that are not there, or take something else", () => {
    assert.deepEqual(found('  it  text  "It"\n    from fhir "Patient.name.frist().text"'), [["invalid-mapping", "frist"]]);
    assert.equal(mistakes('  it  text  "It"\n    from fhir "Patient.name.frist().text"')[0]!.replacement, "first");
    assert.deepEqual(found('  it  text  "It"\n    from fhir "Patient.name.where().text"'), [["invalid-mapping", "where"]]);
    assert.deepEqual(found('  it  yes/no  "It"\n    from fhir "Patient.active and %foo"'), [["invalid-mapping", "%foo"]]);
  });

  test("what looks elsewhere, at the clock, or goes on without end is kept out", () => {
    for (const [expression, words] of [
      ["Patient.managingOrganization.resolve().name", "resolve"], ["Condition.code.memberOf('x')", "memberOf"], ["today()", "today"], ["now()", "now"], ["Patient.birthDate.lowBoundary()", "lowBoundary"],
      ["Patient.name.family.matches('(a+)+$')", "matches"], ["Patient.repeat(combine($this))", "combine($this)"], ["Patient.name.combine($this)", "combine"], ["Patient.aggregate($total | $this)", "aggregate"], ["Patient.trace('x')", "trace"],
      ["Patient.descendants()", "descendants"], ["%terminologies.expand('x')", "%terminologies"], ["Patient.defineVariable('x', $this)", "defineVariable"], ["%context", "%context"], ["%factory.Coding('x', 'y')", "%factory"],
    ] as const) {
      const [first] = found(`  it  text  "It"\n    from fhir "${expression}"`);
      assert.equal(first?.[0], "invalid-mapping", expression);
      if (words !== "combine($this)") assert.equal(first?.[1], words, expression);
    }
  });

  test("what R4 does not have, with what may have been meant", () => {
    assert.deepEqual(found('  it  date  "It"\n    from fhir "Patient.birthdate"'), [["unknown-element", "birthdate"]]);
    assert.equal(mistakes('  it  date  "It"\n    from fhir "Patient.birthdate"')[0]!.replacement, "birthDate");
    assert.deepEqual(found('  it  date  "It"\n    from fhir "Pateint.birthDate"'), [["unknown-element", "Pateint"]]);
    assert.deepEqual(found('  it  date  "It"\n    from fhir "birthDate"'), [["unknown-element", "birthDate"]]);
    assert.deepEqual(found('  it  kg/m2  "It"\n    from fhir "Observation.where(codes.exists()).value"'), [["unknown-element", "codes"]]);
    assert.deepEqual(found('  it  kg/m2  "It"\n    from fhir "Observation.value.ofType(Quantitty)"'), [["unknown-element", "Quantitty"]]);
    assert.deepEqual(found('  it  text  "It"\n    from fhir "QuestionnaireResponse.item.item.answer.item.answr.value"'), [["unknown-element", "answr"]]);
  });

  test("what never fits the fact", () => {
    for (const [type, expression] of [["yes/no", "Patient.birthDate"], ["kg", "Observation.value.ofType(Quantity).value"], ["date", "Patient.gender"], ["ICD-10-CM", "Condition.code.coding.code"], ["text", "Observation.value.ofType(Quantity)"], ["hours", "Patient.active"], ["one of a, b", "Patient.birthDate"], ["list of date", "Condition.code"]] as const) {
      assert.deepEqual(found(`  it  ${type}  "It"\n    from fhir "${expression}"`).map(([code]) => code), ["mapping-mismatch"], `${type} from ${expression}`);
    }
    // What may be of several types is decided by the record.
    assert.deepEqual(found('  it  kg  "It"\n    from fhir "Observation.value"\n  that  yes/no  "That"\n    from fhir "QuestionnaireResponse.item.answer.value"'), []);
  });

  test("comparing what is never equal would find nothing, silently", () => {
    assert.deepEqual(found('  it  kg  "It"\n    from fhir "Observation.where(code = \'29463-7\').value"'), [["mapping-mismatch", "code = '29463-7'"]]);
    assert.deepEqual(found('  it  yes/no  "It"\n    from fhir "Patient.active = \'yes\'"').map(([code]) => code), ["mapping-mismatch"]);
    assert.deepEqual(found('  it  yes/no  "It"\n    from fhir "Patient.gender = \'male\'"'), []);
  });

  test("fields of records start from the element", () => {
    const records = (of: string, field: string): string => `  drugs  list of  "Drugs"${of}\n    name     text  "Name"\n      from fhir "${field}"`;
    assert.deepEqual(found(records('\n    from fhir "MedicationStatement"', "medication.text")), [["unknown-element", "text"]].slice(1));
    assert.deepEqual(found(records('\n    from fhir "MedicationStatement"', "effectve")), [["unknown-element", "effectve"]]);
    assert.deepEqual(found(records("", "medication")), [["invalid-mapping", 'from fhir "medication"']]);
  });

  test("nothing is too long or too deep", () => {
    assert.deepEqual(found(`  it  text  "It"\n    from fhir "Patient.name.where(${"(".repeat(60)}true${")".repeat(60)}).text"`).map(([code]) => code), ["invalid-mapping"]);
    const long = `Patient.name.where(${Array.from({ length: 400 }, () => "text='a'").join(" or ")}).text`;
    assert.deepEqual(checkExpression(long, "resources").problems.map(({ kind }) => kind), ["invalid"]);
  });

  test("any text is checked without an exception, and its findings lie in it", () => {
    const parts = fc.constantFrom("Patient", "Observation", ".", "value", "where(", ")", "'a'", "=", " and ", "code", "[0]", "|", "{}", "$this", "%dateOfService", "(", "first()", "iif(", ",", "5 'kg'", "@2020-01", "`", "\\", "ofType(", "Quantity", "repeat(item)", "*", "-", "true", "é");
    fc.assert(fc.property(fc.oneof(fc.array(parts, { maxLength: 14 }).map((each) => each.join("")), fc.string({ maxLength: 40 })), (text) => {
      for (const { start, end } of checkExpression(text, "resources").problems) assert.ok(start >= 0 && end > start && start <= text.length, `${text}: ${start}-${end}`);
    }), { numRuns: 500 });
  });
});

describe("what an element becomes", () => {
  test("yes or no", () => {
    assert.equal(value("yes/no", "Patient.active", born("1990-01-01")), true);
    assert.equal(value("yes/no", "Patient.gender = 'male'", born("1990-01-01")), false);
    assert.equal(value("yes/no", "QuestionnaireResponse.item.answer.value", { resourceType: "QuestionnaireResponse", item: [{ linkId: "1", answer: [{ valueString: "yes" }] }] }), "“yes” is a text, and the fact is yes or no");
  });

  test("“there is none” needs resources of the kind", () => {
    const mapping = "Condition.where(code.coding.exists(code = 'I10')).exists()";
    assert.equal(value("yes/no", mapping, born("1990-01-01")), undefined, "nothing is known of conditions");
    assert.equal(value("yes/no", mapping, condition(coded([ICD, "C61"]))), false);
    assert.equal(value("yes/no", mapping, condition(coded([ICD, "I10"]))), true);
  });

  test("a quantity, in the fact's unit", () => {
    const mapping = "Observation.value";
    assert.equal(value("kg", mapping, observation({ valueQuantity: quantity(70, "kg") })), 70);
    assert.equal(value("kg", mapping, observation({ valueQuantity: quantity(70_000, "g") })), 70);
    assert.equal(value("degrees", "Observation.value", observation({ valueQuantity: quantity(90, "deg") })), 90);
    assert.equal(value("number", mapping, observation({ valueQuantity: { value: 7 } })), 7);
    assert.equal(value("number", mapping, observation({ valueQuantity: quantity(7, "{score}") })), 7);
    assert.match(String(value("kg", mapping, observation({ valueQuantity: quantity(70, "cm") }))), /measures something else/u);
    assert.match(String(value("kg", mapping, observation({ valueQuantity: { value: 70, unit: "kg" } }))), /no code of its unit/u);
    assert.match(String(value("kg", mapping, observation({ valueQuantity: { value: 70, code: "kg" } }))), /no code of UCUM/u);
    assert.match(String(value("kg", mapping, observation({ valueQuantity: quantity(70, "kilos") }))), /not known/u);
    assert.match(String(value("kg", mapping, observation({ valueQuantity: { ...quantity(70, "kg"), comparator: ">" } }))), /no exact figure/u);
    assert.match(String(value("kg", mapping, observation({ valueQuantity: { unit: "kg", code: "kg", system: UCUM } }))), /no figure/u);
    assert.match(String(value("kg from 2 to 60", mapping, observation({ valueQuantity: quantity(70, "kg") }))), /outside of the fact's limits/u);
    assert.match(String(value("kg", mapping, observation({ valueString: "70 kg" }))), /“70 kg” is a text/u);
    assert.equal(value("kg", mapping, observation({ dataAbsentReason: coded([SNOMED, "x"]) })), undefined);
  });

  test("a figure alone fits a fact without a unit; else the mapping says the unit", () => {
    const answer = { resourceType: "QuestionnaireResponse", item: [{ linkId: "w", answer: [{ valueDecimal: 70.5 }] }] };
    assert.equal(value("number", "QuestionnaireResponse.item.answer.value", answer), 70.5);
    assert.match(String(value("kg", "QuestionnaireResponse.item.answer.value", answer)), /has no unit.*1 'kg'/u);
    assert.equal(value("kg", "QuestionnaireResponse.item.answer.value * 1 'kg'", answer), 70.5);
    assert.equal(value("number", "Observation.count()", observation({})), 1);
  });

  test("a date gives an age in completed units of the calendar", () => {
    const age = (unit: string, date: string): unknown => value(unit, "Patient.birthDate", born(date));
    assert.equal(age("years", "1990-07-01"), 35);
    assert.equal(age("years", "1990-07-02"), 34);
    assert.equal(age("months", "2025-05-31"), 1);
    assert.equal(age("months", "2023-06-30"), 24);
    assert.equal(age("weeks", "2025-06-10"), 3);
    assert.equal(age("days", "2025-07-01"), 0);
    assert.match(String(age("years", "1990")), /not a whole date/u);
    assert.match(String(age("years", "1990-07")), /not a whole date/u);
    assert.match(String(age("years", "2025-07-02")), /after the date of service/u);
    assert.match(String(age("hours", "2025-06-10")), /not hours/u);
  });

  test("an age agrees with the calendar on any day", () => {
    fc.assert(fc.property(fc.integer({ min: SERVICE - 40_000, max: SERVICE }), (day) => {
      const date = dateText(day);
      const [years, months, first] = date.split("-").map(Number) as [number, number, number];
      const passed = 7 > months || (7 === months && 1 >= first);
      assert.equal(value("years", "Patient.birthDate", born(date)), 2025 - years - (passed ? 0 : 1));
    }), { numRuns: 60 });
  });

  test("a date, as it is written there", () => {
    const date = (held: object): unknown => value("date", "Observation.effective", observation(held));
    assert.equal(date({ effectiveDateTime: "2025-03-05" }), "2025-03-05");
    assert.equal(date({ effectiveDateTime: "2025-03-05T23:30:00-08:00" }), "2025-03-05");
    assert.equal(date({ effectiveInstant: "2025-03-05T01:30:00.5Z" }), "2025-03-05");
    assert.equal(date({ effectivePeriod: { start: "2025-03-05T08:00:00Z", end: "2025-03-05T09:00:00Z" } }), "2025-03-05");
    assert.match(String(date({ effectiveDateTime: "2025-03" })), /not a whole date/u);
    assert.match(String(date({ effectivePeriod: { start: "2025-03-05", end: "2025-03-07" } })), /a period, not a day/u);
    assert.match(String(date({ effectivePeriod: { start: "2025-03-05" } })), /a period, not a day/u);
    assert.match(String(date({ effectiveDateTime: "2025-02-30" })), /not a whole date/u);
  });

  test("codes of the fact's systems, told by their URLs", () => {
    assert.equal(value("ICD-10-CM", "Condition.code", condition(coded([SNOMED, "254837009"], [ICD, "C50.911"]))), "C50.911");
    assert.equal(value("ICD-10-CM", "Condition.code", condition(coded(["urn:oid:2.16.840.1.113883.6.90", "c50911"]))), "C50.911");
    assert.deepEqual(value("list of CPT or HCPCS", "Claim.item.productOrService", { resourceType: "Claim", item: [{ productOrService: coded([CPT, "95806"]) }, { productOrService: coded(["https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets", "G0399"]) }] }), ["CPT 95806", "HCPCS G0399"]);
    assert.match(String(value("ICD-10-CM", "Condition.code", condition(coded([SNOMED, "254837009"])))), /has no code of ICD-10-CM/u);
    assert.match(String(value("ICD-10-CM", "Condition.code", condition({ coding: [{ code: "C61" }] }))), /has no code of ICD-10-CM/u, "without its system, a code is no code");
    assert.match(String(value("ICD-10-CM", "Condition.code", condition(coded([ICD, "nonsense"])))), /does not have the form/u);
  });

  test("of codings, those of other systems are left out and told", () => {
    const { facts, problems } = collected('  dx  list of ICD-10-CM  "Diagnoses"\n    from fhir "Condition.code.coding"', condition(coded([SNOMED, "1"], [ICD, "C61"])));
    assert.deepEqual(facts.map(({ value: held }) => held), [["C61"]]);
    assert.deepEqual(problems.map(({ note, resource }) => [note, resource]), [[true, "Condition/c"]]);
  });

  test("a list that would not be whole is not given", () => {
    assert.match(String(value("list of ICD-10-CM", "Condition.code", condition(coded([ICD, "C61"])), condition(coded([SNOMED, "1"])))), /has no code of ICD-10-CM/u);
    assert.equal(value("list of ICD-10-CM", "Condition.code", born("1990-01-01")), undefined, "nothing found is not an empty list");
  });

  test("choices by exact code, display or text", () => {
    const choice = (answer: object): unknown => value("one of nsaid, injection", "QuestionnaireResponse.item.answer.value", { resourceType: "QuestionnaireResponse", item: [{ linkId: "1", answer: [answer] }] });
    assert.equal(choice({ valueCoding: { code: "nsaid" } }), "nsaid");
    assert.equal(choice({ valueCoding: { code: "7", display: "injection" } }), "injection");
    assert.equal(choice({ valueString: "nsaid" }), "nsaid");
    assert.match(String(choice({ valueString: "NSAID" })), /none of the choices/u);
    assert.match(String(choice({ valueCoding: { code: "nsaid", display: "injection" } })), /several of the choices/u);
    assert.equal(value("one of high, low", "iif(Observation.value > 30 'kg/m2', 'high', 'low')", observation({ valueQuantity: quantity(31, "kg/m2") })), "high");
  });

  test("text, on one line and without control characters", () => {
    assert.equal(value("text", "Observation.note.text", observation({ note: [{ text: "one\n\u001b[31mtwo\u202e" }] })), "one [31mtwo");
    assert.equal(value("text", "Condition.code", condition({ text: "Sleep apnea" })), "Sleep apnea");
  });

  test("one value is needed, and none is picked", () => {
    const two = [observation({ valueQuantity: quantity(70, "kg") }), observation({ valueQuantity: quantity(71, "kg") }, { id: "o2" })];
    assert.equal(value("kg", "Observation.value", ...two), "the mapping gives 2 values (70, 71), and one is needed");
    assert.equal(value("kg", "Observation.value", two[0]!, observation({ valueQuantity: quantity(70_000, "g") }, { id: "o3" })), 70, "the same said twice is one value");
    assert.match(String(value("yes/no", "Observation.value is Quantity", ...two)), /several where one is needed/u);
    assert.match(String(value("number", "Observation.component.code.text.sqrt()", observation({ component: [{ code: { text: "a" } }] }))), /cannot work it out: Expected a number/u);
  });

  test("what cannot be put in order is not put in order", () => {
    const latest = "Observation.sort(effective desc).first().value";
    const of = (a: object, b: object): unknown => value("kg", latest, observation({ valueQuantity: quantity(70, "kg"), ...a }), observation({ valueQuantity: quantity(71, "kg"), ...b }, { id: "o2" }));
    assert.equal(of({ effectiveDateTime: "2025-06-20" }, { effectiveDateTime: "2025-06-21T08:00:00Z" }), 71);
    assert.match(String(of({ effectiveDateTime: "2025" }, { effectiveDateTime: "2025-06-21" })), /cannot be put in order/u);
    assert.match(String(of({ effectiveDateTime: "2025-06-21" }, { effectiveDateTime: "2025-06-21T08:00:00Z" })), /cannot be put in order/u);
    assert.match(String(of({ effectivePeriod: { start: "2025-06-01" } }, { effectiveDateTime: "2025-06-21" })), /cannot be put in order/u);
  });

  test("the first mapping that finds anything counts", () => {
    const facts = '  w  kg  "Weight"\n    from fhir "Observation.value"\n    from fhir "QuestionnaireResponse.item.answer.value"';
    const answer = { resourceType: "QuestionnaireResponse", id: "q", item: [{ linkId: "1", answer: [{ valueQuantity: quantity(80, "kg") }] }] };
    assert.equal(collected(facts, answer).facts[0]!.value, 80);
    assert.equal(collected(facts, answer, observation({ valueQuantity: quantity(70, "kg") })).facts[0]!.value, 70);
  });

  test("records, their fields relative to the element", () => {
    const facts = '  drugs  list of  "Drugs"\n    from fhir "MedicationStatement"\n    name     text  "Name"\n      from fhir "medication.ofType(CodeableConcept).text"\n    started  date  "First day"\n      from fhir "effective.ofType(Period).start"\n    ended    date  "Last day"\n      from fhir "effective.ofType(Period).end"';
    const drug = (id: string, text: string, effectivePeriod: object): object => ({ resourceType: "MedicationStatement", id, status: "completed", medicationCodeableConcept: { text }, effectivePeriod });
    const { facts: [mapped], problems } = collected(facts, drug("a", "Ibuprofen", { start: "2025-01-05", end: "2025-02-20" }), drug("b", "Naproxen", { start: "2025-03", end: "2025-04-01" }));
    assert.deepEqual(mapped!.value, [{ name: "Ibuprofen", started: "2025-01-05", ended: "2025-02-20" }, { name: "Naproxen", ended: "2025-04-01" }]);
    assert.deepEqual(problems.map(({ fact, resource, reason }) => [fact, resource, reason]), [["drugs.started", "MedicationStatement/b", "“2025-03” is not a whole date"]]);
    assert.deepEqual(mapped!.evidence.map(({ source }) => source), ["MedicationStatement/a", "MedicationStatement/b"]);
  });

  test("the date of service in a mapping", () => {
    const later = [observation({ valueQuantity: quantity(70, "kg"), effectiveDateTime: "2025-06-20" }), observation({ valueQuantity: quantity(80, "kg"), effectiveDateTime: "2025-07-20" }, { id: "o2" })];
    assert.equal(value("kg", "Observation.where(effective <= %dateOfService).sort(effective desc).first().value", ...later), 70);
  });
});

describe("evidence", () => {
  test("the resource, its day, and what the element is called", () => {
    const { facts: [mapped] } = collected('  bmi  kg/m2  "BMI"\n    from fhir "Observation.value"', observation({ valueQuantity: quantity(31.2, "kg/m2"), effectiveDateTime: "2025-06-20T10:00:00Z" }));
    assert.deepEqual(mapped!.evidence, [{ source: "Observation/o", date: readDate("2025-06-20", 0).day, note: "Body mass index: 31.2 kg/m2 (Observation.value)" }]);
  });

  test("a resource without id goes by its place; a period has no one day", () => {
    const { facts: [mapped] } = collected('  bmi  kg/m2  "BMI"\n    from fhir "Observation.value"', born("1990-01-01"), observation({ valueQuantity: quantity(31.2, "kg/m2"), effectivePeriod: { start: "2025-06-20", end: "2025-06-22" } }, { id: undefined }));
    assert.deepEqual(mapped!.evidence.map(({ source, date }) => [source, date]), [["Bundle.entry[1] (Observation)", undefined]]);
  });

  test("a value that was worked out names the resources it is about", () => {
    const { facts: [mapped] } = collected('  ill  yes/no  "Ill"\n    from fhir "Condition.exists()"', condition(coded([ICD, "C61"]), { recordedDate: "2025-01-02" }), born("1990-01-01"));
    assert.deepEqual(mapped!.evidence, [{ source: "Condition/c", date: readDate("2025-01-02", 0).day, note: "worked out by the mapping" }]);
  });

  test("there is never too much of it", () => {
    const many = Array.from({ length: 60 }, (_, i) => condition(coded([ICD, `C${10 + (i % 80)}`]), { id: `c${i}` }));
    const { facts: [mapped] } = collected('  dx  list of ICD-10-CM  "Diagnoses"\n    from fhir "Condition.code"', ...many);
    assert.equal(mapped!.evidence.length, 20);
    assert.equal(mapped!.evidence.at(-1)!.note, "41 more resources");
  });
});

describe("reading FHIR", () => {
  test("what is no FHIR says why", () => {
    const why = (text: string): unknown => {
      const read = readFhir(text);
      return "problem" in read ? read.problem : read;
    };
    assert.equal(why("{"), "it is no valid JSON");
    assert.equal(why(""), "it is empty");
    assert.match(String(why("[]")), /no `resourceType`/u);
    assert.match(String(why('{"resourceType": "Pateint"}')), /no resource `Pateint`/u);
    assert.match(String(why('{"resourceType": "Bundle", "entry": {}}')), /no list/u);
    const xml = readFhir("<Bundle/>");
    assert.ok("help" in xml && /XML/u.test(xml.help));
    for (const [text, at] of [['{"a": }', 6], ['{"a": 1', 7], ["[1, 2", 5], ['{"a": 1,}', 8], ['{"a": "b\n"}', 6], ["nul", 0], ['{"a": 1} x', 9], ["[1 2]", 3], ["[}", 1], ["[01]", 2], ['{"a" 1}', 5], ["]", 0]] as const) {
      const read = readFhir(text);
      assert.equal("at" in read ? read.at : undefined, at, text);
    }
  });

  test("what was entered in error, or changes its meaning, is left out and told", () => {
    const { resources, notes } = record(observation({}, { status: "entered-in-error" }), condition(coded([ICD, "C61"]), { verificationStatus: coded(["x", "entered-in-error"]) }), observation({}, { modifierExtension: [{ url: "http://example.org/not" }] }), born("1990-01-01"), { resourceType: "Nothing" });
    assert.deepEqual(resources.map(({ type }) => type), ["Patient"]);
    assert.deepEqual(notes.map((each) => each.replace(/ .*/u, "")), ["2", "1", "1"]);
  });

  test("a Bundle of several persons is refused, however the same one is referred to", () => {
    const about = (reference: string): object => observation({ subject: { reference } });
    const bundle = (...references: readonly string[]): ReturnType<typeof readFhir> => readFhir(JSON.stringify({
      resourceType: "Bundle", entry: [{ fullUrl: "urn:uuid:1", resource: { resourceType: "Patient", id: "1" } }, { resource: { resourceType: "Patient", id: "subscriber" } }, ...references.map((each) => ({ resource: about(each) }))],
    }));
    assert.ok("resources" in bundle("Patient/1", "urn:uuid:1", "http://example.org/fhir/Patient/1", "Patient/1/_history/2", "Group/7"));
    const read = bundle("Patient/1", "Patient/2");
    assert.equal("problem" in read ? read.problem : "", "it speaks of several persons: Patient/1, Patient/2");
  });

  test("a Patient whom nothing is about, and references to somebody else, give nobody's facts to another", () => {
    const read = (patients: readonly object[], ...subjects: readonly object[]): ReturnType<typeof readFhir> => readFhir(JSON.stringify({
      resourceType: "Bundle", entry: [...patients.map((resource) => ({ resource })), { fullUrl: "urn:uuid:group", resource: { resourceType: "Group", id: "g" } }, ...subjects.map((subject) => ({ resource: observation({ subject }) }))],
    }));
    const patient = (id: string, more: object = {}): object => ({ resourceType: "Patient", id, birthDate: "1950-01-01", ...more });
    const left = (made: ReturnType<typeof readFhir>): unknown => ("problem" in made ? made.problem : [made.resources.filter(({ type }) => type === "Patient").map(({ name }) => name), made.notes]);
    const number = (value: string, system = "http://example.org/members"): object => ({ identifier: { system, value } });
    assert.deepEqual(left(read([patient("subscriber")], { reference: "Patient/p" })), [[], ["Patient/subscriber left out: the record is about Patient/p"]]);
    assert.deepEqual(left(read([patient("p"), patient("subscriber")], { reference: "urn:uuid:p" })), [["Patient/p"], ["Patient/subscriber left out: the record is about Patient/p"]]);
    assert.deepEqual(left(read([patient("p")], { reference: "Patient/p" }, { reference: "urn:uuid:group" })), [["Patient/p"], []]);
    assert.match(String(left(read([patient("p")], { reference: "Patient/p" }, { reference: "urn:uuid:2" }))), /several persons: Patient\/p, urn:uuid:2/u);
    assert.match(String(left(read([patient("p")], number("1"), number("2")))), /several persons/u);
    assert.deepEqual(left(read([patient("p")], number("1"), number("1"), number("7", "http://example.org/other"))), [["Patient/p"], []]);
    const known = patient("p", { identifier: [{ system: "http://example.org/members", value: "1" }] });
    assert.deepEqual(left(read([known], number("1"), { reference: "Patient/p" })), [["Patient/p"], []]);
    assert.match(String(left(read([known], number("2"), { reference: "Patient/p" }))), /several persons/u);
  });

  test("what says that something is not so or was not done counts for nothing, and is told", () => {
    const { resources, notes } = record(condition(coded([ICD, "E11.9"]), { verificationStatus: coded(["x", "refuted"]) }), { resourceType: "Procedure", status: "not-done" }, { resourceType: "MedicationStatement", status: "not-taken" },
      { resourceType: "ServiceRequest", status: "active", doNotPerform: true }, { resourceType: "Claim", status: "cancelled" }, condition(coded([ICD, "C61"])));
    assert.deepEqual(resources.map(({ type }) => type), ["Condition"]);
    assert.deepEqual(notes, ["5 resources left out that say it is not so: refuted, not done, not taken, cancelled, revoked, or not to be done"]);
    assert.equal(value("yes/no", "Condition.where(code.coding.exists(code = 'E11.9')).exists()", condition(coded([ICD, "E11.9"]), { verificationStatus: coded(["x", "refuted"]) })), undefined);
  });

  test("a Bundle inside of a Bundle is told, and an element without a value is no value", () => {
    assert.deepEqual(record({ resourceType: "Bundle", entry: [] }).notes, ["1 Bundle inside of the Bundle left out: give what it holds as entries"]);
    assert.match(String(value("years", "Patient.birthDate", { resourceType: "Patient", _birthDate: { extension: [{ url: "http://example.org/why", valueCode: "unknown" }] } })), /^the element has no value/u);
  });

  test("questions below an answer are reached", () => {
    const form = { resourceType: "QuestionnaireResponse", status: "completed", item: [{ linkId: "a", item: [{ linkId: "b", answer: [{ valueBoolean: true, item: [{ linkId: "c", item: [{ linkId: "d", answer: [{ valueBoolean: false }] }] }] }] }] }] };
    assert.equal(value("yes/no", "QuestionnaireResponse.repeat(item | answer.item).where(linkId = 'd').answer.value", form), false);
    assert.equal(value("yes/no", "QuestionnaireResponse.repeat(item).where(linkId = 'd').answer.value", form), undefined);
  });

  test("the request is that of the one Claim, else of the one ServiceRequest", () => {
    const service = { resourceType: "ServiceRequest", id: "s", occurrenceDateTime: "2025-07-01", code: coded([CPT, "95806"]) };
    const claim = (servicedDate: string): object => ({ resourceType: "Claim", id: "1", item: [{ servicedDate, productOrService: coded([CPT, "95810"]) }, { servicedDate: "2025-07-02", productOrService: coded([CPT, "95811"]) }] });
    assert.deepEqual(requestOf(record(service).resources), { name: "ServiceRequest/s", on: SERVICE, codes: ["CPT 95806"] });
    assert.deepEqual(requestOf(record(service, claim("2025-07-02")).resources), { name: "Claim/1", on: SERVICE + 1, codes: ["CPT 95810", "CPT 95811"] });
    assert.equal(requestOf(record(claim("2025-07-01")).resources)!.on, undefined, "two days are no day");
    assert.equal(requestOf(record(service, { ...service, id: "t" }).resources), undefined);
    assert.match(requestOf(record({ ...service, code: coded([SNOMED, "1"]) }).resources)!.uncoded!, /has no code of CPT or HCPCS/u);
  });
});

describe("whatever a record holds", () => {
  const FACTS = [
    '  age  years from 0 to 130  "Age"\n    from fhir "Patient.birthDate"', '  bmi  kg/m2 from 5 to 120  "BMI"\n    from fhir "Observation.value"', '  w  kg  "Weight"\n    from fhir "Observation.value * 1 \'kg\'"',
    '  alive  yes/no  "Alive"\n    from fhir "Patient.deceased"', '  dx  list of ICD-10-CM  "Diagnoses"\n    from fhir "Condition.code"', '  codes_of  list of ICD-10-CM or CPT or HCPCS  "Codes"\n    from fhir "Condition.code.coding"',
    '  on_day  date  "Day"\n    from fhir "Observation.effective"', '  words  text  "Words"\n    from fhir "Observation.value"', '  pick  one of a, b  "Pick"\n    from fhir "Observation.value"', '  days  list of date  "Days"\n    from fhir "Observation.effective"',
    '  drugs  list of  "Drugs"\n    from fhir "Observation"\n    figure   kg/m2  "Figure"\n      from fhir "value"\n    day      date  "Day"\n      from fhir "effective"\n    said     text  "Said"\n      from fhir "value"\n    is_a     yes/no  "Is a"\n      from fhir "value"',
  ].join("\n");
  const odd = fc.oneof(fc.constantFrom(null, true, false, 0, -1, 1e30, 31.2, "", "yes", "a", "2025-03-05", "2025-03", "1990-01-01", "2025-02-30", "none", "\u001b[0m", "C61", '"', ": #", "unknown", [], {}), fc.jsonValue({ maxDepth: 2 }));
  const coding = fc.record({ system: fc.constantFrom(ICD, CPT, SNOMED, UCUM), code: fc.constantFrom("C61", "95806", "G0399", "x", "a"), display: fc.constantFrom("a", "B\n") }, { requiredKeys: [] });
  const qty = fc.record({ value: fc.oneof(fc.double({ min: -200, max: 200, noNaN: true }), odd), code: fc.constantFrom("kg", "kg/m2", "g/cm2", "1", "{x}", "?"), system: fc.constantFrom(UCUM, "x"), comparator: fc.constantFrom("<", ">") }, { requiredKeys: ["value"] });
  const resource = fc.oneof(
    fc.record({ resourceType: fc.constant("Patient"), birthDate: odd, deceasedBoolean: odd }, { requiredKeys: ["resourceType"] }),
    fc.record({ resourceType: fc.constant("Observation"), valueQuantity: fc.oneof({ weight: 4, arbitrary: qty as fc.Arbitrary<unknown> }, { weight: 1, arbitrary: odd }), effectiveDateTime: odd, code: odd }, { requiredKeys: ["resourceType"] }),
    fc.record({ resourceType: fc.constant("Observation"), valueString: odd, effectivePeriod: odd, id: odd, status: odd }, { requiredKeys: ["resourceType"] }),
    fc.record({ resourceType: fc.constant("Condition"), code: fc.oneof(fc.record({ coding: fc.array(coding, { maxLength: 3 }), text: odd }), odd) }, { requiredKeys: ["resourceType"] }),
    odd,
  );

  test("nothing throws, and the facts always pass the one checker", () => {
    const analysis = analysed(FACTS);
    assert.deepEqual(mappingDiagnostics(analysis), []);
    let given = 0;
    fc.assert(fc.property(fc.array(resource, { maxLength: 6 }), (resources) => {
      const read = readFhir(JSON.stringify({ resourceType: "Bundle", entry: resources.map((each) => ({ resource: each })) }));
      assert.ok("resources" in read);
      const { facts, problems } = collect(analysis, read.resources, SERVICE);
      given += facts.length;
      for (const { reason } of problems) assert.ok(reason.length < 400 && !/[\u0000-\u001f]/u.test(reason), reason);
      const text = caseFileText("example.policy", [{ name: "A case", on: SERVICE, facts, left: [] }]);
      const file = readCaseFile(text, "a.case.yaml", analysis);
      assert.deepEqual(file.diagnostics.filter((each) => each.severity === "error" || each.severity === "warning").map((each) => `${each.message}\n${text}`), []);
      assert.deepEqual([...file.cases[0]!.facts.keys()].sort(), facts.map(({ fact }) => fact.name).sort());
      for (const { fact, evidence } of facts) assert.equal(file.cases[0]!.evidence?.get(fact.name)?.length ?? 0, evidence.length);
    }), { numRuns: 300 });
    assert.ok(given > 100, "random records do give facts");
  });

  test("the place of a mistake in JSON is found, and sound JSON has none", () => {
    fc.assert(fc.property(fc.json(), fc.nat(), fc.constantFrom("", "x", '"', "}", ",", "\\"), (json, nat, put) => {
      const at = nat % (json.length + 1);
      const text = json.slice(0, at) + put + json.slice(at + 1);
      const read = readFhir(text);
      if ("at" in read && read.at !== undefined) assert.ok(read.at >= 0 && read.at <= text.length, text);
    }), { numRuns: 500 });
  });

  test("large records take a time that grows with them and no more", () => {
    const many = Array.from({ length: 20_000 }, (_, i) => observation({ valueQuantity: quantity(i, "kg"), effectiveDateTime: `20${10 + (i % 15)}-03-05` }, { id: `o${i}` }));
    const facts = '  w  kg  "Weight"\n    from fhir "Observation.where(code.coding.exists(code = \'39156-5\')).sort(effective desc).first().value"\n  all_days  list of date  "Days"\n    from fhir "Observation.effective.distinct()"\n  heavy  yes/no  "Heavy"\n    from fhir "(Observation.value | Observation.value).count() > 3"';
    const before = performance.now();
    const { facts: mapped } = collected(facts, ...many);
    assert.ok(mapped.length >= 2);
    assert.ok(performance.now() - before < 20_000, `${performance.now() - before} ms`);
  });
});

describe("what is written of it", () => {
  const reference = readFileSync(join(ROOT, "docs", "language.md"), "utf8").split("### From FHIR\n")[1]!.split("\n## ")[0]!;

  test("the mappings of the reference and of the samples are sound", () => {
    for (const text of [`policy EX.1 "Example"\n${/```policy\n(.*?)```/su.exec(reference)![1]!}`, readFileSync(join(SAMPLES, "sleep-study.policy"), "utf8")]) {
      const analysis = analyze(text, "example.policy");
      assert.deepEqual([...analysis.diagnostics.filter((each) => each.severity === "error"), ...mappingDiagnostics(analysis)], []);
      assert.ok([...analysis.facts.values()].filter((fact) => fact.mappings.length > 0).length >= 6);
    }
  });

  test("the reference names every function", () => {
    const [, names = ""] = /Functions are (.*?)\. Those/su.exec(reference)!;
    assert.deepEqual(names.replace(/ \([^)]*\)/gu, "").replace(/^and | and /gu, " ").split(/,\s+|\n/u).map((each) => each.replace(/^and /u, "").trim()).sort(), [...FUNCTION_NAMES].sort());
  });
});

describe("the commands", () => {
  let place: Workplace;
  const sample = readFileSync(join(SAMPLES, "sleep-study.policy"), "utf8");
  const bundle = readFileSync(join(SAMPLES, "sleep-study.fhir.json"), "utf8");
  before(() => {
    place = workplace();
    place.write("sleep.policy", sample);
    place.write("bundle.json", bundle);
    place.write("form.json", readFileSync(join(SAMPLES, "sleep-study.form.fhir.json"), "utf8"));
  });
  after(() => place.remove());

  test("evaluate --fhir decides the case of a Bundle, with evidence", () => {
    const { code, out, err } = place.policy(["evaluate", "sleep.policy", "--fhir", "bundle.json", "--pathway", "initial", "--format", "json"]);
    assert.equal(code, 0, err);
    const { results } = JSON.parse(out) as { results: { name: string; path: string; line: number; explanation: { determination: string; missing: readonly { name: string }[] } }[] };
    assert.deepEqual(results.map(({ name, path, line, explanation }) => [name, path, line, explanation.determination]), [["bundle", "bundle.json", 1, "pend"]]);
    assert.match(err, /date of service 2026-01-12 from ServiceRequest\/home-test/u);
    const pretty = place.policy(["evaluate", "sleep.policy", "--fhir", "bundle.json", "--pathway", "initial"]);
    assert.match(pretty.out.replace(/\s+/gu, " "), /evidence for epworth: QuestionnaireResponse\/sleep-form, 2026-01-05/u);
  });

  test("case-from-fhir makes a case file that a reviewer completes", () => {
    const made = place.policy(["case-from-fhir", "sleep.policy", "bundle.json", "--pathway", "initial", "--output-file", "sleep.case.yaml"]);
    assert.equal(made.code, 0, made.err);
    assert.equal(made.out, "");
    const text = place.read("sleep.case.yaml");
    assert.match(text, /# {3}I\.E: met {2}# The test follows/u);
    place.write("sleep.case.yaml", text.replace("    # criteria:\n    #   I.E: met", "    criteria:\n      I.E: met"));
    const again = place.policy(["case-from-fhir", "sleep.policy", "bundle.json", "--pathway", "initial", "--output-file", "sleep.case.yaml"]);
    assert.equal(again.code, 2);
    assert.match(again.err, /sleep\.case\.yaml is there already/u);
    const { out, code } = place.policy(["evaluate", "sleep.case.yaml", "--format", "json"]);
    assert.equal((JSON.parse(out) as { results: { explanation: { determination: string } }[] }).results[0]!.explanation.determination, "approve", out.slice(0, 500));
    assert.equal(code, 0);
  });

  test("a QuestionnaireResponse by itself needs a date; several files are several cases", () => {
    const without = place.policy(["evaluate", "sleep.policy", "--fhir", "form.json"]);
    assert.equal(without.code, 2);
    assert.match(without.err, /form\.json: the date of service is not known/u);
    const { out, code } = place.policy(["case-from-fhir", "sleep.policy", "form.json", "bundle.json", "--on", "2026-01-25", "--codes", "CPT 95806"]);
    assert.equal(code, 0);
    assert.deepEqual(out.match(/name: .*/gu), ["name: form", "name: bundle"]);
  });

  test("what a mapping finds and cannot take over is said, and the exit code is 1", () => {
    place.write("odd.json", bundle.replace('"code": "mm[Hg]"', '"code": "kg"'));
    const { code, err, out } = place.policy(["evaluate", "sleep.policy", "--fhir", "odd.json", "--pathway", "initial"]);
    assert.equal(code, 1);
    assert.match(err, /`paco2` gets no value: 41 mmHg \(code `kg`\) measures something else than a number in mmHg \(Observation\/blood-gas\)/u);
    assert.match(err, /from fhir ".*2019-8.*" {2}sleep\.policy:\d+/u);
    assert.match(out, /PEND/u);
    const made = place.policy(["case-from-fhir", "sleep.policy", "odd.json"]);
    assert.equal(made.code, 1);
    assert.match(made.out, /# paco2 is left out: 41 mmHg/u);
  });

  test("usage mistakes and broken files", () => {
    const says = (expected: RegExp, ...args: readonly string[]): void => {
      const { code, err } = place.policy(args);
      assert.equal(code, 2, err);
      assert.match(err, expected);
    };
    place.write("broken.json", '{\n  "resourceType": "Bundle",\n  "entry": [}\n');
    says(/broken\.json:3:13: it is no valid JSON/u, "evaluate", "sleep.policy", "--fhir", "broken.json");
    says(/there is no such file/u, "evaluate", "sleep.policy", "--fhir", "none.json");
    says(/--on 2026-13-01 is no day/u, "evaluate", "sleep.policy", "--fhir", "bundle.json", "--on", "2026-13-01");
    says(/`nonsense` does not have the form of a code/u, "evaluate", "sleep.policy", "--fhir", "bundle.json", "--codes", "nonsense");
    says(/--pathway soon is none/u, "evaluate", "sleep.policy", "--fhir", "bundle.json", "--pathway", "soon");
    says(/--line-of-business Nobody is none/u, "case-from-fhir", "sleep.policy", "bundle.json", "--line-of-business", "Nobody");
    says(/--on goes with --fhir/u, "evaluate", "sleep.policy", "--on", "2026-01-01");
    says(/--fhir and --as-of exclude each other/u, "evaluate", "sleep.policy", "--fhir", "bundle.json", "--as-of", "2026-01-01");
    place.write("plain.policy", policyWith('  age  years  "Age"'));
    says(/says of no fact where FHIR has it/u, "evaluate", "plain.policy", "--fhir", "bundle.json");
  });

  test("mappings with mistakes are findings of lint, can not be suppressed, and nothing is evaluated with them", () => {
    place.write("wrong.policy", policyWith('  age  years  "Age"\n    from fhir "Patient.birthdate"'));
    const linted = place.policy(["lint", "wrong.policy", "--format", "compact"]);
    assert.equal(linted.code, 1);
    assert.match(linted.out, /unknown-element/u);
    const { code, err } = place.policy(["evaluate", "wrong.policy", "--fhir", "bundle.json"]);
    assert.equal(code, 1);
    assert.match(err, /R4 has no `birthdate` in `Patient`/u);
  });
});

describe("what is loaded", () => {
  const loads = (args: readonly string[]): readonly string[] => {
    const place = workplace();
    try {
      place.write("plain.policy", policyWith('  age  years  "Age"'));
      place.write("mapped.policy", policyWith('  age  years  "Age"\n    from fhir "Patient.birthDate"'));
      place.write("spy.cjs", "const { Module } = require('node:module'); const load = Module._load; Module._load = function (name, ...rest) { if (/(?:fhir|ucum)\\.js$/.test(name)) require('node:fs').writeSync(2, `loaded ${name}\\n`); return load.call(this, name, ...rest); };");
      return place.policy(args, { env: { NODE_OPTIONS: `--require=${join(place.folder, "spy.cjs")}` } }).err.match(/(?<=^loaded .*?)\w+\.js$/gmu) ?? [];
    } finally {
      place.remove();
    }
  };

  test("FHIRPath where a policy has mappings, and nowhere else; UCUM's tables not with it", () => {
    assert.deepEqual(loads(["lint", "plain.policy"]), []);
    assert.deepEqual(loads(["lint", "mapped.policy"]), ["fhir.js"]);
  });

  test("the bundle makes no code of text and writes nothing to the terminal", () => {
    const text = readFileSync(join(ROOT, "server/dist/fhir.js"), "utf8");
    assert.deepEqual(text.match(/new Function\(|[^\w.]eval\(|console\.(?:log|warn|error)|child_process|XMLHttpRequest|[^\w.}]fetch\([^)]{0,9}/gu), null);
    assert.deepEqual([...new Set(text.match(/require\("[^"]*"\)/gu))], ['require("./ucum.js")']);
    assert.ok(text.length < 1_200_000, `${text.length}`);
  });
});

describe("in the editor", () => {
  let client: TestClient;
  before(async () => {
    client = await startClient();
  });
  after(() => client.stop());

  test("mistakes in mappings are shown at their place, while typing too", async () => {
    const uri = "file:///nowhere/mapped.policy";
    const text = policyWith('  age  years  "Age"\n    from fhir "Patient.birthdate"');
    client.open(uri, text);
    const at = async (): Promise<readonly unknown[]> => (await client.pull(uri)).filter(({ code }) => code === "unknown-element").map(({ range }) => [range.start, range.end]);
    const line = text.split("\n").findIndex((each) => each.includes("from fhir"));
    const start = text.split("\n")[line]!.indexOf("birthdate");
    assert.deepEqual(await at(), [[{ line, character: start }, { line, character: start + 9 }]]);
    client.change(uri, 2, text.replace("effective 2025-01-01", "effective 2025-01-01\n  ends 2026-01-01"));
    assert.deepEqual(await at(), [[{ line: line + 1, character: start }, { line: line + 1, character: start + 9 }]], "after an edit above it");
    client.change(uri, 3, text.replace("birthdate", "birthDate"));
    for (let i = 0; i < 40 && (await at()).length > 0; i++) await new Promise((resolve) => setTimeout(resolve, 100));
    assert.deepEqual(await at(), []);
  });
});
