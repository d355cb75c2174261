import { join } from "node:path";
import { LOAD_QUARANTINE } from "@firebreak/archive";
import { refusedLines, type LoadedPart, type RefusedLines } from "@firebreak/mongodb";
import type { AgainstMongodbOptions } from "../checksum-options.ts";
import type { ChecksumStep } from "../checksum-notes.ts";

/** The lines of a link that the target refused. */
export interface SetAside extends RefusedLines {
  readonly link: string | undefined;
}

/**
 * Reads load's quarantine, from the ledger and the files below `--work`. Reports each file that is missing.
 */
export async function* readDocumentsSetAside(
  { work, identities }: AgainstMongodbOptions,
  namespace: string,
  loaded: readonly LoadedPart[],
): AsyncGenerator<ChecksumStep, SetAside[]> {
  const found: SetAside[] = [];
  for (const [link, parts] of Map.groupBy(loaded, (p) => p.link)) {
    const refused = await refusedLines(work, parts, identities);
    found.push({ link, ...refused });
    for (const { file: part, quarantine } of refused.lost) {
      const { file, lineCount: count } = quarantine!;
      const fields = { namespace, part, count, file: join(work, LOAD_QUARANTINE, file) };
      yield { kind: "note", code: "documents-quarantine-missing", fields };
    }
  }
  return found;
}
