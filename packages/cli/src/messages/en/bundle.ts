import type { BundleFaults, BundleNotes, MemberRefusal, VolumeDamage } from "@firebreak/bundle";
import { message, type FaultTexts, type NoteTexts } from "../language.ts";

const copyVolumeAgain =
  "Copy this volume again from where it was made, then run the same command again: volumes already unpacked are kept.";

export const bundleFaults: FaultTexts<BundleFaults> = {
  "volumes-too-many": (f) =>
    message(
      `With --volume-mib ${f.volumeMib} the archive would take more than ${f.limit} volumes.`,
      "Name a larger size.",
    ),
  "out-in-archive": (f) =>
    message(
      `The volumes cannot go to ${f.out}: that is inside ${f.archive}, which is being packed.`,
      "Name another folder with --out.",
    ),
  "out-taken": (f) =>
    message(
      `${f.out} holds ${f.found}, which is not of this bundle: the archive or --volume-mib was another then, or it is something else.`,
      "Name another folder with --out, or move this one away.",
    ),
  "volumes-none": (f) =>
    message(`There is no volume of a bundle in ${f.folder}.`, "Name the folder that the .tar files are in."),
  "volumes-missing": (f) =>
    message(
      `The archive is not complete yet: of ${f.count} volumes ${f.missing.length} have not been unpacked to ${f.archive}:\n${listed(f.missing)}`,
      `What was in ${f.folder} is unpacked. Run the same command again with the next stick, until all have been there.`,
    ),
  "volume-foreign": (f) =>
    message(
      `${f.volume} is of bundle ${f.found.slice(0, 8)}, and bundle ${f.expected.slice(0, 8)} is being unpacked.`,
      "Move it to another folder: each bundle is unpacked on its own, to a folder of its own.",
    ),
  "volume-twice": (f) =>
    message(
      `${f.volume} and ${f.other} are both volume ${f.number} of the bundle.`,
      "Move one of them away.",
    ),
  "volume-unlabelled": (f) =>
    message(
      `${f.volume} is not a volume of a bundle: it does not begin with a label.`,
      "Move it away if you know what it is; else copy the volume again.",
    ),
  "volume-damaged": (f) => message(`${f.volume} ${volumeDamage(f.what)}.`, copyVolumeAgain),
  "member-refused": (f) =>
    message(
      `${f.volume} was refused: ${JSON.stringify(f.member)} ${memberRefusal(f.why)}.`,
      "Do not use this volume: no Firebreak made it so. Copy it again from where it was made.",
    ),
  "member-damaged": (f) =>
    message(
      `${f.volume} is damaged: the SHA-256 of ${f.member} is ${f.found}, and ${f.expected} was expected.`,
      copyVolumeAgain,
    ),
  "target-taken": (f) =>
    message(
      `${f.archive} holds something else already (${f.found}).`,
      "Name a new or empty folder with --archive.",
    ),
};

export const bundleNotes: NoteTexts<BundleNotes> = {
  "bundle-plan": (f) => `${figures(f)} would be packed in ${f.out}.`,
  "bundle-resumed": (f) => `Going on: ${f.sealed} of ${f.volumes} volumes are sealed already.`,
  "bundle-packed": (f) => `${figures(f)} are packed in ${f.out}.`,
  "extract-plan": (f) =>
    `${f.volumes.length === 0 ? "Nothing" : f.volumes.join(", ")} would be unpacked to ${f.archive}.${f.missing.length === 0 ? "" : ` These volumes would be missing then:\n${listed(f.missing)}`}`,
  "extract-resumed": (f) => `Going on: ${f.done} of ${f.volumes} volumes are unpacked already.`,
  "bundle-extracted": (f) =>
    `${figures(f)} are unpacked in ${f.archive}, and each file is as the manifest says.`,
};

/** Lists the first names, one a line, and counts the others. */
function listed(names: readonly string[]): string {
  const shown = names.slice(0, 20).map((name) => `  ${name}`);
  return [...shown, ...(names.length > 20 ? [`  … and ${names.length - 20} more`] : [])].join("\n");
}

function figures(f: { files: number; bytes: number; volumes: number }): string {
  const count = (value: number): string => value.toLocaleString("en-US");
  return `${count(f.files)} files (${count(f.bytes)} bytes) in ${f.volumes === 1 ? "1 volume" : `${count(f.volumes)} volumes`}`;
}

function volumeDamage(what: VolumeDamage): string {
  switch (what) {
    case "cut-off":
      return "is cut off: it ends too early";
    case "head":
      return "is damaged: the head of a member cannot be read";
    case "padding":
      return "is damaged: something stands where zeros belong";
    case "end":
      return "is damaged: something stands behind its end";
    case "label":
      return "is damaged: its label is not as it was written";
    case "checksum":
      return "is damaged: its SHA-256 is not that in the .sha256 file beside it";
    case "checksum-file":
      return "has a .sha256 file beside it that cannot be read";
  }
}

function memberRefusal(why: MemberRefusal): string {
  switch (why) {
    case "kind":
      return "is not a plain file";
    case "name":
      return "has a name that Firebreak does not give";
    case "unlisted":
      return "is not in the volume's label";
    case "twice":
      return "is there twice";
    case "missing":
      return "is in the volume's label, but not in the volume";
    case "size":
      return "has not the size that the label says";
  }
}
