import { z } from "zod";
import {
  changeSchema,
  countSchema,
  deltaSchema,
  fileSchema,
  partSchema,
  runSchema,
  versionSchema,
} from "./schema-parts.ts";

const namespaceSchema = z.object({
  namespace: z.string(),
  database: z.string(),
  collection: z.string(),
  /** What it is at the source, a table being of MySQL; a view has a definition and no documents of its own. */
  kind: z.enum(["collection", "capped", "timeseries", "table", "view"]),
  directory: z.string(),
  /** Of a table: that its lines have numbers for the values of an ENUM or SET. */
  hasMemberNumbers: z.literal(true).optional(),
  documentCount: countSchema,
  lineCount: countSchema,
  metadata: fileSchema,
  /** The consistency of a collection that cannot be read as of the archive's moment; left out for all others. */
  consistency: z.literal("document").optional(),
  /** Of a delta, where it is "changed": the documents or rows that are new or other than before, each key once. */
  parts: z.array(partSchema),
  /** Of a delta: what became of it. A namespace that a delta does not list is as it was. */
  change: changeSchema.optional(),
  /** Of a delta: the key lines of what is gone; none of them is among `parts`. */
  deletes: z.array(partSchema).optional(),
  /** Of those, what was past its time when the link before was made, so that the server itself most likely took it away. */
  expired: z.array(partSchema).optional(),
});

/** `manifest.json` at the top of an archive: what export found and wrote. */
export const sourceManifestSchema = z.object({
  format: z.literal("firebreak-archive"),
  formatVersion: versionSchema,
  /** Where the documents came from: a MongoDB server, what mongodump wrote of one, or a MySQL server. */
  source: z.object({ kind: z.enum(["mongodb", "dump", "mysql"]) }),
  /**
   * `document`: each document as it was at some moment of the run; no one moment
   * holds for all. `snapshot`: all as they were at one moment.
   */
  consistency: z.enum(["document", "snapshot"]),
  delta: deltaSchema.extend({ by: z.enum(["change-stream", "comparison"]) }).optional(),
  /** The cluster time that the archive is of, or was begun at: `SECONDS,INCREMENT`. A delta by change stream goes on there. */
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
  /** Of MySQL: what each database has besides tables and views. */
  databases: z.array(z.object({ database: z.string(), metadata: fileSchema })).optional(),
  run: runSchema,
  /** The Ed25519 key whose signature is in `manifest.json.sig`: the x of RFC 8037. */
  signedBy: z.string().optional(),
});

export type SourceManifest = z.infer<typeof sourceManifestSchema>;
export type SourceNamespace = SourceManifest["namespaces"][number];
