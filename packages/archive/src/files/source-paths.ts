import type { Encryption } from "../manifest/sealed-manifest.ts";
import { safeName } from "./safe-name.ts";

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
