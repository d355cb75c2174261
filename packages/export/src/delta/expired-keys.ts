import { join } from "node:path";
import { DOCUMENT_KEY, keyLineOf, readLines, type ChainNamespace } from "@firebreak/archive";
import type { ChangeWriter } from "./change-writer.ts";
import type { KeyRuns } from "./key-runs.ts";
import { dueOf, type TtlIndex } from "./ttl-indexes.ts";

/** Bytes of keys that are held in memory. */
const MEMORY_BYTES = 16 * 1024 * 1024;

/**
 * Tells a writer of documents that are gone, and whether a TTL index had them
 * past their time when they went: then the server itself most likely took them.
 *
 * @param gone key lines with when they were deleted, in seconds.
 * @param dues an empty one, for what the chain says of those that have a time.
 */
export async function writeExpired(
  writer: ChangeWriter,
  gone: KeyRuns,
  dues: KeyRuns,
  chain: {
    readonly known: ChainNamespace;
    readonly identities: readonly string[] | undefined;
    readonly indexes: readonly TtlIndex[];
    /** Those that are due later are of no interest. */
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

/** What the newest line of each key says; of a full archive those that are due. */
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
