import { reasonOf, targetFactsSchema, type TableFacts, type TargetFacts } from "@firebreak/archive";
import { profileFault } from "./profile-faults.ts";

/**
 * Reads a facts file.
 *
 * @throws {FirebreakError} `profile-file-invalid`
 */
export function readTargetFacts(text: string): TargetFacts {
  try {
    const facts = targetFactsSchema.parse(JSON.parse(text));
    const seen = new Set<string>();
    for (const table of facts.shapes.flatMap(({ tables }) => tables)) {
      if (seen.has(table)) throw new Error(`${table} has two shapes`);
      seen.add(table);
    }
    return facts;
  } catch (error) {
    throw profileFault("profile-file-invalid", { what: "target-facts", reason: reasonOf(error) }, error);
  }
}

/** Returns the shape of a table. Undefined if the target has no such table. */
export function tableFacts(facts: TargetFacts, table: string): TableFacts | undefined {
  return facts.shapes.find(({ tables }) => tables.includes(table));
}
