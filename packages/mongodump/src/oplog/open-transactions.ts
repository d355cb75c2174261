import { ReasonError } from "@firebreak/archive";
import { BSON_TYPE, elementsOf } from "../elements.ts";
import type { OplogEntry } from "./oplog-entry.ts";
import { dumpReason } from "../mongodump-reasons.ts";

/**
 * Keeps the operations of transactions that are spread over several entries, until the entry that commits
 * them.
 *
 * A large transaction is a row of applyOps entries, all but the last with `partialTxn`. A prepared one is
 * committed by an entry of its own (server source, "Replication: Transactions"). A transaction that is open
 * at the end of an oplog was not committed at that moment.
 */
export class OpenTransactions {
  readonly #operations = new Map<string, Buffer[]>();

  /**
   * Takes an applyOps entry, and returns the operations to apply now.
   *
   * @throws Error for an entry that continues a transaction whose beginning is not there.
   */
  take(entry: OplogEntry, isPartial: boolean, isPrepared: boolean): Buffer[] {
    const { transaction, hasPrevious } = entry;
    const own = operationsOf(entry);
    if (transaction === undefined) return own;
    const before = this.#operations.get(transaction);
    if (before === undefined && hasPrevious && !isRetryable(entry))
      throw new ReasonError(dumpReason("transaction-began-before", { isCommit: false }));
    const all = [...(before ?? []), ...own];
    if (!isPartial && !isPrepared) {
      this.#operations.delete(transaction);
      return all;
    }
    // Copies the bytes, because the block of the entry is overwritten.
    this.#operations.set(
      transaction,
      all.map((bytes, i) => (i < (before?.length ?? 0) ? bytes : Buffer.from(bytes))),
    );
    return [];
  }

  /** @throws Error if the transaction is not known. */
  commit({ transaction = "" }: OplogEntry): Buffer[] {
    const operations = this.#operations.get(transaction);
    if (operations === undefined)
      throw new ReasonError(dumpReason("transaction-began-before", { isCommit: true }));
    this.#operations.delete(transaction);
    return operations;
  }

  abort({ transaction = "" }: OplogEntry): void {
    this.#operations.delete(transaction);
  }
}

/** True for retryable writes: since MongoDB 7.1 an entry may have several, and each entry is complete. */
function isRetryable({ bytes }: OplogEntry): boolean {
  return elementsOf(bytes).some(({ name }) => name === "multiOpType");
}

/** Returns the operations of an applyOps, as BSON. */
function operationsOf({ o }: OplogEntry): Buffer[] {
  const [list] = o;
  if (list?.type !== BSON_TYPE.array) throw new ReasonError(dumpReason("operations-no-array"));
  return elementsOf(list.value).map(({ value }) => value);
}
