import { join } from "node:path";
import type { SourceNamespace } from "@firebreak/archive";
import { NumberKeys, type KeyRun } from "@firebreak/items";
import { PartMarks } from "../line-index/part-marks.ts";
import type { PartOfChain } from "../lines/line-uses.ts";
import { runPass, sourcePart, type Pass } from "../lines/passes.ts";
import type { SourcePart } from "../lines/source-part.ts";
import type { KeyRange, ProfileNamespace, ProfileSurveys } from "../profile.ts";
import { runsFolder, surveyGroup, type GroupPart, type SurveyedGroup } from "../profiled/profile-passes.ts";
import type { TransformEvent } from "../transform-notes.ts";
import { AffectedLines } from "./affected-lines.ts";
import { MARK, type FoundKeys, type MarkedPart, type TurnedLine } from "./marked-part.ts";
import type { SideGroup, SidePart } from "./map-side.ts";
import { affectedFolder, scratchKind } from "./map-side.ts";
import type { ChainIndex } from "./chain-index.ts";
import type { ChainState } from "./chain-state.ts";
import { supersededDocuments } from "./superseded-documents.ts";

/** The task to find lines: the two states of the chain, its index, and the delta's own lines. */
export interface LinesToFind {
  readonly before: ChainState;
  readonly after: ChainState;
  readonly index: ChainIndex;
  /** The delta's own lines, surveyed, and the number of the delta. */
  readonly fresh: readonly SurveyedGroup[];
  readonly number: number;
  /** The namespaces as the delta lists them. */
  readonly namespaces: readonly SourceNamespace[];
  readonly surveys: ProfileSurveys;
  readonly ranges: readonly KeyRange[];
}

/** The lines that a delta affects, on both sides of it. */
export interface FoundLines {
  readonly before: readonly SideGroup[];
  readonly after: readonly SideGroup[];
  /** All parts of earlier links, with their marks. */
  readonly marked: readonly MarkedPart[];
  readonly turned: Iterable<TurnedLine>;
}

type Mark = keyof typeof MARK;

/** A part of lines that were taken out of a part of an earlier link, with their keys. */
interface TakenPart extends SidePart {
  readonly mark: Mark;
}

/** Finds the lines of earlier links that a delta affects, and takes them out of their parts. */
export async function* findLines(pass: Pass, find: LinesToFind): AsyncGenerator<TransformEvent, FoundLines> {
  const { before, index, fresh, namespaces } = find;
  const { identities } = pass.keys;
  const { groups } = before.beginning;
  const groupOf = new Map(groups.flatMap((g) => g.namespaces.map((name) => [name, g.name] as const)));
  const freshParts = fresh.flatMap(({ name: group, parts, indexes }) =>
    parts.flatMap(({ ns: { namespace } }, i) => {
      const entry = indexes[i];
      return entry === undefined ? [] : [{ index: entry, indexFolder: pass.folder, namespace, group }];
    }),
  );
  const superseded = new Map<string, Awaited<ReturnType<typeof supersededDocuments>>>();
  for (const entry of namespaces) {
    const known = before.known.get(entry.namespace);
    if (entry.change !== undefined && known !== undefined && groupOf.has(entry.namespace))
      superseded.set(
        entry.namespace,
        await supersededDocuments(entry, freshParts, known, { archive: pass.archive, identities }),
      );
  }
  const marked = index.parts.map((part) => ({
    ...part,
    group: groupOf.get(part.namespace)!,
    marks: new PartMarks(part.part.lineCount, part.index.dependents?.lineCount ?? 0),
  }));
  const { present, turned } = await new AffectedLines({
    groups: groups.map(({ name, refersTo }) => ({ name, refersTo })),
    earlier: marked,
    fresh: freshParts,
    superseded,
    ranges: find.ranges,
    identities,
  }).mark();
  const sides = yield* takeOut(pass, find, marked, present);
  return { ...sides, marked, turned };
}

