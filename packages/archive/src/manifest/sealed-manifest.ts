import { z } from "zod";
import {
  MANIFEST_FORMATS,
  countSchema,
  fileSchema,
  partSchema,
  sha256Schema,
  versionSchema,
} from "./schema-parts.ts";

const encryptionSchema = z.object({
  /** age recipients; the output of transform is encrypted to them too. */
  recipients: z.array(z.string()).min(1),
  /** `clear` if names of databases, collections and tables are visible anywhere without a key. */
  names: z.enum(["hidden", "clear"]),
});

/**
 * `manifest.json` of an encrypted folder: the facts that are visible without a key. It lists everything but
 * names; the whole manifest is in `contents`, encrypted.
 */
export const sealedManifestSchema = z.object({
  format: z.enum(MANIFEST_FORMATS),
  formatVersion: versionSchema,
  encryption: encryptionSchema,
  /** In transform's output: the hash of the archive's own manifest. */
  sourceManifestSha256: sha256Schema.optional(),
  /** In a repair: the hash of the manifest whose tables it puts right. */
  mysqlManifestSha256: sha256Schema.optional(),
  /** Namespaces or tables, if their names are not hidden. */
  names: z.array(z.string()).optional(),
  lineCount: countSchema,
  contents: fileSchema,
  files: z.array(z.union([partSchema, fileSchema])),
  signedBy: z.string().optional(),
});

export type SealedManifest = z.infer<typeof sealedManifestSchema>;

/** The recipients of an encrypted archive, and whether it shows names. */
export type Encryption = z.infer<typeof encryptionSchema>;
