import { createHash } from "node:crypto";
import { archiveFault, fileInArchive, sha256Of } from "@firebreak/archive";
import { z } from "zod";
import { bundleFault, type MemberRefusal } from "./bundle-faults.ts";
import { sumsText } from "./label-files.ts";
import {
  bundleId,
  LABEL_FORMAT,
  LABEL_FORMAT_VERSION,
  labelNames,
  labelSchema,
  pieceName,
  type Label,
} from "./label.ts";
import { PROGRESS_FILE } from "./target-state.ts";
import type { VolumeReader } from "./volume/volume-reader.ts";

/**
 * The greatest size of a label's member, which a string can still hold. A real label has some hundred bytes
 * for each file.
 */
const MAX_LABEL_BYTES = 256 * 1024 * 1024;

/**
 * Reads the first three members of a volume and leaves the reader before the next one. The list of checksums
 * proves the other two, and both prove the list.
 *
 * @throws {FirebreakError} `volume-unlabelled`, `volume-damaged`, `format-newer`, `file-path` (a member that
 * would be outside the folder it is unpacked to), or any error of the reader.
 */
export async function readLabel(reader: VolumeReader, volume: string): Promise<Label> {
  const first = await reader.next();
  const number = Number(/^firebreak-volume-(\d{4})\.txt$/.exec(first?.name ?? "")?.[1] ?? 0);
  if (number === 0) throw bundleFault("volume-unlabelled", { volume });
  const names = labelNames(number);
  const textHash = createHash("sha256");
  for await (const block of reader.content()) textHash.update(block);
  const json = await readText(reader, names.json, volume);
  const sums = await readText(reader, names.sums, volume);
  const label = parse(json, volume);
  if (
    label.volume !== number ||
    label.volume > label.volumeCount ||
    label.bundle !== bundleId(label) ||
    sums !== sumsText(number, textHash.digest("hex"), sha256Of(json), label.members)
  )
    throw bundleFault("volume-damaged", { volume, what: "label" });
  refuseUnsafe(label, volume);
  return label;
}

async function readText(reader: VolumeReader, name: string, volume: string): Promise<string> {
  const found = await reader.next();
  if (found?.name !== name || found.bytes > MAX_LABEL_BYTES)
    throw bundleFault("volume-damaged", { volume, what: "label" });
  const blocks: Buffer[] = [];
  for await (const block of reader.content()) blocks.push(Buffer.from(block));
  return Buffer.concat(blocks).toString("utf8");
}

function parse(json: string, volume: string): Label {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw bundleFault("volume-damaged", { volume, what: "label" }, error);
  }
  const head = z.object({ format: z.literal(LABEL_FORMAT), formatVersion: z.number() }).safeParse(value);
  if (head.success && head.data.formatVersion > LABEL_FORMAT_VERSION)
    throw archiveFault("format-newer", {
      file: volume,
      found: head.data.formatVersion,
      known: LABEL_FORMAT_VERSION,
    });
  const label = labelSchema.safeParse(value);
  if (!label.success) throw bundleFault("volume-damaged", { volume, what: "label" }, label.error);
  return label.data;
}

/**
 * Refuses unsafe names, because the maker of the volume chose them. None may lead out of the folder, whatever
 * folder it is, or to our own files.
 */
function refuseUnsafe({ members }: Label, volume: string): void {
  const names = new Set<string>();
  for (const { name, bytes, piece } of members) {
    fileInArchive("", volume, name);
    const refuse = (why: MemberRefusal): Error =>
      bundleFault("member-refused", { volume, member: name, why });
    if (names.has(name)) throw refuse("twice");
    names.add(name);
    if (name === PROGRESS_FILE) throw refuse("name");
    if (piece === undefined) continue;
    fileInArchive("", volume, piece.file);
    if (name !== pieceName(piece.file, piece.number)) throw refuse("name");
    if (piece.offset + bytes > piece.fileBytes) throw refuse("size");
  }
}