async function* takeOut(
  pass: Pass,
  { before, after, fresh, number, surveys }: LinesToFind,
  marked: readonly MarkedPart[],
  present: FoundKeys["present"],
): AsyncGenerator<TransformEvent, Pick<FoundLines, "before" | "after">> {
  const folder = join(affectedFolder(pass.folder), "lines");
  const touched = marked.filter(({ marks }) => !marks.lines.isEmpty);
  const tasks = touched.map((p, i) => ({
    ...markedSource(pass, p),
    folder,
    scratch: scratchKind(pass),
    name: String(i).padStart(5, "0"),
  }));
  const extracted = yield* runPass(pass, "affected", "extract", tasks);
  let firstRun = fresh.reduce((sum, { parts }) => sum + parts.length, 0);
  const sides: { before: SideGroup[]; after: SideGroup[] } = { before: [], after: [] };
  for (const [g, { name, namespaces }] of after.beginning.groups.entries()) {
    const places = touched.flatMap((p, i) => {
      const ns = before.known.get(p.namespace)!;
      const link = p.link === 0 ? {} : { link: p.link };
      return (["gone", "kept", "looked"] as const).flatMap((mark) => {
        const part = extracted[i]![mark];
        if (part === undefined || p.group !== name) return [];
        const origin: PartOfChain = { part: p.part.file, ...link, lines: p.marks.lines.lines(MARK[mark]) };
        return [{ ns, part, name: "", archive: folder, mark, origin }];
      });
    });
    const group = { name, parts: places, firstRun, link: undefined };
    const surveyed = yield* surveyGroup(
      pass,
      after.beginning,
      group,
      after.beginning.surveyData(name, surveys),
    );
    firstRun += places.length;
    const taken = places.map((p, i): TakenPart => ({ ...p, run: surveyed.runs[i]! }));
    const lookups = taken.filter(({ mark }) => mark === "looked").map(({ run }) => run);
    lookups.push(...(await runOf(present.get(name)!, join(runsFolder(pass.folder), String(firstRun++)))));
    const kept = taken.filter(({ mark }) => mark === "kept");
    const own = freshParts(fresh[g]!, number, pass.archive);
    const ofNamespace = ({ ns }: GroupPart): number => namespaces.indexOf(ns.namespace);
    sides.before.push({ name, parts: taken.filter(({ mark }) => mark !== "looked"), lookups });
    sides.after.push({
      name,
      parts: [...kept.flatMap((part) => inState(part, after)), ...own].sort(
        (a, b) => ofNamespace(a) - ofNamespace(b),
      ),
      lookups,
    });
  }
  return sides;
}

/** Returns the part to read, with its marks: the index's copies of lines, if all that are marked have one. */
function markedSource(
  pass: Pass,
  { folder, part, marks, index, indexFolder }: MarkedPart,
): SourcePart & { readonly marks: Uint8Array } {
  const { copies } = marks;
  return copies === undefined || index.dependents === undefined
    ? { ...sourcePart({ ...pass, archive: folder }, part), marks: marks.lines.all() }
    : { ...sourcePart({ ...pass, archive: indexFolder }, index.dependents), marks: copies.all() };
}

/** Returns the part with its namespace as the delta leaves it. */
function inState(part: TakenPart, { known }: ChainState): SidePart[] {
  const ns: ProfileNamespace | undefined = known.get(part.ns.namespace);
  return ns === undefined ? [] : [{ ...part, ns }];
}

function freshParts({ parts, runs }: SurveyedGroup, link: number, archive: string): SidePart[] {
  return parts.map((part, i) => ({
    ...part,
    archive,
    run: runs[i]!,
    origin: { part: part.part.file, link },
  }));
}

async function runOf(keys: ReadonlySet<bigint>, file: string): Promise<KeyRun[]> {
  if (keys.size === 0) return [];
  const numbers = new NumberKeys();
  for (const key of keys) numbers.add(key);
  return [await numbers.write(file)];
}
