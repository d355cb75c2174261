import type { TargetCapabilities } from "../capabilities.ts";
import type { ChainPlace } from "./chain-place.ts";
import type { FirebreakError } from "@firebreak/archive";
import { targetFault } from "../target-faults.ts";

/** A link that a ledger names. */
export interface KnownLink {
  readonly number: number;
  /** The SHA-256 of the link's manifest. */
  readonly archive: string;
}

/** The content of one database's ledger about the chain of an archive. */
export interface KnownChain {
  readonly database: string;
  /** The links of the chain that are in to their end. */
  readonly links: readonly KnownLink[];
  /** The deltas of the chain that have begun to change the database; they may be among the links too. */
  readonly begun: readonly KnownLink[];
  /** True if archives of other chains are in. */
  readonly hasOthers: boolean;
  /** True if the chain may have had nothing for the database before. */
  readonly isNew: boolean;
  /** True if the ledger lists nothing of the chain's content any more: somebody has deleted all of it. */
  readonly isForgotten?: boolean;
}

/** The decision about an archive. */
export type ChainVerdict =
  /** It is the next link. */
  | { readonly what: "next" }
  /** It was begun, and cut off. */
  | { readonly what: "again" }
  /** It is in. */
  | { readonly what: "in"; readonly isNewest: boolean }
  /** It is a full archive, and a delta of its chain is in: `isWhole` says whether to its end. */
  | { readonly what: "followed"; readonly number: number; readonly isWhole: boolean }
  | { readonly what: "refused"; readonly database: string; readonly why: ChainProblem };

/** The reason why an archive is not the next link for a target. */
export type ChainProblem =
  /** No chain is in, or the full archive is not loaded to its end. */
  | { readonly what: "base-missing" }
  /** Only archives of other chains are in. */
  | { readonly what: "other-chain" }
  /** Deltas between the newest one in the target and this one are missing. */
  | { readonly what: "link-missing"; readonly newest: number }
  /** The chains fork: the target's link of this number does not belong to this archive's chain. */
  | { readonly what: "forked"; readonly number: number; readonly expected: string; readonly found: string }
  /** Another delta was begun, and must be completed first. */
  | { readonly what: "unfinished"; readonly number: number };

type DeltaPlace = ChainPlace & { readonly base: string };

/**
 * Decides from the ledgers of a target's databases whether an archive is the next link of its chain there.
 * Pure.
 */
export function chainVerdict(
  place: ChainPlace,
  databases: readonly KnownChain[],
  capabilities: Pick<TargetCapabilities, "announcesLinks">,
): ChainVerdict {
  return place.base === undefined
    ? verdictOfFull(databases, capabilities)
    : verdictOfDelta({ ...place, base: place.base }, databases, capabilities);
}

function verdictOfFull(
  databases: readonly KnownChain[],
  { announcesLinks }: Pick<TargetCapabilities, "announcesLinks">,
): ChainVerdict {
  const deltasOf = ({ links, begun }: KnownChain): number[] =>
    [...links, ...begun].map((l) => l.number).filter((number) => number > 0);
  const changed = databases.filter((d) => d.isForgotten !== true && deltasOf(d).length > 0);
  const unfinished = announcesLinks ? changed.find((d) => d.begun.length > 0) : undefined;
  if (unfinished !== undefined)
    return refused(unfinished, { what: "unfinished", number: unfinished.begun[0]!.number });
  if (changed.length === 0) return { what: "next" };
  if (announcesLinks && changed.length < databases.length) return { what: "again" };
  const number = Math.max(...changed.flatMap(deltasOf));
  return { what: "followed", number, isWhole: changed.some((d) => d.links.some((l) => l.number === number)) };
}

function verdictOfDelta(
  place: DeltaPlace,
  databases: readonly KnownChain[],
  capabilities: Pick<TargetCapabilities, "announcesLinks">,
): ChainVerdict {
  const verdicts: ChainVerdict[] = [];
  const [known = [], unknown = []] = [true, false].map((isKnown) =>
    databases.filter((d) => d.links.length > 0 === isKnown),
  );
  for (const database of known) verdicts.push(verdictAmong(place, database, capabilities));
  for (const database of unknown) {
    const other = otherBegun(place, database);
    // If the chain had nothing for a database before, its other databases show how far the chain is.
    if (!database.isNew || known.length === 0)
      verdicts.push(refused(database, { what: database.hasOthers ? "other-chain" : "base-missing" }));
    else if (other !== undefined) verdicts.push(forked(database, place.number, place.archive, other.archive));
    else if (!capabilities.announcesLinks) verdicts.push({ what: "next" });
  }
  const refusal = verdicts.find((v) => v.what === "refused");
  if (refusal !== undefined) return refusal;
  const [first = { what: "next" }] = verdicts;
  // Otherwise it was cut off between the entries of two databases.
  if (verdicts.some((v) => v.what !== first.what)) return { what: "again" };
  return verdicts.find((v) => v.what === "in" && v.isNewest) ?? first;
}

/** Decides by a database that has links of the chain. */
function verdictAmong(
  place: DeltaPlace,
  known: KnownChain,
  { announcesLinks }: Pick<TargetCapabilities, "announcesLinks">,
): ChainVerdict {
  const { archive, number, base } = place;
  const { links, begun } = known;
  const newest = Math.max(...links.map((l) => l.number));
  const at = (wanted: number): string | undefined => links.find((l) => l.number === wanted)?.archive;
  const [there, before] = [at(number), at(number - 1)];
  if (there === archive)
    return { what: "in", isNewest: number === newest && !(announcesLinks && begun.length > 0) };
  const isBegun = begun.some((l) => l.archive === archive);
  if (announcesLinks && isBegun) return { what: "again" };
  if (announcesLinks && begun.length > 0)
    return refused(known, { what: "unfinished", number: begun[0]!.number });
  if (there !== undefined) return forked(known, number, archive, there);
  if (before === undefined) return refused(known, { what: "link-missing", newest });
  if (before !== base) return forked(known, number - 1, base, before);
  const other = otherBegun(place, known);
  if (other !== undefined) return forked(known, number, archive, other.archive);
  return { what: isBegun ? "again" : "next" };
}

/** Finds another delta of the same number that was begun. */
function otherBegun({ archive, number }: DeltaPlace, { begun }: KnownChain): KnownLink | undefined {
  return begun.find((l) => l.number === number && l.archive !== archive);
}

function forked(known: KnownChain, number: number, expected: string, found: string): ChainVerdict {
  return refused(known, { what: "forked", number, expected, found });
}

function refused({ database }: KnownChain, why: ChainProblem): ChainVerdict {
  return { what: "refused", database, why };
}

/** Returns the fault of an archive that is not the next link of its chain on a server. */
export function chainRefusal(
  server: string,
  { number, chain: chainSha256 }: ChainPlace,
  { database, why }: Extract<ChainVerdict, { what: "refused" }>,
): FirebreakError {
  const where = { server, database };
  switch (why.what) {
    case "base-missing":
      return targetFault("delta-base-missing", { ...where, number, chainSha256 });
    case "other-chain":
      return targetFault("delta-other-chain", { ...where, number, chainSha256 });
    case "link-missing":
      return targetFault("delta-link-missing", { ...where, number, newest: why.newest });
    case "forked":
      return targetFault("delta-forked", {
        ...where,
        number: why.number,
        expected: why.expected,
        found: why.found,
      });
    case "unfinished":
      return targetFault("delta-unfinished", { ...where, number: why.number });
  }
}
