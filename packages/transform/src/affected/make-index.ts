import type { LineIndex } from "@firebreak/archive";
import type { ChainLink } from "@firebreak/items";
import { DOCUMENT_WORDS } from "../line-index/index-block.ts";
import { LineMarks } from "../line-index/line-marks.ts";
import type { IndexFiles } from "../line-index/index-writer.ts";
import { documentBlocks } from "../line-index/open-index.ts";
import { lineCountOf, withLines, type Pass } from "../lines/passes.ts";
import type { ProfileSurveys } from "../profile.ts";
import { lineIndexOf, mergedSurveys, surveyGroups, surveysOf } from "../profiled/profiled-archive.ts";
import type { TransformEvent } from "../transform-notes.ts";
import { MARK } from "./marked-part.ts";
import { writeSuperseded, type SupersededPart } from "./changed-index.ts";
import type { ChainState } from "./chain-state.ts";
import { supersededDocuments } from "./superseded-documents.ts";

interface IndexedPart extends SupersededPart {
  readonly namespace: string;
  readonly index: IndexFiles;
}

/**
 * Makes the index of a chain anew, in the folder that is written: it surveys all lines that the chain ever had.
 *
 * @returns undefined if a group has no survey.
 */
export async function* makeIndex(
  shared: Omit<Pass, "totalLines">,
  archives: readonly ChainLink[],
  { beginning, known }: ChainState,
): AsyncGenerator<TransformEvent, LineIndex | undefined> {
  const { identities } = shared.keys;
  const listed = new Set(beginning.groups.flatMap((g) => g.namespaces));
  const parts: LineIndex["parts"] = [];
  const marked: IndexedPart[] = [];
  let surveys: ProfileSurveys = new Map();
  for (const [link, { folder: archive, manifest }] of archives.entries()) {
    const namespaces = manifest.namespaces.filter((n) => listed.has(n.namespace) && n.change !== "dropped");
    const pass = { ...withLines(shared, lineCountOf(namespaces.flatMap((n) => n.parts))), archive };
    const surveyed = yield* surveyGroups(pass, beginning, { namespaces, known, link, earlier: surveys });
    surveys = mergedSurveys(beginning, surveys, surveysOf(surveyed));
    const own = lineIndexOf(link, surveyed, surveys);
    if (own === undefined) return undefined;
    const fresh = own.parts.map((p) => ({ ...p, index: p, indexFolder: shared.folder, group: "" }));
    for (const entry of namespaces) {
      if (entry.change !== "changed") continue;
      const of = { archive, identities };
      const superseded = await supersededDocuments(entry, fresh, known.get(entry.namespace)!, of);
      for (const { index, marks } of marked.filter((m) => m.namespace === entry.namespace)) {
        let line = 1;
        for await (const { count, documents } of documentBlocks(
          { index, indexFolder: shared.folder },
          identities,
        ))
          for (let i = 0; i < count; i++, line++)
            if (superseded === "all" || superseded.has(documents, i * DOCUMENT_WORDS))
              marks.set(line, MARK.gone);
      }
    }
    parts.push(...own.parts);
    const counts = new Map(namespaces.flatMap((n) => n.parts.map((p) => [p.file, p.lineCount])));
    for (const index of own.parts) {
      const { namespace, part } = index;
      marked.push({
        link,
        namespace,
        file: part,
        index,
        marks: new LineMarks(counts.get(part)!),
      });
    }
  }
  const superseded = await writeSuperseded(shared.folder, 0, marked, shared.keys);
  return {
    from: 0,
    parts,
    superseded: superseded === undefined ? [] : [superseded],
    surveys: Object.fromEntries(surveys),
  };
}
