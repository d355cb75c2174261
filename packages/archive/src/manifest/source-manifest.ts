import { z } from "zod";
import {
  changeSchema,
  countSchema,
  deltaSchema,
  formatVersionOf,
  fileSchema,
  partSchema,
  runSchema,
  versionSchema,
} from "./schema-parts.ts";

const namespaceSchema = z.object({
  namespace: z.string(),
  database: z.string(),
  collection: z.string(),
  /** The kind at the source. A table is of MySQL; a view has a definition and no documents of its own. */
  kind: z.enum(["collection", "capped", "timeseries", "table", "view"]),
  directory: z.string(),
  /** True if the lines of a table have numbers for the values of an ENUM or SET. */
  hasMemberNumbers: z.literal(true).optional(),
  documentCount: countSchema,
  lineCount: countSchema,
  metadata: fileSchema,
  /**
   * The consistency of a collection that cannot be read as of the archive's moment. Missing for all others.
   */
  consistency: z.literal("document").optional(),
  /** In a delta, if it is "changed": the new and changed documents or rows, each key once. */
  parts: z.array(partSchema),
  /** In a delta: its change. A namespace that a delta does not list is unchanged. */
  change: changeSchema.optional(),
  /** In a delta: the key lines of deleted documents or rows; none of these keys is among `parts`. */
  deletes: z.array(partSchema).optional(),
  /**
   * Deleted keys that were past their time when the link before was made, so that the server itself most
   * likely deleted them.
   */
  expired: z.array(partSchema).optional(),
});

/** `manifest.json` at the top of an archive: the findings and output of export. */
export const sourceManifestSchema = z.object({
  format: z.literal("firebreak-archive"),
  formatVersion: versionSchema,
  /** The origin of the documents: a MongoDB server, a dump by mongodump, or a MySQL server. */
  source: z.object({ kind: z.enum(["mongodb", "dump", "mysql"]) }),
  /**
   * `document`: each document as it was at some moment of the run; no one moment holds for all. `snapshot`:
   * all as they were at one moment.
   */
  consistency: z.enum(["document", "snapshot"]),
  delta: deltaSchema.extend({ by: z.enum(["change-stream", "comparison"]) }).optional(),
  /**
   * The cluster time of the archive's moment, or of its start: `SECONDS,INCREMENT`. A delta by change stream
   * continues there.
   */
  watermark: z
    .string()
    .regex(/^\d+,\d+$/)
    .optional(),
  settings: z.object({
    include: z.array(z.string()),
    exclude: z.array(z.string()),
    partMib: z.number().positive(),
  }),
  namespaces: z.array(namespaceSchema),
  /** For MySQL: the objects of each database besides tables and views. */
  databases: z.array(z.object({ database: z.string(), metadata: fileSchema })).optional(),
  run: runSchema,
  /** The Ed25519 key whose signature is in `manifest.json.sig`: the x of RFC 8037. */
  signedBy: z.string().optional(),
});

export type SourceManifest = z.infer<typeof sourceManifestSchema>;
export type SourceNamespace = SourceManifest["namespaces"][number];

/** Returns the format version of an archive or a delta with these namespaces. */
export function archiveVersionOf(
  isDelta: boolean,
  namespaces: readonly Pick<SourceNamespace, "hasMemberNumbers">[],
): SourceManifest["formatVersion"] {
  return formatVersionOf(
    isDelta,
    namespaces.some((n) => n.hasMemberNumbers === true),
  );
}
