import {
  evidenceSchema,
  ReasonError,
  reasonOf,
  targetFactsShape,
  type TableFacts,
  type TargetFacts,
} from "@firebreak/archive";
import { z } from "zod";
import { profileFault, profileReason } from "../profile-faults.ts";

const { format, formatVersion, server, database, shapes, filled, rowEstimates, zones } = targetFactsShape;

/** The facts of a target that may be the chat server's. The order is that of the file. */
const chatTargetFactsSchema = z.strictObject({
  format,
  formatVersion,
  server,
  database,
  /** The latest migration in `flyway_schema_history`; null if there is no such table. */
  flywayVersion: z.string().nullable(),
  shapes,
  filled,
  rowEstimates,
  /** The newest message number in all message tables, in decimal. */
  newestMid: z
    .string()
    .regex(/^-?\d+$/)
    .optional(),
  /** Rows of private chats in the sample, by the form of their `_target`. */
  privateTargets: z
    .strictObject({ plain: z.int().nonnegative(), pair: z.int().nonnegative() })
    .default({ plain: 0, pair: 0 }),
  zones,
  /**
   * The number of sampled rows that agree with each candidate zone: of the JVM (shards), of messages' and of
   * users' rows' `_dt`.
   */
  evidence: z
    .strictObject({
      jvm: evidenceSchema.optional(),
      jdbc: evidenceSchema.optional(),
      session: evidenceSchema.optional(),
    })
    .default({}),
});

export type ChatTargetFacts = z.infer<typeof chatTargetFactsSchema>;

/**
 * Reads a facts file.
 *
 * @throws {FirebreakError} `profile-file-invalid`
 */
export function readTargetFacts(text: string): ChatTargetFacts {
  return factsOf(() => JSON.parse(text));
}

/**
 * Checks the chat server's part of facts that a manifest or a server gave.
 *
 * @throws {FirebreakError} `profile-file-invalid`
 */
export function chatTargetFacts(facts: TargetFacts): ChatTargetFacts {
  return factsOf(() => facts);
}

function factsOf(read: () => unknown): ChatTargetFacts {
  try {
    const facts = chatTargetFactsSchema.parse(read());
    const seen = new Set<string>();
    for (const table of facts.shapes.flatMap(({ tables }) => tables)) {
      if (seen.has(table)) throw new ReasonError(profileReason("two-shapes", { table }));
      seen.add(table);
    }
    return facts;
  } catch (error) {
    throw profileFault("profile-file-invalid", { what: "target-facts", reason: reasonOf(error) }, error);
  }
}

/** Returns the shape of a table. Undefined if the target has no such table. */
export function tableFacts(facts: Pick<ChatTargetFacts, "shapes">, table: string): TableFacts | undefined {
  return facts.shapes.find(({ tables }) => tables.includes(table));
}
