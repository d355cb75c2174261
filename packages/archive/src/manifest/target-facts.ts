import { z } from "zod";
import { evidenceSchema } from "./profile-facts.ts";

const columnSchema = z.strictObject({
  name: z.string().min(1),
  /** The type alone, in lower case: `varchar`, `bigint`, `mediumblob`. Of a time with a fraction with its digits: `datetime(3)`. */
  type: z.string().min(1),
  isUnsigned: z.boolean().default(false),
  /** Of character types: how many characters. */
  characters: z.int().nonnegative().optional(),
  /** Of character types: `utf8mb4`, or an older one that cannot hold every character. */
  characterSet: z.string().optional(),
  collation: z.string().optional(),
  /** Of VARBINARY and BLOB types: how many bytes. */
  bytes: z.int().nonnegative().optional(),
  /** Of DECIMAL: all digits, and those behind the point. */
  precision: z.int().nonnegative().optional(),
  scale: z.int().nonnegative().optional(),
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

/** What is known of a target's own tables, in a file of a few KB that is carried to where there is no network. */
export const targetFactsSchema = z.strictObject({
  format: z.literal("firebreak-target-facts"),
  formatVersion: z.literal(1),
  /** As the server says it; left out with `database` where the facts are a supposition. */
  server: z.string().optional(),
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
  /** Of those, about how many the server believes there are. */
  rowEstimates: z.record(z.string(), z.int().nonnegative()).default({}),
  /** Decimal; of all message tables. */
  newestMid: z
    .string()
    .regex(/^-?\d+$/)
    .optional(),
  /** Rows of private chats that were looked at, by the form of their `_target`. */
  privateTargets: privateTargetsSchema.default({ plain: 0, pair: 0 }),
  zones: z
    .strictObject({
      /** `@@global.time_zone`; `SYSTEM` is the zone below. */
      global: z.string().optional(),
      system: z.string().optional(),
    })
    .default({}),
  /** How many sampled rows agree with each candidate zone: of the JVM (shards), of messages' and of users' rows' `_dt`. */
  evidence: z
    .strictObject({
      jvm: evidenceSchema.optional(),
      jdbc: evidenceSchema.optional(),
      session: evidenceSchema.optional(),
    })
    .default({}),
});

/** The MySQL target as it was seen on its own host, for transform, which has no network. */
export type TargetFacts = z.infer<typeof targetFactsSchema>;
export type ColumnFacts = z.infer<typeof columnSchema>;
export type TableFacts = TargetFacts["shapes"][number];
