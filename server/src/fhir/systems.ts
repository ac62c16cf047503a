// The code systems of policies by the names that FHIR has for them: canonical URLs of terminology.hl7.org and US Core, and OIDs.
import type { CodeSystem } from "../vocabulary.js";

const SYSTEMS: ReadonlyMap<string, readonly CodeSystem[]> = new Map<string, readonly CodeSystem[]>([
  ["http://hl7.org/fhir/sid/icd-10-cm", ["ICD-10-CM"]], ["urn:oid:2.16.840.1.113883.6.90", ["ICD-10-CM"]],
  // The modifiers of CPT and HCPCS are codes of those systems.
  ["http://www.ama-assn.org/go/cpt", ["CPT", "modifier"]], ["urn:oid:2.16.840.1.113883.6.12", ["CPT", "modifier"]],
  ["https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets", ["HCPCS", "modifier"]], ["http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets", ["HCPCS", "modifier"]],
  ["http://terminology.hl7.org/CodeSystem/HCPCS-all-codes", ["HCPCS", "modifier"]], ["urn:oid:2.16.840.1.113883.6.285", ["HCPCS", "modifier"]],
  ["http://www.cms.gov/Medicare/Coding/ICD10", ["ICD-10-PCS"]], ["https://www.cms.gov/Medicare/Coding/ICD10", ["ICD-10-PCS"]], ["urn:oid:2.16.840.1.113883.6.4", ["ICD-10-PCS"]],
  ["http://hl7.org/fhir/sid/ndc", ["NDC"]], ["urn:oid:2.16.840.1.113883.6.69", ["NDC"]],
  ["https://www.nubc.org/CodeSystem/RevenueCodes", ["revenue"]], ["urn:oid:2.16.840.1.113883.6.301.3", ["revenue"]],
  ["https://www.cms.gov/Medicare/Medicare-Fee-for-Service-Payment/AcuteInpatientPPS/MS-DRG-Classifications-and-Software", ["MS-DRG"]],
]);

/** The systems that a `Coding.system` stands for, none where policies have no such system. */
export const systemsOf = (url: string): readonly CodeSystem[] => SYSTEMS.get(url.trim()) ?? [];
