import { sha256Of } from "@firebreak/archive";
import { labelNames, volumeName, type LabelHead, type LabelMember } from "./label.ts";

/** One of the files that make up a volume's label. */
export interface LabelFile {
  readonly name: string;
  readonly content: string;
}

/**
 * Returns the label of a volume: for people, for the tool, and for `sha256sum -c` after unpacking by hand.
 */
export function labelFiles(head: LabelHead, members: readonly LabelMember[]): LabelFile[] {
  const names = labelNames(head.volume);
  const text = `${labelTextHead(head)}${members.map(labelTextLine).join("")}`;
  const json = `${labelJsonHead(head)}${members.map(labelJsonLine).join(",")}${LABEL_JSON_END}`;
  return [
    { name: names.text, content: text },
    { name: names.json, content: json },
    { name: names.sums, content: sumsText(head.volume, sha256Of(text), sha256Of(json), members) },
  ];
}

/** Returns the list of checksums of a volume's members, without the list itself. */
export function sumsText(
  volume: number,
  textSha256: string,
  jsonSha256: string,
  members: readonly LabelMember[],
): string {
  const names = labelNames(volume);
  return [{ name: names.text, sha256: textSha256 }, { name: names.json, sha256: jsonSha256 }, ...members]
    .map(sumsLine)
    .join("");
}

/** Returns the bytes that one more member adds to each file of the label. */
export function labelGrowth(member: LabelMember): { text: number; json: number; sums: number } {
  return {
    text: Buffer.byteLength(labelTextLine(member)),
    json: Buffer.byteLength(labelJsonLine(member)) + 1,
    sums: Buffer.byteLength(sumsLine(member)),
  };
}

const LABEL_JSON_END = "\n]}\n";

function labelJsonHead(head: LabelHead): string {
  return `${JSON.stringify(head).slice(0, -1)},"members":[`;
}

function labelJsonLine(member: LabelMember): string {
  return `\n${JSON.stringify(member)}`;
}

function sumsLine({ name, sha256 }: Pick<LabelMember, "name" | "sha256">): string {
  return `${sha256}  ${name}\n`;
}

function labelTextLine({ name, bytes, sha256, piece }: LabelMember): string {
  const line = `${sha256} ${bytes} ${name}\n`;
  if (piece === undefined) return line;
  return `${line}    piece ${piece.number} of ${piece.count} of ${piece.file}: ${piece.fileBytes} bytes, SHA-256 ${piece.fileSha256}\n`;
}

function labelTextHead(head: LabelHead): string {
  const { archive, volume, volumeCount, volumeMib } = head;
  return `Firebreak bundle: volume ${volume} of ${volumeCount} of the archive ${archive}

This tar file is one of ${volumeCount} that together hold an archive of Firebreak: documents of a database as
plain files. Each of them begins with a label like this one.

  archive      ${archive}: ${head.fileCount} files, ${head.fileBytes} bytes
  manifest     SHA-256 ${head.manifestSha256}
${head.mysqlManifestSha256 === undefined ? "" : `  mysql        SHA-256 ${head.mysqlManifestSha256} of mysql/manifest.json\n`}\
${head.mongodbManifestSha256 === undefined ? "" : `  mongodb      SHA-256 ${head.mongodbManifestSha256} of mongodb/manifest.json\n`}\
  bundle       ${head.bundle}
  volumes      ${volumeMib === undefined ? "of any size" : `of ${volumeMib} MiB at most`}, named like ${volumeName(head, volume)}

Unpacking with Firebreak, all volumes at once or one after the other:

  firebreak bundle --extract FOLDER-WITH-VOLUMES --archive NEW-FOLDER

Unpacking by hand: in a new folder, for each volume in any order,

  tar -xf VOLUME

and when all are there, in the same folder,

  sha256sum -c --quiet firebreak-volume-*.sha256
  find . -name '*.firebreak-piece-0001' | while IFS= read -r first; do
    file=\${first%.firebreak-piece-0001}
    cat "$file".firebreak-piece-* > "$file" && rm "$file".firebreak-piece-*
  done
  rm firebreak-volume-*
  sha256sum -c --quiet SHA256SUMS
  for made in mysql mongodb; do
    if [ -d "$made" ]; then (cd "$made" && sha256sum -c --quiet SHA256SUMS); fi
  done

Members of this volume: SHA-256, bytes, name

`;
}
