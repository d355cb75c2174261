import { readSourceManifest, type SourceManifest } from "@firebreak/archive";
import { exportDelta, type DeltaOptions } from "@firebreak/export";

/** What a run told, and how many documents or rows it has read. */
export interface RunDelta {
  readonly notes: readonly string[];
  readonly itemsRead: number;
  /** Events that a change stream sent. */
  readonly eventCount: number;
  /** How far behind the reading of changes was, each time that it said so. */
  readonly lags: readonly number[];
}

/** Makes a delta in this process, by comparison unless told otherwise. */
export async function runDelta(
  options: Pick<DeltaOptions, "source" | "archive" | "deltaFrom"> & Partial<DeltaOptions>,
): Promise<RunDelta> {
  const notes: string[] = [];
  const lags: number[] = [];
  let itemsRead = 0;
  let eventCount = 0;
  const events = exportDelta({
    isByComparison: true,
    jobs: 2,
    giveUpAfterMs: 10_000,
    identities: undefined,
    said: {},
    signingKey: undefined,
    version: "test",
    ...options,
  });
  for await (const event of events)
    if (event.kind === "progress" && event.lagSeconds !== undefined) {
      eventCount = event.items;
      lags.push(event.lagSeconds);
    } else if (event.kind === "progress") itemsRead = event.items;
    else if (event.kind === "note") notes.push(event.code);
  return { notes, itemsRead, eventCount, lags };
}

export async function manifestOf(archive: string, identities?: readonly string[]): Promise<SourceManifest> {
  return (await readSourceManifest(archive, identities)).manifest;
}

/** What became of each collection or table that a delta lists. */
export async function changesIn(
  archive: string,
  identities?: readonly string[],
): Promise<Record<string, string>> {
  const { namespaces } = await manifestOf(archive, identities);
  return Object.fromEntries(namespaces.map((n) => [n.collection, n.change ?? ""]));
}
