import { sha256Of } from "@firebreak/archive";
import { z } from "zod";

export const LABEL_FORMAT = "firebreak-volume";
export const LABEL_FORMAT_VERSION = 1;

const count = z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER);
const number = z.number().int().positive();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const pieceSchema = z.object({
  file: z.string(),
  number,
  count: number,
  offset: count,
  fileBytes: count,
  fileSha256: sha256,
});

const memberSchema = z.object({
  name: z.string(),
  bytes: count,
  sha256,
  /** The range of these bytes in the file, if the file did not fit on one volume. */
  piece: pieceSchema.optional(),
});

/** The label of a volume: facts about it and about its bundle. */
export const labelSchema = z.object({
  format: z.literal(LABEL_FORMAT),
  formatVersion: z.literal(LABEL_FORMAT_VERSION),
  archive: z.string().regex(/^[\w.-]+$/),
  bundle: sha256,
  manifestSha256: sha256,
  mysqlManifestSha256: sha256.optional(),
  mongodbManifestSha256: sha256.optional(),
  /** The greatest size of a volume; undefined if there is no limit. */
  volumeMib: number.optional(),
  volume: number,
  volumeCount: number,
  /** The files of the whole archive. */
  fileCount: count,
  fileBytes: count,
  members: z.array(memberSchema),
});
export type Label = z.infer<typeof labelSchema>;
export type LabelMember = Label["members"][number];

/** The label without its list of members. */
export type LabelHead = Omit<Label, "members">;

/** Returns the identity of a bundle: one hash over the facts that its volumes have in common. */
export function bundleId({
  manifestSha256,
  mysqlManifestSha256,
  mongodbManifestSha256,
  volumeMib,
}: Pick<
  LabelHead,
  "manifestSha256" | "mysqlManifestSha256" | "mongodbManifestSha256" | "volumeMib"
>): string {
  return sha256Of(
    [
      "firebreak-bundle 1",
      manifestSha256,
      mysqlManifestSha256 ?? "-",
      ...(mongodbManifestSha256 === undefined ? [] : [mongodbManifestSha256]),
      volumeMib ?? "-",
      "",
    ].join("\n"),
  );
}

/** Returns the file name of a volume. */
export function volumeName(
  { archive, bundle, volumeCount }: Pick<LabelHead, "archive" | "bundle" | "volumeCount">,
  volume: number,
): string {
  return `${archive}-${bundle.slice(0, 8)}-${digits(volume)}-of-${digits(volumeCount)}.tar`;
}

/**
 * Returns the name of a member that is a piece of a file: `cat FILE.firebreak-piece-*` joins them in order.
 */
export function pieceName(file: string, number: number): string {
  return `${file}.firebreak-piece-${digits(number)}`;
}

/** Returns the names of the first members of a volume. */
export function labelNames(volume: number): { text: string; json: string; sums: string } {
  const stem = `firebreak-volume-${digits(volume)}`;
  return { text: `${stem}.txt`, json: `${stem}.json`, sums: `${stem}.sha256` };
}

/** The most volumes and pieces. Their numbers have four digits, so that they sort by name. */
export const MAX_VOLUMES = 9999;

function digits(value: number): string {
  return String(value).padStart(4, "0");
}
