import type { MongodbSource } from "../../driver/connect.ts";
import { withLedger } from "./ledger.ts";

/** A link of a chain, named by the SHA-256 of its archive's manifest. The full archive is number 0. */
export interface LedgerLink {
  readonly archive: string;
  readonly number: number;
}

/** The links of a chain that are in a database. */
export interface LedgerChain {
  /** SHA-256 of the full archive's manifest. */
  readonly chain: string;
  /** The proved links in order, by the SHA-256 of their archives' manifests. The full archive is first. */
  readonly links: readonly string[];
  /** A delta that may be in partly. */
  readonly begun?: LedgerLink;
}

interface ChainEntry {
  readonly _id: { readonly chain: string };
  readonly links: readonly string[];
  readonly begun?: LedgerLink;
}

/** Returns the chains that loads have put into a database. */
export async function readChains(target: MongodbSource, database: string): Promise<LedgerChain[]> {
  return withLedger<ChainEntry, LedgerChain[]>(target, database, async (ledger) => {
    const entries = await ledger.find({ "_id.chain": { $exists: true } }).toArray();
    return entries.map(({ _id: { chain }, links, begun }) => ({
      chain,
      links,
      ...(begun === undefined ? {} : { begun }),
    }));
  });
}

/** Writes down which links are in. */
export async function writeChain(
  target: MongodbSource,
  database: string,
  { chain, links, begun }: LedgerChain,
): Promise<void> {
  const entry = { links, ...(begun === undefined ? {} : { begun }) };
  await withLedger<ChainEntry, unknown>(target, database, (ledger) =>
    ledger.replaceOne({ _id: { chain } }, entry, { upsert: true }),
  );
}

/** Forgets a chain, because its full archive is loaded anew. */
export async function forgetChain(target: MongodbSource, database: string, chain: string): Promise<void> {
  await withLedger<ChainEntry, unknown>(target, database, (ledger) => ledger.deleteOne({ _id: { chain } }));
}
