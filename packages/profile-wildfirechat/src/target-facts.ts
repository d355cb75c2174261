import { z } from "zod";
import { reasonOf } from "@firebreak/archive";
import { profileFault } from "./profile-faults.ts";

const columnSchema = z.strictObject({
  name: z.string().min(1),
  /** The type alone, in lower case: `varchar`, `bigint`, `mediumblob`. */
  type: z.string().min(1),
  isUnsigned: z.boolean().default(false),
  /** Of character types: how many characters. */
  characters: z.int().nonnegative().optional(),
  /** Of character types: `utf8mb4`, or an older one that cannot hold every character. */
  characterSet: z.string().optional(),
  /** Of VARBINARY and BLOB types: how many bytes. */
  bytes: z.int().nonnegative().optional(),
  isNullable: z.boolean().default(false),
  /** The default's text, null for NULL; left out where the column has none. */
  default: z.string().nullable().optional(),
  /** The default is an expression (`CURRENT_TIMESTAMP`), which only the server can work out. */
  isDefaultExpression: z.boolean().default(false),
  isAutoIncrement: z.boolean().default(false),
});

const privateTargetsSchema = z.strictObject({
  plain: z.int().nonnegative(),
  pair: z.int().nonnegative(),
});

const targetFactsSchema = z.strictObject({
  format: z.literal("firebreak-target-facts"),
  formatVersion: z.literal(1),
  database: z.string().optional(),
  /** The latest migration in `flyway_schema_history`; null where there is no such table. */
  flywayVersion: z.string().nullable(),
  /** Tables of one shape stand together, so that 164 tables take a few KB. */
  shapes: z.array(
    z.strictObject({
      tables: z.array(z.string().min(1)).min(1),
      columns: z.array(columnSchema).min(1),
      uniqueKeys: z.array(z.array(z.string())).default([]),
    }),
  ),
  /** Message tables that have rows. */
  filled: z.array(z.string()).default([]),
  /** Rows of private chats that were looked at, by the form of their `_target`. */
  privateTargets: privateTargetsSchema.default({ plain: 0, pair: 0 }),
  zones: z
    .strictObject({
      /** `@@global.time_zone`; `SYSTEM` is the zone below. */
      global: z.string().optional(),
      system: z.string().optional(),
    })
    .default({}),
});

/** The MySQL target as it was seen on its own host, for transform, which has no network. */
export type TargetFacts = z.infer<typeof targetFactsSchema>;
export type ColumnFacts = z.infer<typeof columnSchema>;
export type TableFacts = TargetFacts["shapes"][number];

/** @throws {FirebreakError} `profile-file-invalid` */
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

/** The shape of a table; undefined where the target has no such table. */
export function tableFacts(facts: TargetFacts, table: string): TableFacts | undefined {
  return facts.shapes.find(({ tables }) => tables.includes(table));
}
