import {
  archiveFault,
  archiveReason,
  archiveVersionOf,
  fileInArchive,
  MANIFEST,
  type OwnReason,
  type PartEntry,
  type ReadLine,
  readLines,
  readTableFile,
  type SourceManifest,
  type SourceNamespace,
  toByteText,
} from "@firebreak/archive";
import { DOCUMENT_KEY, KeySet, keyLineOf } from "@firebreak/items";
import { verifyReason } from "./verify-reasons.ts";

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
  const refuse = (reason: OwnReason): never => {
    throw archiveFault("manifest-unreadable", { file: `${archive}/${MANIFEST}`, reason });
  };
  const version = archiveVersionOf(isDelta, manifest.namespaces);
  if (manifest.formatVersion !== version)
    refuse(verifyReason("format-version", { found: manifest.formatVersion, isDelta, expected: version }));
  for (const { namespace, change, parts, deletes, expired } of manifest.namespaces) {
    if (isDelta !== (change !== undefined)) refuse(verifyReason("change-misplaced", { namespace }));
    if (change !== "changed" && (deletes ?? expired) !== undefined)
      refuse(verifyReason("deletes-misplaced", { namespace }));
    if (change === "dropped" && parts.length > 0) refuse(verifyReason("dropped-with-parts", { namespace }));
  }
}

type KeyFound = { readonly key: string } | { readonly reason: OwnReason };

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
    keyOf: (read: ReadLine) => KeyFound,
    known: (key: string) => OwnReason | undefined,
  ): Promise<void> => {
    let last: Buffer | undefined;
    for (const part of parts) {
      const refuse = (line: number, reason: OwnReason): never => {
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
            refuse(read.number, verifyReason("key-order"));
          last = key;
          const reason = known(found.key);
          if (reason !== undefined) refuse(read.number, reason);
        },
        (_, bytes) => count(bytes),
      );
    }
  };
  const isKeyLine = (read: ReadLine): KeyFound =>
    keyLineOf(read, keyFields) === read.line
      ? { key: read.line }
      : { reason: verifyReason("key-line-foreign") };
  const isNew = (key: string): OwnReason | undefined =>
    gone.add(key) ? undefined : verifyReason("key-gone-twice");
  await check(ns.deletes ?? [], isKeyLine, isNew);
  await check(ns.expired ?? [], isKeyLine, isNew);
  await check(
    ns.parts,
    (read) => {
      const key = keyLineOf(read, keyFields);
      return key === undefined ? { reason: archiveReason("no-key") } : { key };
    },
    (key) => (gone.has(key) ? verifyReason("key-gone") : undefined),
  );
}
