import { z } from "zod";
import { countSchema, fileSchema, FORMAT_VERSION, partSchema, runSchema } from "./schema-parts.ts";

const namespaceSchema = z.object({
  namespace: z.string(),
  database: z.string(),
  collection: z.string(),
  /** What it is at the source, a table being of MySQL; a view has a definition and no documents of its own. */
  kind: z.enum(["collection", "capped", "timeseries", "table", "view"]),
  directory: z.string(),
  documentCount: countSchema,
  lineCount: countSchema,
  metadata: fileSchema,
  parts: z.array(partSchema),
});

/** `manifest.json` at the top of an archive: what export found and wrote. */
export const sourceManifestSchema = z.object({
  format: z.literal("firebreak-archive"),
  formatVersion: z.literal(FORMAT_VERSION),
  /** Where the documents came from: a MongoDB server, what mongodump wrote of one, or a MySQL server. */
  source: z.object({ kind: z.enum(["mongodb", "dump", "mysql"]) }),
  /**
   * `document`: each document as it was at some moment of the run; no one moment
   * holds for all. `snapshot`: all as they were at one moment.
   */
  consistency: z.enum(["document", "snapshot"]),
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
