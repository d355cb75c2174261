import type { ExportProgress } from "./export-progress.ts";
import type { ExportSource } from "./export-source.ts";
import type { ExportEvent } from "./export-notes.ts";

/** Notes the collections of a dump that have several documents with the same `_id`. */
export function* repeatedIds({ place }: ExportSource, progress: ExportProgress): Generator<ExportEvent> {
  for (const { namespace } of progress.plans)
    for (const { repeated } of progress.allFinished(namespace))
      if (repeated !== undefined)
        yield { kind: "note", code: "dump-ids-repeated", fields: { place, namespace, ...repeated } };
}

/** Notes the JSON documents that are not restored exactly, since a line holds only their text. */
export function* untoldJson(progress: ExportProgress): Generator<ExportEvent> {
  for (const { namespace } of progress.plans) {
    const counts = new Map<string, number>();
    for (const { untold = [] } of progress.allFinished(namespace))
      for (const [column, count] of untold) counts.set(column, (counts.get(column) ?? 0) + count);
    for (const [column, count] of counts)
      yield { kind: "note", code: "json-untold", fields: { namespace, column, count } };
  }
}
