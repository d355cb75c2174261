import { z } from "zod";

/** The manifest format that this code writes of what is whole. */
export const FORMAT_VERSION = 1;

/** That of a delta: whoever does not know deltas must not take one for a whole. */
export const DELTA_FORMAT_VERSION = 2;

/** That of what is whole or a delta and has numbers for the values of an ENUM or SET, and the newest that it reads. */
export const MEMBERS_FORMAT_VERSION = 3;

/** `delta` in the manifest says whether it is whole or a delta, `formatVersion` goes with it. */
export const versionSchema = z.union([
  z.literal(FORMAT_VERSION),
  z.literal(DELTA_FORMAT_VERSION),
  z.literal(MEMBERS_FORMAT_VERSION),
]);

/** The lowest version whose readers understand a folder. */
export function formatVersionOf(isDelta: boolean, hasMemberNumbers: boolean): z.infer<typeof versionSchema> {
  if (hasMemberNumbers) return MEMBERS_FORMAT_VERSION;
  return isDelta ? DELTA_FORMAT_VERSION : FORMAT_VERSION;
}

const count = z.number().int().nonnegative();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** A file known whole: what `SHA256SUMS` repeats for stock tools. */
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

/** What became of a namespace or table since the link before. */
export const changeSchema = z.enum([
  /** Some keys have other contents, or are new or gone. */
  "changed",
  /** All of it is there again: new, another of the same name, or of a kind whose changes cannot be named by key. */
  "whole",
  /** It is gone. */
  "dropped",
]);
export type Change = z.infer<typeof changeSchema>;

/** Where a delta stands in its chain. */
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
  /** Of MySQL: the moment that all rows are of, as the server's binary log names it. */
  position: z.string().optional(),
});
export type Run = z.infer<typeof runSchema>;
