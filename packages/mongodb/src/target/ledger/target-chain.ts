import type { LedgerChain } from "./ledger-entry.ts";
import { forgetChain, readLoadLedger, writeChain, type LoadLedger } from "./load-ledger.ts";
import type { MongodbSource } from "../../driver/connect.ts";
import type { ChainPlace, KnownChain } from "@firebreak/target";

/** The state of a chain in the ledgers of all databases of a target. */
export interface TargetChain {
  readonly place: ChainPlace;
  readonly databases: readonly DatabaseChain[];
}

/** The ledger of one database. */
interface DatabaseChain {
  readonly database: string;
  readonly entry: LedgerChain | undefined;
  readonly loads: LoadLedger;
}

/** Reads what the ledgers of databases say of an archive's chain. */
export async function readTargetChain(
  target: MongodbSource,
  place: ChainPlace,
  databases: readonly string[],
): Promise<TargetChain> {
  const found: DatabaseChain[] = [];
  for (const database of databases) {
    const loads = await readLoadLedger(target, database);
    found.push({ database, entry: loads.chains.find((c) => c.chain === place.chain), loads });
  }
  return { place, databases: found };
}

/** Returns true if a replay of quarantine was cut off. */
export function isReplaying({ databases }: TargetChain): boolean {
  return databases.some((d) => d.loads.parts.some((p) => p.isReplaying === true));
}

/** Returns a target's knowledge of a chain as all kinds of targets have it. */
export function knownChains({ place: { chain }, databases }: TargetChain): KnownChain[] {
  return databases.map(({ database, entry, loads }) => {
    const heads = [...loads.collections.values()];
    const hasOwn = heads.some((head) => head.chain === chain);
    return {
      database,
      links: (entry?.links ?? []).map((archive, number) => ({ number, archive })),
      begun: entry?.begun === undefined ? [] : [entry.begun],
      hasOthers: heads.length > 0 && !hasOwn,
      isNew: heads.length === 0,
      isForgotten: !hasOwn,
    };
  });
}

/**
 * Records, before anything else is written, that part of a delta may be in. If a full archive is loaded
 * again, records that no link is in.
 */
export async function beginLink(
  target: MongodbSource,
  { place, databases }: TargetChain,
  beforeEach: () => void,
): Promise<void> {
  const { chain, archive, number, base } = place;
  for (const { database, entry } of databases) {
    beforeEach();
    if (base === undefined) {
      if (entry !== undefined && entry.links.length > 1) await forgetChain(target, database, chain);
    } else if (entry?.links.includes(archive) !== true)
      await writeChain(target, database, {
        chain,
        links: linksBefore(place, entry, databases),
        begun: { archive, number },
      });
  }
}

/** Records that a link is in and proved. */
export async function endLink(
  target: MongodbSource,
  { place, databases }: TargetChain,
  beforeEach: () => void,
): Promise<void> {
  const { chain, archive, base } = place;
  for (const { database, entry } of databases) {
    if (entry?.links.at(-1) === archive && entry.begun === undefined) continue;
    beforeEach();
    const before = base === undefined ? [] : linksBefore(place, entry, databases);
    await writeChain(target, database, { chain, links: [...before, archive] });
  }
}

/** Returns the links before. A database that is new in the chain has the links of the others. */
function linksBefore(
  { archive }: ChainPlace,
  entry: LedgerChain | undefined,
  databases: readonly DatabaseChain[],
): readonly string[] {
  const entries = [entry, ...databases.map((d) => d.entry)];
  return entries.find((e) => e !== undefined && !e.links.includes(archive))?.links ?? [];
}
