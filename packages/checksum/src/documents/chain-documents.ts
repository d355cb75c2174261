import { FirebreakError, type MongodbManifest } from "@firebreak/archive";
import { isSameDigest, subtractDigests, type PlainDigest } from "@firebreak/items";
import {
  linesOfChain,
  openMadeChain,
  proveRange,
  refusedDigest,
  type ComparedCollection,
  type LinkLines,
  type LoadedPart,
  type MongodbSource,
  type Namespace,
} from "@firebreak/mongodb";
import type { AgainstMongodbOptions } from "../checksum-options.ts";
import type { ArchivedCollection } from "./archived-collections.ts";
import type { SetAside } from "./documents-set-aside.ts";
import type { ChecksumStep } from "../checksum-notes.ts";

/** The assumed size of a document. Only the size of replies depends on it. */
const ASSUMED_BYTES = 1024;

/** The result of hashing all documents of a collection. */
export interface Proved {
  readonly rowCount: number;
  readonly isEqual: boolean;
}

/** Compares a collection's documents with the digest in a manifest, without those that the target refused. */
export async function provedDigest(
  { work, identities }: AgainstMongodbOptions,
  target: MongodbSource,
  { namespace, database, storedIn }: Namespace,
  digest: PlainDigest,
  loaded: readonly LoadedPart[],
): Promise<Proved> {
  const range = { index: 0, order: "natural" } as const;
  const task = { namespace, database, storedIn, range, averageBytes: ASSUMED_BYTES };
  const found = await proveRange(target, task, () => undefined);
  const expected = subtractDigests(digest, await refusedDigest(work, loaded, identities));
  return { rowCount: found.digest.rowCount, isEqual: isSameDigest(found.digest, expected) };
}

/**
 * Returns the lines that the archive, or its whole chain, has for a collection. If an earlier link is not
 * here, it says so and returns undefined.
 */
export async function* linesOf(
  { archive, folder, previous, identities }: AgainstMongodbOptions,
  made: MongodbManifest | undefined,
  { namespace, lines, digest, made: place }: ArchivedCollection,
  proved: Proved | undefined,
): AsyncGenerator<ChecksumStep, readonly LinkLines[] | undefined> {
  if (made?.delta === undefined || place === undefined) return lines;
  try {
    const links = await openMadeChain(archive, made, { previous, identities });
    return linesOfChain([...links, { folder, manifest: made }], place, identities);
  } catch (error) {
    if (!(error instanceof FirebreakError) || error.code !== "chain-link-missing") throw error;
    const fields = { namespace, expected: digest?.rowCount ?? 0, found: proved?.rowCount ?? 0 };
    yield { kind: "note", code: "chain-documents-differ", fields };
    return undefined;
  }
}

/** Returns both sides of a collection, or undefined if the archive has nothing of it. */
export function comparedCollection(
  target: MongodbSource,
  namespace: Namespace,
  lines: readonly LinkLines[],
  setAside: readonly SetAside[],
  work: string,
): ComparedCollection | undefined {
  const all = lines.map((one) => ({
    ...one,
    setAside: setAside.find((s) => s.link === one.link)?.lines,
  }));
  const newest = all.at(-1);
  return newest === undefined ? undefined : { ...newest, earlier: all.slice(0, -1), work, target, namespace };
}
