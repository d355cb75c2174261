import {
  forgetChain,
  readChains,
  readLoadLedger,
  writeChain,
  type LedgerChain,
  type LoadLedger,
  type MongodbSource,
} from "@firebreak/mongodb";
import type { FirebreakError } from "@firebreak/archive";
import { deltaFault } from "../delta/delta-faults.ts";
import { chainVerdict, type ChainPlace, type ChainProblem, type ChainVerdict } from "./chain-place.ts";
import { toMongodbFault } from "./to-mongodb-faults.ts";

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
 * Decides from the ledgers of databases whether an archive is the next link of its chain there. A database
 * that is new in the chain is ignored if another one knows the chain.
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
  const isKnown = found.some((f) => f.entry !== undefined);
  const verdicts: Exclude<ChainVerdict, { what: "refused" }>[] = [];
  for (const { database, entry, loads } of found) {
    if (place.base !== undefined && isKnown && entry === undefined && loads.collections.size === 0) continue;
    const verdict = chainVerdict(place, entry, loads);
    if (verdict.what === "refused") throw refusal({ server: target.server, database }, place, verdict.why);
    const isDue = isReplay || loads.parts.some((p) => p.isReplaying === true);
    const isLast = entry?.links.at(-1) === place.archive && entry.begun === undefined;
    verdicts.push(verdict.what === "in" && isLast && isDue ? { what: "again" } : verdict);
  }
  const [first] = verdicts;
  const isOne = verdicts.every((v) => v.what === first?.what);
  // It was cut off between the entries of two databases.
  const verdict = isOne ? (first ?? { what: "next" }) : ({ what: "again" } as const);
  return { place, verdict, databases: found };
}

function refusal(
  where: { readonly server: string; readonly database: string },
  { number, chain: chainSha256 }: ChainPlace,
  why: ChainProblem,
): FirebreakError {
  switch (why.what) {
    case "base-missing":
      return deltaFault("delta-base-missing", { ...where, number, chainSha256 });
    case "other-chain":
      return deltaFault("delta-other-chain", { ...where, number, chainSha256 });
    case "link-missing":
      return deltaFault("delta-link-missing", { ...where, number, newest: why.last });
    case "forked": {
      const { what: _, ...fields } = why;
      return deltaFault("delta-forked", { ...where, ...fields });
    }
    case "unfinished":
      return toMongodbFault("delta-unfinished", { ...where, number: why.begun });
  }
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
