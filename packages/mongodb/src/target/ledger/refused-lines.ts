import { join } from "node:path";
import { FirebreakError, LOAD_QUARANTINE, readRefusedDocuments, sha256BytesOf } from "@firebreak/archive";
import { TableDigest, type PlainDigest } from "@firebreak/items";
import { documentOf } from "../../definitions/definition.ts";
import type { ComparedCollection } from "../../stored/document-differences.ts";
import type { LinkLines } from "../../stored/made-chain.ts";
import type { LoadedPart } from "./ledger-entry.ts";

/** The documents of a collection that a target refused, as read from the quarantine that is here. */
export interface RefusedLines {
  /** The link whose parts have them; undefined for a full archive. */
  readonly link: string | undefined;
  /** Line numbers, from 1, by the part's file. */
  readonly lines: ReadonlyMap<string, ReadonlySet<number>>;
  /** The parts whose quarantine, named in the ledger, is not here. */
  readonly lost: readonly LoadedPart[];
}

/** Returns the lines that a load put in quarantine, by links. They are not expected in the target. */
export async function refusedByLink(
  work: string,
  loaded: readonly LoadedPart[],
  identities: readonly string[] | undefined,
): Promise<RefusedLines[]> {
  const found: RefusedLines[] = [];
  for (const [link, parts] of Map.groupBy(loaded, (p) => p.link)) {
    const lines = new Map<string, ReadonlySet<number>>();
    const lost: LoadedPart[] = [];
    for (const part of parts) {
      if (part.quarantine === undefined) continue;
      const ofPart = new Set<number>();
      try {
        const refused = readRefusedDocuments(join(work, LOAD_QUARANTINE), part.quarantine, identities);
        for await (const { line } of refused) ofPart.add(line);
        lines.set(part.file, ofPart);
      } catch (error) {
        if (!(error instanceof FirebreakError) || error.code !== "file-missing") throw error;
        lost.push(part);
      }
    }
    found.push({ link, lines, lost });
  }
  return found;
}

/** Pairs a collection with the lines of its links, or returns undefined if the archive has none. */
export function comparedLines(
  lines: readonly LinkLines[],
  refused: readonly RefusedLines[],
  place: Pick<ComparedCollection, "work" | "target" | "namespace">,
): ComparedCollection | undefined {
  const all = lines.map((one) => ({ ...one, setAside: refused.find((r) => r.link === one.link)?.lines }));
  const newest = all.at(-1);
  return newest === undefined ? undefined : { ...newest, earlier: all.slice(0, -1), ...place };
}

/**
 * Returns the digest of the documents that a load put in quarantine.
 *
 * @throws {FirebreakError} `file-missing` if a quarantine is not here.
 */
export async function refusedDigest(
  work: string,
  parts: readonly LoadedPart[],
  identities: readonly string[] | undefined,
): Promise<PlainDigest> {
  const digest = new TableDigest();
  for (const { quarantine } of parts) {
    if (quarantine === undefined) continue;
    for await (const { document } of readRefusedDocuments(
      join(work, LOAD_QUARANTINE),
      quarantine,
      identities,
    ))
      digest.add(sha256BytesOf(documentOf(document)));
  }
  return digest.toPlain();
}
