import type { Delta } from "@firebreak/archive";
import { deltaFault } from "./delta-faults.ts";

/** A link that a database's ledger names. */
export interface KnownLink {
  /** The first digits of the SHA-256 of the manifest of the chain's full archive. */
  readonly chain: string;
  readonly number: number;
  /** The SHA-256 of the link's manifest. */
  readonly sha256: string;
}

/** The links that are in one database of a target. */
export interface DatabaseLinks {
  readonly database: string;
  readonly links: readonly KnownLink[];
  /** True if the delta brings only new tables to the database: its base may have had nothing for it. */
  readonly isNew: boolean;
}

/** The state of a delta in a database: already in, or next. */
export type ChainPosition = "in" | "next";

/**
 * Returns the position of each database for a delta. Pure.
 *
 * @param delta of the source's manifest, whose SHA-256 is `sha256`.
 * @throws {FirebreakError} `delta-base-missing`, `delta-other-chain`, `delta-link-missing` or `delta-forked`:
 * the delta must not be applied.
 */
export function chainPositions(
  server: string,
  delta: Delta,
  sha256: string,
  databases: readonly DatabaseLinks[],
): Map<string, ChainPosition> {
  const positions = new Map<string, ChainPosition>();
  for (const { database, links } of databases) {
    const own = links.filter((l) => delta.chainSha256.startsWith(l.chain));
    if (own.length > 0) positions.set(database, positionAmong(own, { server, database, delta, sha256 }));
  }
  for (const { database, links, isNew } of databases) {
    if (positions.has(database)) continue;
    const { number, chainSha256 } = delta;
    const fields = { server, database, number, chainSha256 };
    // If the chain had nothing for a database before, its other databases show how far the chain is.
    if (isNew && positions.size > 0) positions.set(database, "next");
    else throw deltaFault(links.length > 0 ? "delta-other-chain" : "delta-base-missing", fields);
  }
  return positions;
}

function positionAmong(
  own: readonly KnownLink[],
  {
    server,
    database,
    delta: { number, baseSha256 },
    sha256,
  }: { server: string; database: string; delta: Delta; sha256: string },
): ChainPosition {
  const of = (wanted: number): KnownLink | undefined => own.find((l) => l.number === wanted);
  const there = of(number);
  if (there?.sha256 === sha256) return "in";
  if (there !== undefined)
    throw deltaFault("delta-forked", { server, database, number, expected: sha256, found: there.sha256 });
  const base = of(number - 1);
  if (base === undefined)
    throw deltaFault("delta-link-missing", {
      server,
      database,
      number,
      newest: Math.max(...own.map((l) => l.number)),
    });
  if (base.sha256 === baseSha256) return "next";
  throw deltaFault("delta-forked", {
    server,
    database,
    number: number - 1,
    expected: baseSha256,
    found: base.sha256,
  });
}
