import type { ArchiveFaults, ManifestFormat } from "@firebreak/archive";
import { message, type FaultTexts, type SomeNotes } from "../language.ts";
import { words } from "./reasons.ts";

/** The promise in advice to run a command again. It is removed for commands that start over. */
export const GOES_ON = ": it goes on where it stopped";
export const again = `Run the same command again when that is mended${GOES_ON}.`;
const copyAgain = "Copy the archive again from where it was made; if it is damaged there too, export again.";

/** The remedy for a file whose bytes are those that were sealed, so that they were wrong from the start. */
const makeAgain =
  "The file is as it was written, so another copy of it is no better. Make it again: with export, or with transform if it is below mysql/ or mongodb/. Keep the archive until then, and please report this fault of Firebreak.";

/** The number of similar files to name. */
const NAMED = 3;

export const archiveNotes = {
  "empty-last-lines": ({ files }) => {
    const named = files.slice(0, NAMED).join(", ");
    const others = files.length > NAMED ? ` and ${files.length - NAMED} more` : "";
    return `${files.length === 1 ? "A part ends" : `${files.length} parts end`} with an empty line, which was passed over: ${named}${others}. Firebreak 0.1.0 wrote such lines by mistake; all else is as the manifest says, and nothing is missing. Versions up to 0.1.0 refuse the archive; compact of a chain writes it without such lines.`;
  },
} satisfies SomeNotes;

const KINDS: Record<ManifestFormat, string> = {
  "firebreak-archive": "an archive",
  "firebreak-mysql": "what transform made of an archive for MySQL",
  "firebreak-mongodb": "what transform made of an archive for MongoDB",
  "firebreak-repair": "a repair",
};

