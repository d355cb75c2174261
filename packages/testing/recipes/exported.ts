import {
  exportArchive,
  exportDelta,
  type DeltaOptions,
  type ExportOptions,
  type SourceOptions,
} from "@firebreak/export";
import { outcomeOf, type Outcome } from "./outcome.ts";

const COMMON = { jobs: 2, giveUpAfterMs: 10_000, version: "test" } as const;

/** Exports a source, which a URL or the folder of a dump names, in this process. */
export async function exported(
  archive: string,
  from: string,
  options: Partial<ExportOptions> = {},
): Promise<Outcome> {
  const settings = { include: [], exclude: [], partMib: 64, recipients: [], hasPassphrase: false };
  return outcomeOf(
    exportArchive({
      ...COMMON,
      ...settings,
      hasClearNames: false,
      archive,
      source: sourceAt(from),
      ...options,
    }),
  );
}

/** Exports what changed in a source since the link before. */
export async function exportedDelta(
  archive: string,
  from: string,
  deltaFrom: string,
  options: Partial<DeltaOptions> = {},
): Promise<Outcome> {
  return outcomeOf(
    exportDelta({
      ...COMMON,
      archive,
      source: sourceAt(from),
      deltaFrom,
      isByComparison: false,
      identities: undefined,
      said: {},
      signingKey: undefined,
      ...options,
    }),
  );
}

function sourceAt(from: string): SourceOptions {
  if (from.startsWith("mysql:")) return { kind: "mysql", url: from };
  if (from.startsWith("mongodb:")) return { kind: "mongodb", url: from };
  return { kind: "dump", path: from, skipsOplog: false };
}
