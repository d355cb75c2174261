import { z } from "zod";

/** A value of Extended JSON: JSON, with objects like `{ $oid: … }` for types that JSON lacks. */
const valueSchema: z.ZodType = z.json();

const objectSchema = z.record(z.string(), valueSchema);

const directionSchema = z.union([z.literal(1), z.literal(-1)]);

const querySchema = z
  .strictObject({
    name: z.string().min(1),
    source: z.strictObject({
      /** `database.collection` */
      collection: z.string().regex(/^[^.]+\..+$/, "a database and a collection with a dot between them"),
      /** `{ $parameter: N }` takes the place of the N-th value of a set of parameters, from 1. */
      filter: objectSchema.default({}),
      sort: z.record(z.string(), directionSchema).optional(),
      limit: z.int().positive().optional(),
      projection: objectSchema.optional(),
    }),
    /** One SELECT, with `?` for each value of a set of parameters, in their order. */
    target: z.strictObject({ sql: z.string().min(1) }),
    /** True if the rows are compared in their order. */
    ordered: z.boolean().default(false),
    parameters: z.array(z.array(valueSchema)).min(1).default([[]]),
  })
  // Only an order decides which rows a limit leaves. Without one there would be nothing to compare.
  .refine(({ source: { limit }, ordered }) => limit === undefined || ordered, {
    path: ["ordered"],
    message: "a query with a limit needs ordered: true, and the same order on both sides",
  });

/** The content of a file of queries. */
export const queriesSchema = z.strictObject({ queries: z.array(querySchema).min(1) });

export type FileQuery = z.infer<typeof querySchema>;
