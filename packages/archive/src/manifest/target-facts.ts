import { z } from "zod";

const columnSchema = z.strictObject({
  name: z.string().min(1),
  /**
   * The type alone, in lower case: `varchar`, `bigint`, `mediumblob`. A time with a fraction has its digits
   * too: `datetime(3)`.
   */
  type: z.string().min(1),
  isUnsigned: z.boolean().default(false),
  /** For character types: the number of characters. */
  characters: z.int().nonnegative().optional(),
  /** For character types: `utf8mb4`, or an older one that cannot hold every character. */
  characterSet: z.string().optional(),
  collation: z.string().optional(),
  /** For VARBINARY and BLOB types: the number of bytes. */
  bytes: z.int().nonnegative().optional(),
  /** For DECIMAL: all digits, and those behind the point. */
  precision: z.int().nonnegative().optional(),
  scale: z.int().nonnegative().optional(),
  isNullable: z.boolean().default(false),
  /** The default's text, null for NULL. Missing if the column has no default. */
  default: z.string().nullable().optional(),
  /** True if the default is an expression (`CURRENT_TIMESTAMP`), which only the server can evaluate. */
  isDefaultExpression: z.boolean().default(false),
  isAutoIncrement: z.boolean().default(false),
});

/**
 * The known facts of a target's own tables: a file of a few KB that a person carries to a place without
 * network. An application's facts stand among them. Only its profile knows their names.
 */
export const targetFactsShape = {
  format: z.literal("firebreak-target-facts"),
  formatVersion: z.literal(1),
  /** The version that the server reports. Missing, as is `database`, if the facts are assumed. */
  server: z.string().optional(),
  database: z.string().optional(),
  /** Tables by shape: tables of one shape share an entry, so that 164 tables take a few KB. */
  shapes: z.array(
    z.strictObject({
      tables: z.array(z.string().min(1)).min(1),
      columns: z.array(columnSchema).min(1),
      uniqueKeys: z.array(z.array(z.string())).default([]),
    }),
  ),
  /** Tables that have rows. */
  filled: z.array(z.string()).default([]),
  /** The server's estimate of the rows in each of those. */
  rowEstimates: z.record(z.string(), z.int().nonnegative()).default({}),
  zones: z
    .strictObject({
      /** `@@global.time_zone`; `SYSTEM` means the zone in `system`. */
      global: z.string().optional(),
      system: z.string().optional(),
    })
    .default({}),
};

const namedFacts = z.looseObject(targetFactsShape);

/** Keeps the members in the order of the input, so that a manifest that is written again has the same bytes. */
export const targetFactsSchema = z.looseObject({}).transform((value, context): TargetFacts => {
  const named = namedFacts.safeParse(value);
  if (named.success) return { ...value, ...named.data };
  for (const { path, message } of named.error.issues) context.addIssue({ code: "custom", path, message });
  return z.NEVER;
});

/** The MySQL target as it was seen on its own host, for transform, which has no network. */
export type TargetFacts = z.infer<typeof namedFacts>;
export type ColumnFacts = z.infer<typeof columnSchema>;
export type TableFacts = TargetFacts["shapes"][number];
