import {
  archiveFault,
  fileInArchive,
  archiveVersionOf,
  MANIFEST,
  readLines,
  readTableFile,
  toByteText,
  type PartEntry,
  type ReadLine,
  type SourceManifest,
  type SourceNamespace,
} from "@firebreak/archive";
import { DOCUMENT_KEY, KeySet, keyLineOf } from "@firebreak/items";

/** The input for the proof of a namespace's changes, whose files are proved elsewhere. */
export interface ChangesCheck {
  readonly archive: string;
  readonly ns: SourceNamespace;
  readonly identities: readonly string[] | undefined;
  /** Is called with the bytes just read. */
  readonly count: (bytes: number) => void;
}

/**
 * Checks that a delta's manifest has the change of each namespace, and that other manifests have none.
 *
 * @throws {FirebreakError} `manifest-unreadable`
 */
export function checkDeltaManifest(manifest: SourceManifest, archive: string): void {
  const isDelta = manifest.delta !== undefined;
  const refuse = (reason: string): never => {
    throw archiveFault("manifest-unreadable", { file: `${archive}/${MANIFEST}`, reason });
  };
  const version = archiveVersionOf(isDelta, manifest.namespaces);
  if (manifest.formatVersion !== version)
    refuse(
      `formatVersion is ${manifest.formatVersion}, and of ${isDelta ? "a delta" : "an archive"} like this it is ${version}`,
    );
  for (const { namespace, change, parts, deletes, expired } of manifest.namespaces) {
    if (isDelta !== (change !== undefined))
      refuse(`${namespace}: change is there of a delta, and of a delta alone`);
    if (change !== "changed" && (deletes ?? expired) !== undefined)
      refuse(`${namespace}: deletes are there only where it is changed`);
    if (change === "dropped" && parts.length > 0) refuse(`${namespace}: it is dropped, and has parts`);
  }
}

/**
 * Proves the order of the changes in a namespace: each key comes once, and no deleted key is among the new
 * lines.
 *
 * @throws {FirebreakError} `line-unreadable` for the first line that is out of place.
 */
export async function checkChanges({ archive, ns, identities, count }: ChangesCheck): Promise<void> {
  const keyFields =
    ns.kind === "table"
      ? (await readTableFile(archive, ns, identities)).keyColumns.map(toByteText)
      : DOCUMENT_KEY;
  const gone = new KeySet();
  /** @param keyOf returns a line's key, or the reason why it has none. */
  const check = async (
    parts: readonly PartEntry[],
    keyOf: (read: ReadLine) => { readonly key: string } | { readonly reason: string },
    known: (key: string) => string | undefined,
  ): Promise<void> => {
    let last: Buffer | undefined;
    for (const part of parts) {
      const refuse = (line: number, reason: string): never => {
        throw archiveFault("line-unreadable", { file: part.file, line, reason });
      };
      await readLines(
        fileInArchive(archive, MANIFEST, part.file),
        part,
        { identities },
        (read) => {
          const found = keyOf(read);
          if ("reason" in found) return refuse(read.number, found.reason);
          const key = Buffer.from(found.key, "latin1");
          if (last !== undefined && Buffer.compare(last, key) >= 0)
            refuse(read.number, "its key does not come after that of the line before");
          last = key;
          const reason = known(found.key);
          if (reason !== undefined) refuse(read.number, reason);
        },
        (_, bytes) => count(bytes),
      );
    }
  };
  const isKeyLine = (read: ReadLine): { key: string } | { reason: string } =>
    keyLineOf(read, keyFields) === read.line ? { key: read.line } : { reason: "it is no key line" };
  const isNew = (key: string): string | undefined =>
    gone.add(key) ? undefined : "its key is gone in two ways";
  await check(ns.deletes ?? [], isKeyLine, isNew);
  await check(ns.expired ?? [], isKeyLine, isNew);
  await check(
    ns.parts,
    (read) => {
      const key = keyLineOf(read, keyFields);
      return key === undefined ? { reason: "it has no key" } : { key };
    },
    (key) => (gone.has(key) ? "its key is among those that are gone" : undefined),
  );
}
