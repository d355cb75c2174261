import { z } from "zod";
import { tableSchema } from "./mysql-manifest.ts";
import { countSchema, partSchema, runSchema, sha256Schema, versionSchema } from "./schema-parts.ts";

const repairTableSchema = z.object({
  /**
   * The table's entry in the manifest that is repaired; its parts are in the target's ledger, not in this
   * folder.
   */
  table: tableSchema,
  missingCount: countSchema,
  extraCount: countSchema,
  changedCount: countSchema,
  /** CSV of the key columns, in the order of `keyColumns`: every row with one of these keys is deleted. */
  keys: partSchema,
  /** CSV of whole rows: all rows of the archive that have these keys. */
  rows: partSchema.optional(),
});
export type RepairTable = z.infer<typeof repairTableSchema>;

/** `manifest.json` of a repair: the rows to put right in a target that differs from an archive. */
export const repairManifestSchema = z.object({
  format: z.literal("firebreak-repair"),
  formatVersion: versionSchema,
  /** The hash of the `mysql/manifest.json` whose tables it puts right. */
  mysqlManifestSha256: sha256Schema,
  tables: z.array(repairTableSchema),
  run: runSchema,
  /** The Ed25519 key whose signature is in `manifest.json.sig`: the x of RFC 8037. */
  signedBy: z.string().optional(),
});

export type RepairManifest = z.infer<typeof repairManifestSchema>;
