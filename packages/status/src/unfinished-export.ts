import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { archiveFault, entriesIn, type PartEntry, missingFault } from "@firebreak/archive";
import { sizesOf, type Sizes } from "./sizes.ts";

/** The file in which an unfinished export notes its work. */
const PROGRESS_FILE = "export-progress.ndjson";

/** The progress of an export that was begun: it is running or was cut off. */
export interface UnfinishedExport {
  readonly startedAt: string;
  readonly sizes: Sizes;
  readonly namespaces: readonly {
    readonly namespace: string;
    readonly documents: number;
    /** The number of finished key ranges, and of those planned so far. A dump has none planned. */
    readonly rangesDone: number;
    readonly rangesPlanned: number;
  }[];
}

/** The entries of export's notes, as far as they are read here. */
type ProgressEntry =
  | { readonly kind: "begin"; readonly startedAt: string }
  | { readonly kind: "collection"; readonly plan: { readonly namespace: string } }
  | { readonly kind: "planned"; readonly namespace: string }
  | {
      readonly kind: "finished";
      readonly range: {
        readonly namespace: string;
        readonly documentCount: number;
        readonly parts: readonly PartEntry[];
      };
    };

/**
 * Reads the progress of an unfinished export from its own notes, which a run may be writing.
 *
 * @throws {FirebreakError} `archive-incomplete` if there are no notes of an export.
 */
export async function unfinishedExport(archive: string): Promise<UnfinishedExport> {
  const file = join(archive, PROGRESS_FILE);
  const text = await readFile(file, "utf8").catch(
    missingFault(file, (cause) => archiveFault("archive-incomplete", { archive }, cause)),
  );
  const namespaces = new Map<string, { documents: number; rangesDone: number; rangesPlanned: number }>();
  const of = (namespace: string): { documents: number; rangesDone: number; rangesPlanned: number } => {
    const known = namespaces.get(namespace) ?? { documents: 0, rangesDone: 0, rangesPlanned: 0 };
    namespaces.set(namespace, known);
    return known;
  };
  const parts: PartEntry[] = [];
  let startedAt = "";
  for (const entry of entriesIn<ProgressEntry>(text))
    switch (entry.kind) {
      case "begin":
        startedAt = entry.startedAt;
        break;
      case "collection":
        of(entry.plan.namespace);
        break;
      case "planned":
        of(entry.namespace).rangesPlanned++;
        break;
      case "finished": {
        const ns = of(entry.range.namespace);
        ns.rangesDone++;
        ns.documents += entry.range.documentCount;
        parts.push(...entry.range.parts);
        break;
      }
    }
  return {
    startedAt,
    sizes: sizesOf(parts),
    namespaces: [...namespaces]
      .map(([namespace, counts]) => ({ namespace, ...counts }))
      .sort((a, b) => (a.namespace < b.namespace ? -1 : 1)),
  };
}
