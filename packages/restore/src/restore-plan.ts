import {
  type Account,
  isSystemNamespace,
  type NotCarried,
  notCarried,
  type SourceNamespace,
} from "@firebreak/archive";
import {
  builtIndexes,
  creatableDefinition,
  type Definition,
  isIdIndex,
  LEDGER,
  type LeftBehind,
  mapOf,
  nameProblem,
  storedIn,
} from "@firebreak/mongodb";
import { BSON } from "bson";
import type { Place } from "./renames.ts";
import type { RestoreFinding } from "./restore-faults.ts";
import { renameReferences, viewReferences } from "./view-references.ts";

/** A namespace of the archive, and its form in the target. */
export interface PlannedNamespace extends Place {
  readonly source: SourceNamespace;
  readonly namespace: string;
  readonly kind: SourceNamespace["kind"];
  readonly storedIn: string;
  /** The archive's options. If a view uses a collection that is renamed, its options have the new name. */
  readonly options: Buffer;
  readonly indexes: readonly Buffer[];
  /** The parts of the archive's definition that the target lacks. */
  readonly notCarried: readonly NotCarried[];
  /** True if the order of documents is part of the content. */
  readonly isOrdered: boolean;
  /** True if `_id`s are unique, so that a part can be written again over documents that are already in. */
  readonly isKeyed: boolean;
}

export interface RestorePlan {
  /** All collections except views, sorted by name. */
  readonly collections: readonly PlannedNamespace[];
  /** Views, each after those that it uses. */
  readonly views: readonly PlannedNamespace[];
  readonly databases: readonly string[];
  /** Reasons why no server can carry out the plan. */
  readonly findings: readonly RestoreFinding[];
}

/** Returns everything in a plan in the archive's order, but views after what they use. */
export function allOf(plan: RestorePlan): PlannedNamespace[] {
  return [...plan.collections, ...plan.views];
}

/** Plans the name and the definition of each namespace in the target. Pure. */
export function planRestore(
  places: ReadonlyMap<SourceNamespace, Place>,
  definitions: ReadonlyMap<SourceNamespace, RestorableDefinition>,
): RestorePlan {
  const findings: RestoreFinding[] = [];
  const planned = [...places].map(([source, place]) =>
    planNamespace(source, place, definitions.get(source)!, places, findings),
  );
  findings.push(...unfit(planned), ...collisions(planned), ...reserved(planned));
  return {
    collections: planned.filter((p) => p.kind !== "view"),
    views: inOrderOfReferences(planned.filter((p) => p.kind === "view")),
    databases: [...new Set(planned.map((p) => p.database))].sort(),
    findings,
  };
}

/** Returns the part of an account that the archive knows. */
export function accountOf({ source, namespace, notCarried }: PlannedNamespace): Account {
  return {
    namespace: source.namespace,
    ...(namespace === source.namespace ? {} : { target: namespace }),
    documents: source.documentCount,
    lines: source.lineCount,
    ...(notCarried.length === 0 ? {} : { notCarried }),
  };
}

function planNamespace(
  source: SourceNamespace,
  place: Place,
  { options, indexes, notCarried }: RestorableDefinition,
  places: ReadonlyMap<SourceNamespace, Place>,
  findings: RestoreFinding[],
): PlannedNamespace {
  const isIdIndexed = indexes.some(isIdIndex);
  return {
    source,
    ...place,
    namespace: `${place.database}.${place.collection}`,
    kind: source.kind,
    storedIn: storedIn(source.kind, place.collection),
    options: source.kind === "view" ? planView(source, place, options, places, findings) : options,
    indexes,
    notCarried,
    isOrdered: source.kind === "capped",
    isKeyed:
      source.kind === "timeseries" ||
      (source.kind === "collection" && (isIdIndexed || mapOf(options).has("clusteredIndex"))),
  };
}

/** Returns a view's options. A view sees only its own database, so its collections must go there too. */
function planView(
  source: SourceNamespace,
  place: Place,
  options: Buffer,
  places: ReadonlyMap<SourceNamespace, Place>,
  findings: RestoreFinding[],
): Buffer {
  const byName = new Map(
    [...places].filter(([n]) => n.database === source.database).map(([n, p]) => [n.collection, p]),
  );
  let isRenamed = false;
  const renamed = renameReferences(mapOf(options), (name) => {
    const goesTo = byName.get(name);
    if (goesTo === undefined) return name;
    if (goesTo.database !== place.database)
      findings.push({
        what: "view-apart",
        namespace: source.namespace,
        reference: `${source.database}.${name}`,
      });
    isRenamed ||= goesTo.collection !== name;
    return goesTo.collection;
  });
  return isRenamed ? Buffer.from(BSON.serialize(renamed)) : options;
}

function inOrderOfReferences(views: readonly PlannedNamespace[]): PlannedNamespace[] {
  const byName = new Map(views.map((v) => [v.namespace, v]));
  const ordered = new Set<PlannedNamespace>();
  const begun = new Set<PlannedNamespace>();
  const visit = (view: PlannedNamespace): void => {
    if (begun.has(view)) return;
    begun.add(view);
    for (const name of viewReferences(mapOf(view.options))) {
      const other = byName.get(`${view.database}.${name}`);
      if (other !== undefined) visit(other);
    }
    ordered.add(view);
  };
  views.forEach(visit);
  return [...ordered];
}

function unfit(planned: readonly PlannedNamespace[]): RestoreFinding[] {
  return planned.flatMap((place): RestoreFinding[] => {
    const why = nameProblem(place);
    return why === undefined ? [] : [{ what: "name-unfit", namespace: place.namespace, why }];
  });
}

function collisions(planned: readonly PlannedNamespace[]): RestoreFinding[] {
  return [...Map.groupBy(planned, (p) => p.namespace)]
    .filter(([, group]) => group.length > 1)
    .map(([namespace, group]) => ({
      what: "targets-collide",
      namespace,
      sources: group.map((p) => p.source.namespace),
    }));
}

function reserved(planned: readonly PlannedNamespace[]): RestoreFinding[] {
  return planned
    .filter((p) => isSystemNamespace(p.database, p.collection) || p.collection === LEDGER)
    .map((p) => ({ what: "target-reserved", namespace: p.namespace }));
}

/** A definition that the target accepts, and the parts of the archive's definition that it lacks. */
export interface RestorableDefinition extends Definition {
  readonly notCarried: readonly NotCarried[];
}

/**
 * Makes a definition that the target accepts.
 *
 * @param isWithoutIndexes true if only the indexes that come with the collection itself are kept.
 */
export function restorableDefinition(
  definition: Definition,
  { version, isWithoutIndexes }: { readonly version: string; readonly isWithoutIndexes: boolean },
): RestorableDefinition {
  const { options, indexes, leftBehind } = creatableDefinition(definition, version);
  if (!isWithoutIndexes) return { options, indexes, notCarried: leftBehind.map(notTaken) };
  const built = new Set(builtIndexes({ indexes }));
  return {
    options,
    indexes: indexes.filter((index) => !built.has(index)),
    notCarried: [
      ...leftBehind.filter(({ kind }) => kind === "option").map(notTaken),
      ...builtIndexes(definition).map((index) =>
        notCarried("index", String(mapOf(index).get("name")), "not-asked"),
      ),
    ],
  };
}

function notTaken({ kind, name, index }: LeftBehind): NotCarried {
  return kind === "index-option"
    ? notCarried("index", index!, "without-option", name)
    : notCarried(kind, name, "not-taken");
}
