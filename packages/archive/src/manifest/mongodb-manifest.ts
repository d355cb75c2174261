import { z } from "zod";
import { lineIndexSchema } from "./line-index.ts";
import { namespaceSchema, tablePartSchema } from "./mysql-manifest.ts";
import { databaseSchema } from "./not-carried.ts";
import { profileFactsSchema } from "./profile-facts.ts";
import {
  changeSchema,
  countSchema,
  deltaSchema,
  digestSchema,
  fileSchema,
  partSchema,
  runSchema,
  sha256Schema,
  versionSchema,
} from "./schema-parts.ts";

const collectionSchema = z.object({
  /** The target database, unless the URL of the target names one. */
  database: z.string(),
  collection: z.string(),
  /** The namespace of the source that it was made of. */
  namespace: z.string(),
  /** The count of documents, and sums over the SHA-256 of each document's BSON. */
  digest: digestSchema,
  /** `collection.json`: options and indexes, as in an archive of MongoDB. */
  metadata: fileSchema,
  largestDocumentBytes: countSchema,
  /** Sentences that earlier versions wrote; now the namespace has `notCarried`, by codes. */
  notCarried: z.array(z.string()),
  /** Lines of canonical Extended JSON; each part with the digest of its documents. */
  parts: z.array(tablePartSchema),
  /**
   * In a delta: the change of the collection. Missing if the collection is unchanged. `digest` is that of the
   * whole collection after the delta.
   */
  change: changeSchema.optional(),
  /** In a delta: lines `{"_id":…}` of the documents to delete before those of `parts` are inserted. */
  keys: z.array(partSchema).optional(),
});
export type MongodbCollection = z.infer<typeof collectionSchema>;

/** `mongodb/manifest.json`: the output of transform for MongoDB. */
export const mongodbManifestSchema = z.object({
  format: z.literal("firebreak-mongodb"),
  formatVersion: versionSchema,
  /** The hash of the archive's own `manifest.json`: documents of another archive are refused. */
  sourceManifestSha256: sha256Schema,
  /**
   * In a delta: its place in the chain. `baseSha256` is that of the folder which transform made of the link
   * before.
   */
  delta: deltaSchema.optional(),
  profile: z.string(),
  /** For profiles other than the generic one. */
  profileFacts: profileFactsSchema.optional(),
  namespaces: z.array(namespaceSchema),
  collections: z.array(collectionSchema),
  /** Objects that the target does not get and that belong to no mapped namespace. */
  databases: z.array(databaseSchema).optional(),
  /** With a profile: the index for the transform of the next delta. */
  lineIndex: lineIndexSchema.optional(),
  run: runSchema,
  /** The Ed25519 key whose signature is in `manifest.json.sig`: the x of RFC 8037. */
  signedBy: z.string().optional(),
});

export type MongodbManifest = z.infer<typeof mongodbManifestSchema>;
