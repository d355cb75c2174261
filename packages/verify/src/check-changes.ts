import {
  archiveFault,
  archiveReason,
  archiveVersionOf,
  fileInArchive,
  lineBlocks,
  MANIFEST,
  type OwnReason,
  type PartEntry,
  type ReadLine,
  readTableFile,
  ReasonError,
  reasonsOf,
  refuseSealed,
  type SourceManifest,
  type SourceNamespace,
  toByteText,
} from "@firebreak/archive";
import { DOCUMENT_KEY, keyLineOf } from "@firebreak/items";

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

/**
 * Proves the order of the changes in a namespace: each key comes once, and no deleted key is among the new
 * lines.
 *
 * @throws {FirebreakError} `line-unreadable` for a line that is out of place.
 */
export async function checkChanges(check: ChangesCheck): Promise<void> {
  const { archive, ns, identities } = check;
  const keyFields =
    ns.kind === "table"
      ? (await readTableFile(archive, ns, identities)).keyColumns.map(toByteText)
      : DOCUMENT_KEY;
  const keyLine = (read: ReadLine): string => {
    if (keyLineOf(read, keyFields) !== read.line) throw new ReasonError(verifyReason("key-line-foreign"));
    return read.line;
  };
  const keyOf = (read: ReadLine): string => {
    const key = keyLineOf(read, keyFields);
    if (key === undefined) throw new ReasonError(archiveReason("no-key"));
    return key;
  };
  const cursors = [
    new KeyCursor(ascendingKeys(check, ns.deletes, keyLine), verifyReason("key-gone-twice")),
    new KeyCursor(ascendingKeys(check, ns.expired, keyLine), verifyReason("key-gone-twice")),
    new KeyCursor(ascendingKeys(check, ns.parts, keyOf), verifyReason("key-gone")),
  ];
  try {
    for (const cursor of cursors) await cursor.next();
    for (;;) {
      const standing = cursors.filter((c) => c.key !== undefined);
      const [first] = standing.toSorted((a, b) => Buffer.compare(a.key!, b.key!));
      if (first === undefined) return;
      const [, second] = standing.filter((c) => c.key!.equals(first.key!));
      await second?.refuse();
      await first.next();
    }
  } finally {
    for (const cursor of cursors) await cursor.close();
  }
}

/** A key, and the line that has it. */
interface KeyAt {
  readonly key: Buffer;
  readonly file: string;
  readonly line: number;
}

/** Yields the keys of parts, a block at a time. Refuses a key that does not come after the one before. */
async function* ascendingKeys(
  { archive, identities, count }: ChangesCheck,
  parts: readonly PartEntry[] = [],
  keyOf: (read: ReadLine) => string,
): AsyncGenerator<readonly KeyAt[]> {
  let last: Buffer | undefined;
  for (const part of parts) {
    const { file } = part;
    let keys: KeyAt[] = [];
    const take = (read: ReadLine): void => {
      const key = Buffer.from(keyOf(read), "latin1");
      if (last !== undefined && Buffer.compare(last, key) >= 0)
        throw new ReasonError(verifyReason("key-order"));
      last = key;
      keys.push({ key, file, line: read.number });
    };
    for await (const { bytes } of lineBlocks(
      fileInArchive(archive, MANIFEST, file),
      part,
      { identities },
      take,
    )) {
      count(bytes);
      yield keys;
      keys = [];
    }
  }
}

/** A position in ascending keys. */
class KeyCursor {
  readonly #blocks: AsyncGenerator<readonly KeyAt[]>;
  readonly #reason: OwnReason;
  #block: readonly KeyAt[] = [];
  #at = -1;

  /** @param reason why the current line is out of place if another cursor has its key too. */
  constructor(blocks: AsyncGenerator<readonly KeyAt[]>, reason: OwnReason) {
    this.#blocks = blocks;
    this.#reason = reason;
  }

  /** The current key; undefined behind the last one. */
  get key(): Buffer | undefined {
    return this.#block[this.#at]?.key;
  }

  async next(): Promise<void> {
    this.#at++;
    while (this.#at >= this.#block.length) {
      const next = await this.#blocks.next();
      if (next.done === true) return;
      this.#block = next.value;
      this.#at = 0;
    }
  }

  async close(): Promise<void> {
    await this.#blocks.return(undefined);
  }

  /** @throws {FirebreakError} `line-unreadable`, or an error of the rest of its part. */
  async refuse(): Promise<never> {
    const { file, line } = this.#block[this.#at]!;
    return refuseSealed(this.#blocks, archiveFault("line-unreadable", { file, line, reason: this.#reason }));
  }
}

/** The reasons why a manifest or a line of a delta is out of place, with their fields. */
export interface VerifyReasons {
  "format-version": { found: number; isDelta: boolean; expected: number };
  "change-misplaced": { namespace: string };
  "deletes-misplaced": { namespace: string };
  "dropped-with-parts": { namespace: string };
  "key-line-foreign": undefined;
  "key-order": undefined;
  "key-gone-twice": undefined;
  "key-gone": undefined;
}

const verifyReason: ReturnType<typeof reasonsOf<VerifyReasons>> = reasonsOf<VerifyReasons>();
