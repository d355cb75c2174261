import { join } from "node:path";
import { FirebreakError, LOAD_QUARANTINE, readRefusedDocuments, sha256BytesOf } from "@firebreak/archive";
import { TableDigest, type PlainDigest } from "@firebreak/items";
import { documentOf } from "../../definitions/definition.ts";
import type { LoadedPart } from "./ledger-entry.ts";

/** The documents of a collection that a target refused, as read from the quarantine that is here. */
export interface RefusedLines {
  /** Line numbers, from 1, by the part's file. */
  readonly lines: ReadonlyMap<string, ReadonlySet<number>>;
  /** The parts whose quarantine, named in the ledger, is not here. */
  readonly lost: readonly LoadedPart[];
}

/** Returns the lines that a load put in quarantine. They are not expected in the target. */
export async function refusedLines(
  work: string,
  parts: readonly LoadedPart[],
  identities: readonly string[] | undefined,
): Promise<RefusedLines> {
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
  return { lines, lost };
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