export const archiveFaults: FaultTexts<ArchiveFaults> = {
  "archive-missing": (f) =>
    message(`There is no archive at ${f.archive}.`, "Name its folder with --archive."),
  "archive-incomplete": (f) =>
    message(
      `${f.archive} has no manifest.json: it was never finished, or not copied whole.`,
      "Run export (or transform) again to finish it, or copy it again.",
    ),
  "manifest-unreadable": (f) => message(`${f.file} cannot be read: ${words(f.reason)}.`, copyAgain),
  "format-newer": (f) =>
    message(
      `${f.file} is of format ${f.found}, and this Firebreak knows formats up to ${f.known}.`,
      "Use the Firebreak that made it, or a newer one.",
    ),
  "format-foreign": (f) =>
    f.found === undefined
      ? message(`${f.file} is not a manifest of Firebreak.`, "Name an archive's folder with --archive.")
      : message(
          `${f.file} is of ${KINDS[f.found]}, and ${KINDS[f.expected]} is needed here.`,
          f.found === "firebreak-repair"
            ? "Name the archive's own folder with --archive; load and verify alone take a repair."
            : "Name the archive's own folder with --archive.",
        ),
  "file-missing": (f) => message(`${f.file} is missing.`, copyAgain),
  "file-unexpected": (f) =>
    message(
      `${f.file} does not belong to the archive: no manifest names it.`,
      "Move it away if you know what it is; else copy the archive again.",
    ),
  "file-not-regular": (f) =>
    message(`${f.file} is a link or a device; an archive has only plain files.`, copyAgain),
  "file-size": (f) =>
    message(`${f.file} has ${f.found} bytes, and the manifest says ${f.expected}.`, copyAgain),
  "file-hash": (f) =>
    message(`${f.file} was changed: its SHA-256 is ${f.found}, and ${f.expected} was expected.`, copyAgain),
  "file-path": (f) =>
    message(
      `${f.manifest} names the file ${JSON.stringify(f.file)}, which would lie outside the archive.`,
      "Do not use this archive: somebody tampered with it.",
    ),
  "part-undecodable": (f) => message(`${f.file} cannot be decompressed: ${words(f.reason)}.`, copyAgain),
  "part-content": (f) =>
    message(
      `${f.file} does not hold what it should: ${f.what} ${f.found}, expected ${f.expected}.`,
      f.what === "lines" || f.what === "documents" ? makeAgain : copyAgain,
    ),
  "line-unreadable": (f) =>
    message(`${f.file}, line ${f.line}, cannot be read: ${words(f.reason)}.`, makeAgain),
  "line-unproved": (f) =>
    message(
      `A line that was to become line ${f.line} of ${f.file} cannot be read back: ${words(f.reason)}.`,
      `Nothing was changed. Run verify on the archives that this one is made of: it names the line. If it finds none, the disk of the folder that is written to is at fault.`,
    ),
  "part-miscounted": (f) =>
    message(
      `${f.file} was not sealed: near its line ${f.line} ${f.found} lines end where ${f.expected} were written.`,
      "This is a fault of Firebreak. Nothing wrong was left behind; please report it with what you ran.",
    ),
  "key-missing": (f) =>
    message(`${f.file} is encrypted.`, "Give the key with --identity FILE or --passphrase-file FILE."),
  "key-wrong": (f) =>
    message(`The key given does not open ${f.file}.`, "Give the identity or passphrase of this archive."),
  "include-idle": (f) =>
    message(
      `--include ${f.glob} matches nothing in ${f.place}${f.nearest === undefined ? "" : `; the nearest name is ${f.nearest}`}.`,
      "Correct the pattern, or leave it out. A pattern is DATABASE.NAME, with * for any letters and ? for one.",
    ),
  "identity-invalid": (f) =>
    message(
      `${f.file} cannot be used as a key: ${words(f.reason)}.`,
      "--identity takes a file as age-keygen writes it, --passphrase-file one that holds the passphrase.",
    ),
  "recipient-invalid": (f) =>
    message(
      `${f.recipient} is no age recipient: ${words(f.reason)}.`,
      "Give the age1… that age-keygen -y prints.",
    ),
  "signing-key-invalid": (f) =>
    message(
      `${f.file} holds no Ed25519 key in PEM: ${words(f.reason)}.`,
      "Make one with openssl genpkey -algorithm ed25519; openssl pkey -pubout writes its public half.",
    ),
  "signature-missing": (f) =>
    message(`${f.file} is missing: nobody signed this archive.`, "Ask whoever made it for a signed one."),
  "signature-wrong": (f) =>
    message(`${f.file} is not the signature of this manifest: one of the two was changed.`, copyAgain),
  "signature-foreign": (f) =>
    message(
      `The archive was signed, but not by the trusted key: ${f.file} is of the key ${f.signedBy}.`,
      "Do not use it unless you know whose key that is.",
    ),
  "folder-locked": (f) =>
    message(
      `Another run is writing there: process ${f.pid} on ${f.host} holds ${f.file}.`,
      "Wait until it is done, or stop it. The lock of a run that was killed frees itself: at once on the same host, else in 30 s.",
    ),
  "folder-lock-lost": (f) =>
    message(
      `Another run has taken over, and this one has stopped: ${f.file} is no longer its own.`,
      `Let the other run end, then run the same command again${GOES_ON}.`,
    ),
  "transform-foreign": (f) =>
    message(
      `${f.file} was made from another archive.`,
      "Run the transform again, so that rows and documents are of one archive.",
    ),
  "transform-unlinked": (f) =>
    message(
      `What transform made in ${f.folder} does not know its archive's place in a chain: an older Firebreak made it.`,
      "Move that folder away, then run the transform again.",
    ),
  "chain-link-missing": (f) =>
    message(
      `${f.archive} is delta ${f.number} of a chain, and the archive before it (manifest.json of SHA-256 ${f.sha256}) is not in ${f.looked}.`,
      "Put it beside the delta, or say where it is with --delta-from DIR.",
    ),
  "archive-is-delta": (f) =>
    message(
      `${f.archive} is a delta: it has only what changed since the archive before it.`,
      "Name a full archive, or make one of the whole chain with compact.",
    ),
  "disk-full": (f) =>
    message(`The disk is full; ${f.file} could not be written.`, `Free some space. ${again}`),
  "disk-failed": (f) => message(`${f.file} could not be read or written (${f.reason}).`, again),
};
