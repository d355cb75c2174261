import { createHash } from "node:crypto";
import { mongodumpFault } from "./mongodump-faults.ts";

/** The limit that mongodump keeps, so that `.metadata.json.gz` still fits into a file system's 255 bytes. */
const MAX_STEM_BYTES = 238;
const CUT_BYTES = 208;
/** An encoded `$`, which never occurs in a collection's name. */
const CUT_MARK = "%24";

const MAX_DATABASE_BYTES = 63;

/**
 * Returns the name of a collection's files without their ending, as mongodump writes it.
 *
 * It is encoded like Go's `url.QueryEscape`: letters, digits and `-_.~` stay, a space becomes `+`, every
 * other byte of the UTF-8 becomes `%` and two upper-case hex digits. If the result is longer than 238 bytes,
 * the name is its first 208 bytes, `%24`, and the SHA-1 of the name in URL-safe base64 without padding
 * (mongo-tools, `mongodump/prepare.go`).
 */
export function fileStem(collection: string): string {
  const escaped = Buffer.from(collection, "utf8")
    .toString("latin1")
    .replace(/[^A-Za-z0-9_.~ -]/g, percent)
    .replaceAll(" ", "+");
  if (escaped.length <= MAX_STEM_BYTES) return escaped;
  const hash = createHash("sha1").update(collection, "utf8").digest("base64url");
  return `${escaped.slice(0, CUT_BYTES)}${CUT_MARK}${hash}`;
}

/**
 * Returns the collection that files belong to. Undefined if the name was cut: then the metadata has it.
 *
 * Dumps from before the encoding have plain names, so a `%` that begins no encoded byte stays as it is.
 */
export function collectionOfStem(stem: string): string | undefined {
  const isCut = stem.length === MAX_STEM_BYTES && stem.startsWith(CUT_MARK, CUT_BYTES);
  if (isCut) return undefined;
  const bytes = Buffer.from(stem.replaceAll("+", " "), "utf8").toString("latin1");
  const decoded = bytes.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(parseInt(hex, 16)),
  );
  return Buffer.from(decoded, "latin1").toString("utf8");
}

/**
 * Refuses a name that no server accepts for a database. In a dump's folder such a name, which is not encoded,
 * could lead anywhere. mongorestore refuses it too.
 *
 * @throws {FirebreakError} `dump-database-name`
 */
export function expectDatabaseName(database: string, path: string): void {
  if (!/^[^/\\. "$\0]+$/.test(database) || Buffer.byteLength(database) > MAX_DATABASE_BYTES)
    throw mongodumpFault("dump-database-name", { path, database });
}

function percent(letter: string): string {
  return `%${letter.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`;
}
