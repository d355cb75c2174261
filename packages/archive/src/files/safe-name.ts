import { sha256Of } from "../digest/sha256.ts";
import type { Encryption } from "../manifest/sealed-manifest.ts";
import { isAbsolute, join } from "node:path";
import { archiveFault } from "../archive-faults.ts";

/** The most bytes of a name on disk; ext4, XFS, APFS and NTFS all end at 255. */
const MAX_BYTES = 200;

/** Names that Windows keeps for devices, with any ending: an archive may travel on any stick. */
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)$/i;

/**
 * Returns the folder name for a database or collection: the name itself if it is safe, else percent-encoded,
 * reversibly (`originalName`).
 *
 * Only lower-case letters, digits, `_`, `-` and inner dots are not encoded. Upper-case letters are, so that
 * names that differ only in case stay apart on file systems that ignore case. A name too long for a file
 * system ends in `%~` and 32 hex digits of its SHA-256; only the manifest has its original.
 */
export function safeName(name: string): string {
  return encoded(name, (letter, isEdge) => /[a-z0-9_-]/.test(letter) || (letter === "." && !isEdge));
}

/** Folders of the format itself, beside those of tables and databases. */
const OUR_FOLDERS: ReadonlySet<string> = new Set(["quarantine", "listed", "generic"]);

/**
 * Returns the folder name for a table or database that is beside files and folders of the format itself. It
 * is as `safeName`, but it has no dot and is none of `OUR_FOLDERS`. All other names of the format have a dot
 * or a capital letter, so that no later version's files collide with a table's.
 */
export function apartName(name: string): string {
  const safe = encoded(name, (letter) => /[a-z0-9_-]/.test(letter));
  return OUR_FOLDERS.has(safe) ? encodedFirst(safe) : safe;
}

/** Joins two names into one, which no other two share, nor any `apartName`. */
export function apartNames(first: string, second: string): string {
  const both = `${apartName(first)}@${apartName(second)}`;
  return both.length > MAX_BYTES ? shortened(both, `${first}\0${second}`) : both;
}

function encoded(name: string, isItself: (letter: string, isEdge: boolean) => boolean): string {
  const bytes = Buffer.from(name, "utf8");
  let safe = "";
  for (const [index, byte] of bytes.entries()) {
    const letter = String.fromCharCode(byte);
    safe += isItself(letter, index === 0 || index === bytes.length - 1) ? letter : percent(byte);
  }
  if (safe === "") return "%";
  if (RESERVED.test(safe)) safe = encodedFirst(safe);
  return safe.length > MAX_BYTES ? shortened(safe, name) : safe;
}

function shortened(safe: string, name: string): string {
  return `${safe.slice(0, 160).replace(/%.?$/, "")}%~${sha256Of(name).slice(0, 32)}`;
}

/** Returns the name that `safeName` or `apartName` encoded; undefined for one that was shortened. */
export function originalName(safe: string): string | undefined {
  if (safe === "%") return "";
  if (safe.includes("%~")) return undefined;
  return Buffer.from(
    safe.replace(/%([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))),
    "latin1",
  ).toString("utf8");
}

function encodedFirst(safe: string): string {
  return percent(safe.charCodeAt(0)) + safe.slice(1);
}

function percent(byte: number): string {
  return `%${byte.toString(16).padStart(2, "0")}`;
}

/**
 * Returns the folder of a namespace's files: named after it, or only numbered if names are hidden.
 *
 * @param index a different one for each namespace of the archive.
 */
export function sourceDirectory(
  encryption: Encryption | undefined,
  { database, collection }: { readonly database: string; readonly collection: string },
  index: number,
): string {
  return encryption?.names === "hidden"
    ? `source/${numbered(index)}`
    : `source/${safeName(database)}/${safeName(collection)}`;
}

/** Returns the file of a database's objects besides tables, named in the same way. */
export function databaseFile(encryption: Encryption | undefined, database: string, index: number): string {
  return `databases/${encryption?.names === "hidden" ? numbered(index) : safeName(database)}.json`;
}

function numbered(index: number): string {
  return String(index).padStart(5, "0");
}

/**
 * Returns the place on disk of a file that a manifest names. A manifest may come from anywhere, so a name
 * that could leave the archive is refused before any file is touched.
 *
 * @throws {FirebreakError} `file-path`
 */
export function fileInArchive(archive: string, manifest: string, file: string): string {
  const segments = file.split("/");
  const isSafe =
    !isAbsolute(file) && !/[\\\0:]/.test(file) && segments.every((s) => s !== "" && s !== "." && s !== "..");
  if (!isSafe) throw archiveFault("file-path", { file, manifest });
  return join(archive, ...segments);
}
