import {
  forgetChain,
  readChains,
  readLoadLedger,
  writeChain,
  type LedgerChain,
  type LoadLedger,
  type MongodbSource,
} from "@firebreak/mongodb";
import {
  chainRefusal,
  chainVerdict,
  type ChainPlace,
  type ChainVerdict,
  type KnownChain,
} from "@firebreak/target";

/** The state of a chain in the ledgers of all databases of a target. */
export interface TargetChain {
  readonly place: ChainPlace;
  readonly verdict: Exclude<ChainVerdict, { what: "refused" }>;
  readonly databases: readonly DatabaseChain[];
}

/** The ledger of one database. */
interface DatabaseChain {
  readonly database: string;
  readonly entry: LedgerChain | undefined;
  readonly loads: LoadLedger;
}

/**
 * Decides from the ledgers of databases whether an archive is the next link of its chain there.
 *
 * @param isReplay an archive that is in may be continued, since its quarantine is to be loaded.
 * @throws {FirebreakError} `delta-base-missing`, `delta-other-chain`, `delta-link-missing`, `delta-forked` or
 * `delta-unfinished`
 */
export async function targetChain(
  target: MongodbSource,
  place: ChainPlace,
  databases: readonly string[],
  isReplay: boolean,
): Promise<TargetChain> {
  const found: DatabaseChain[] = [];
  for (const database of databases) {
    const entry = (await readChains(target, database)).find((c) => c.chain === place.chain);
    found.push({ database, entry, loads: await readLoadLedger(target, database) });
  }
  const known = found.map((f) => knownChain(f, place.chain));
  const verdict = chainVerdict(place, known, { announcesLinks: true });
  if (verdict.what === "refused") throw chainRefusal(target.server, place, verdict);
  const isDue = isReplay || found.some((f) => f.loads.parts.some((p) => p.isReplaying === true));
  const isContinued = verdict.what === "in" && verdict.isNewest && isDue;
  return { place, verdict: isContinued ? { what: "again" } : verdict, databases: found };
}

function knownChain({ database, entry, loads }: DatabaseChain, chain: string): KnownChain {
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
