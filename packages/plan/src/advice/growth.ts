import type { Volume } from "../plan-record.ts";
import type { Growth } from "../facts-record.ts";

/** The days whose rows should fit into memory together. */
const DAYS_IN_MEMORY = 30;

/**
 * Compares the growth of the source with the memory of the target. Pure.
 *
 * @param volumes of the collections.
 * @param targetBytes the size of all tables, which is to the documents as that of new rows is to new documents.
 */
export function growthOf(volumes: readonly Volume[], targetBytes: number, poolBytes: number): Growth {
  const sourceBytes = volumes.reduce((sum, { bytes }) => sum + bytes, 0);
  const growing = volumes.filter(({ itemsPerDay }) => itemsPerDay !== undefined);
  const newBytes = growing.reduce(
    (sum, { itemsPerDay = 0, bytes, items }) => sum + (itemsPerDay * bytes) / Math.max(1, items),
    0,
  );
  return {
    ...(growing.length === 0
      ? {}
      : { bytesPerDay: Math.round((newBytes * targetBytes) / Math.max(1, sourceBytes)) }),
    tableBytes: targetBytes,
    poolBytes,
    partsAboveBytesPerDay: Math.floor(poolBytes / DAYS_IN_MEMORY),
  };
}
