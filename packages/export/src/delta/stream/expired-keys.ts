import { join } from "node:path";
import { DOCUMENT_KEY, keyLineOf, type ChainNamespace } from "@firebreak/items";
import { readLines } from "@firebreak/archive";
import type { ChangeWriter } from "../change-writer.ts";
import type { KeyRuns } from "./key-runs.ts";
import { dueOf, type TtlIndex } from "./ttl-indexes.ts";

/** The bytes of keys that stay in memory. */
const MEMORY_BYTES = 16 * 1024 * 1024;

/**
 * Reports deleted documents to a writer. A document counts as expired if a TTL index had it due when it was
 * deleted: then the server itself most likely deleted it.
 *
 * @param gone key lines with the time of their deletion, in seconds.
 * @param dues an empty one, for the times at which the chain's documents are due.
 * @returns the number of expired documents.
 */
export async function writeExpired(
  writer: ChangeWriter,
  gone: KeyRuns,
  dues: KeyRuns,
  chain: {
    readonly known: ChainNamespace;
    readonly identities: readonly string[] | undefined;
    readonly indexes: readonly TtlIndex[];
    /** Documents that are due after this time are ignored. */
    readonly untilSeconds: number;
  },
): Promise<number> {
  await readDues(dues, chain);
  let expiredCount = 0;
  const due = dues.read();
  let standing = await due.next();
  for await (const { key, value: deletedAt } of gone.read()) {
    while (standing.done !== true && Buffer.compare(standing.value.key, key) < 0) standing = await due.next();
    const isExpired =
      standing.done !== true && standing.value.key.equals(key) && standing.value.value <= deletedAt;
    if (isExpired) expiredCount++;
    await writer.delete(key.toString("latin1"), isExpired);
  }
  await due.return(undefined);
  return expiredCount;
}

/**
 * Reads the due time from the newest line of each key; from a full archive only if it is not later than
 * `untilSeconds`.
 */
async function readDues(
  dues: KeyRuns,
  { known, identities, indexes, untilSeconds }: Parameters<typeof writeExpired>[3],
): Promise<void> {
  const afterBlock = async (): Promise<void> => {
    if (dues.bytes > MEMORY_BYTES) await dues.spill();
  };
  for (const [i, { folder, entry }] of known.listings.entries()) {
    for (const part of entry.parts)
      await readLines(
        join(folder, part.file),
        part,
        { identities },
        (line) => {
          const due = dueOf(line, indexes);
          const key = i > 0 || due <= untilSeconds ? keyLineOf(line, DOCUMENT_KEY) : undefined;
          if (key !== undefined) dues.add(copyOf(key), due);
        },
        afterBlock,
      );
    for (const part of [...(entry.deletes ?? []), ...(entry.expired ?? [])])
      await readLines(
        join(folder, part.file),
        part,
        { identities },
        ({ line }) => dues.add(copyOf(line), Number.POSITIVE_INFINITY),
        afterBlock,
      );
  }
}

/** A slice would keep its whole piece of the file in memory. */
function copyOf(text: string): string {
  return Buffer.from(text, "latin1").toString("latin1");
}
