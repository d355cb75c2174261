import { z } from "zod";
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
  /** The database when the URL of the target names none. */
  database: z.string(),
  collection: z.string(),
  /** What of the source it was made of. */
  namespace: z.string(),
  /** Count of documents, and sums over the SHA-256 of each document's BSON. */
  digest: digestSchema,
  /** `collection.json`: options and indexes, as in an archive of MongoDB. */
  metadata: fileSchema,
  largestDocumentBytes: countSchema,
  /** Sentences that earlier versions wrote; now the namespace has `notCarried`, by codes. */
  notCarried: z.array(z.string()),
  /** Lines of canonical Extended JSON; each with the digest of its documents. */
  parts: z.array(tablePartSchema),
  /** Of a delta: what becomes of the collection; missing where it is as it was. `digest` is of all of it when the delta is in. */
  change: changeSchema.optional(),
  /** Of a delta: lines `{"_id":…}` of the documents to delete before those of `parts` are inserted. */
  keys: z.array(partSchema).optional(),
});
export type MongodbCollection = z.infer<typeof collectionSchema>;

/** `mongodb/manifest.json`: what transform made of an archive for MongoDB. */
export const mongodbManifestSchema = z.object({
  format: z.literal("firebreak-mongodb"),
  formatVersion: versionSchema,
  /** The hash of the archive's own `manifest.json`: documents of another archive are refused. */
  sourceManifestSha256: sha256Schema,
  /** Of a delta: its place in the chain, `baseSha256` being that of the folder which transform made of the link before. */
  delta: deltaSchema.optional(),
  profile: z.string(),
  /** Of other profiles than the generic one. */
  profileFacts: profileFactsSchema.optional(),
  namespaces: z.array(namespaceSchema),
  collections: z.array(collectionSchema),
  /** Objects that the target does not get and that belong to no mapped namespace. */
  databases: z.array(databaseSchema).optional(),
  run: runSchema,
  /** The Ed25519 key whose signature is in `manifest.json.sig`: the x of RFC 8037. */
  signedBy: z.string().optional(),
});

export type MongodbManifest = z.infer<typeof mongodbManifestSchema>;
