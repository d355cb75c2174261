import { z } from "zod";

/** The manifest format this code writes, and the newest that it reads. */
export const FORMAT_VERSION = 1;

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
