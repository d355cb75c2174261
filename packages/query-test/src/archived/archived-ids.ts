import { hash } from "node:crypto";
import { fileInArchive, lineBlocks, MANIFEST, type SourceNamespace } from "@firebreak/archive";
import { NumberSet } from "@firebreak/items";
import { documentOfLine, idText } from "../sides/found-document.ts";

/** The most documents of an archive that is a part of its source. A number for each is in memory. */
export const MOST_PART_DOCUMENTS = 1 << 24;

/**
 * Reads the `_id`s of an archive. Returns a function that tells if the archive has a document.
 *
 * @throws {FirebreakError} any error of reading a part.
 */
export async function archivedIds(
  archive: string,
  namespaces: readonly Pick<SourceNamespace, "namespace" | "parts">[],
  identities: readonly string[] | undefined,
): Promise<(namespace: string, id: string) => boolean> {
  const ids = new NumberSet();
  for (const { namespace, parts } of namespaces)
    for (const part of parts) {
      const file = fileInArchive(archive, MANIFEST, part.file);
      for await (const _ of lineBlocks(file, part, { identities }, (read) => {
        ids.add(numberOf(namespace, idText(read.isRaw ? documentOfLine(read.line) : read)));
      }));
    }
  return (namespace, id) => ids.has(numberOf(namespace, id));
}

function numberOf(namespace: string, id: string): bigint {
  return hash("sha256", JSON.stringify([namespace, id]), "buffer").readBigUInt64BE();
}
