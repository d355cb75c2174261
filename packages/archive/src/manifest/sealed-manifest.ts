import { z } from "zod";
import { MANIFEST_FORMATS } from "./manifest-text.ts";
import { countSchema, fileSchema, partSchema, sha256Schema, versionSchema } from "./schema-parts.ts";

const encryptionSchema = z.object({
  /** age recipients; what transform makes is encrypted to them too. */
  recipients: z.array(z.string()).min(1),
  /** Whether names of databases, collections and tables stand anywhere in clear. */
  names: z.enum(["hidden", "clear"]),
});

/**
 * `manifest.json` of an encrypted folder: what is visible without a key. All of
 * it but names stands here; the whole manifest is in `contents`, encrypted.
 */
export const sealedManifestSchema = z.object({
  format: z.enum(MANIFEST_FORMATS),
  formatVersion: versionSchema,
  encryption: encryptionSchema,
  /** Of what transform made: the hash of the archive's own manifest. */
  sourceManifestSha256: sha256Schema.optional(),
  /** Of a repair: the hash of the manifest whose tables it puts right. */
  mysqlManifestSha256: sha256Schema.optional(),
  /** Namespaces or tables, where their names are not hidden. */
  names: z.array(z.string()).optional(),
  lineCount: countSchema,
  contents: fileSchema,
  files: z.array(z.union([partSchema, fileSchema])),
  signedBy: z.string().optional(),
});

export type SealedManifest = z.infer<typeof sealedManifestSchema>;

/** For whom an archive is encrypted. */
export type Encryption = z.infer<typeof encryptionSchema>;
