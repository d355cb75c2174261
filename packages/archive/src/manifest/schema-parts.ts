import { z } from "zod";

/** The format version of a full archive's manifest. */
export const FORMAT_VERSION = 1;

/**
 * The format version of a delta, so that a reader that does not know deltas never takes one for a full
 * archive.
 */
export const DELTA_FORMAT_VERSION = 2;

/**
 * The format version of an archive or delta with numbers for the values of an ENUM or SET. It is the newest
 * that this code reads.
 */
export const MEMBERS_FORMAT_VERSION = 3;

/**
 * The known versions. `delta` in the manifest tells a delta from a full archive; `formatVersion` must agree
 * with it.
 */
export const versionSchema = z.union([
  z.literal(FORMAT_VERSION),
  z.literal(DELTA_FORMAT_VERSION),
  z.literal(MEMBERS_FORMAT_VERSION),
]);

/** Returns the lowest version whose readers understand a folder. */
export function formatVersionOf(isDelta: boolean, hasMemberNumbers: boolean): z.infer<typeof versionSchema> {
  if (hasMemberNumbers) return MEMBERS_FORMAT_VERSION;
  return isDelta ? DELTA_FORMAT_VERSION : FORMAT_VERSION;
}

const count = z.number().int().nonnegative();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** A file that is known as a whole; `SHA256SUMS` repeats its hash for stock tools. */
export const fileSchema = z.object({ file: z.string(), bytes: count, sha256 });
export type FileEntry = z.infer<typeof fileSchema>;

/** A sealed part: the file as it is on disk, and its plaintext. */
export const partSchema = fileSchema.extend({ plainBytes: count, plainSha256: sha256, lineCount: count });
export type PartEntry = z.infer<typeof partSchema>;

/** A `PlainDigest`: the count of rows and two sums modulo 2^64, in decimal. */
export const digestSchema = z.object({
  rowCount: count,
  laneA: z.string().regex(/^\d{1,20}$/),
  laneB: z.string().regex(/^\d{1,20}$/),
});

/** The change of a namespace or table since the link before. */
export const changeSchema = z.enum([
  /** Some keys have other contents, or are new or deleted. */
  "changed",
  /**
   * The delta has all of it: it is new, it replaces another of the same name, or its kind has no changes by
   * key.
   */
  "whole",
  /** It was dropped. */
  "dropped",
]);
export type Change = z.infer<typeof changeSchema>;

/** The place of a delta in its chain. */
export const deltaSchema = z.object({
  /** SHA-256 of the manifest of the link before: the full archive, or a delta. */
  baseSha256: sha256,
  /** SHA-256 of the manifest of the full archive that the chain begins with. */
  chainSha256: sha256,
  /** 1 for the first. */
  number: z.number().int().positive(),
});
export type Delta = z.infer<typeof deltaSchema>;

export const countSchema: typeof count = count;
export const sha256Schema: typeof sha256 = sha256;

/** Facts of one run; no comparison of archives looks at them. */
export const runSchema = z.object({
  startedAt: z.string(),
  finishedAt: z.string(),
  host: z.string(),
  firebreak: z.string(),
  node: z.string(),
  server: z.string().optional(),
  /** For MySQL: the moment of all rows, as a position of the server's binary log. */
  position: z.string().optional(),
});
export type Run = z.infer<typeof runSchema>;

/** The formats of a folder: the output of export, of transform for each target, and of a repair. */
export const MANIFEST_FORMATS = [
  "firebreak-archive",
  "firebreak-mysql",
  "firebreak-mongodb",
  "firebreak-repair",
] as const;

export type ManifestFormat = (typeof MANIFEST_FORMATS)[number];
