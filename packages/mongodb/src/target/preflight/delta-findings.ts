import { sha256Of } from "@firebreak/archive";
import { countDocuments } from "../../source/key-ranges.ts";
import { expires } from "../collections/build-indexes.ts";
import { lineText, type Namespace } from "../../driver/namespaces.ts";
import { unlikeDefinition } from "../../definitions/unlike-definition.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { MongodbSource } from "../../driver/connect.ts";
import type { CollectionWork } from "../collection-plan.ts";
import { differs, likenessFindings } from "./collection-findings.ts";
import type { MongodbFinding } from "./findings.ts";

/**
 * Returns the reasons in an existing collection, and in the ledger, against applying a delta.
 *
 * @param isAgain true if the delta was begun before: the collection may then be halfway.
 */
export async function deltaFindings(
  target: MongodbSource,
  work: CollectionWork,
  found: Namespace | undefined,
  restores: Ledger,
  isAgain: boolean,
): Promise<MongodbFinding[]> {
  const { planned, head, state } = work;
  const { namespace, collection, source } = planned;
  if (restores.states.has(collection)) return [{ what: "restore-unfinished", namespace }];
  // This very delta dropped it before, or it never existed.
  if (source.change === "dropped" && head === undefined) return [];
  if (source.change === "whole" && head === undefined) return newFindings(target, work, found);
  if (head?.chain !== planned.chain) return [{ what: "chain-foreign", namespace }];
  if (state === undefined && head.state !== "proved") return [{ what: "chain-unproved", namespace }];
  if (source.change === "whole" || source.change === "dropped") return [];
  const counts = isAgain ? [] : await countFindings(target, work);
  if (found === undefined) return counts.length > 0 ? counts : [{ what: "chain-foreign", namespace }];
  return [...counts, ...reshapingFindings(work, found)];
}

/** Checks a collection that is new in the chain, which is loaded as in any load. */
async function newFindings(
  target: MongodbSource,
  { planned }: CollectionWork,
  found: Namespace | undefined,
): Promise<MongodbFinding[]> {
  const { namespace } = planned;
  if (found === undefined) return [];
  if (found.kind !== "collection") return [differs(namespace, "kind", planned.kind, found.kind)];
  if ((await countDocuments(target, planned, 0)) > 0) return [{ what: "collection-taken", namespace }];
  return likenessFindings(planned, found, false);
}

/** Finds writes since the collection was proved. If its documents expire, nobody can tell. */
async function countFindings(
  target: MongodbSource,
  { planned, head }: CollectionWork,
): Promise<MongodbFinding[]> {
  const expected = head?.proved?.documentCount;
  if (expected === undefined || expires(planned)) return [];
  const found = await countDocuments(target, planned, expected);
  return found === expected
    ? []
    : [{ what: "chain-documents", namespace: planned.namespace, expected, found }];
}

/** The changes to make in an existing collection. */
export interface CollectionChanges {
  /** Names of the indexes to drop. */
  readonly dropped: readonly string[];
  /** True if the collection is to check new documents as its definition says. */
  readonly hasValidation: boolean;
}

/** Returns the options and indexes of a collection that must change since an earlier link. Pure. */
export function reshapingOf({ planned, head }: CollectionWork, found: Namespace): CollectionChanges {
  const own = new Set(head?.proved?.indexes ?? []);
  const isOther = head?.proved?.optionsSha256 !== sha256Of(lineText(planned.options));
  const dropped: string[] = [];
  let hasValidation = false;
  for (const unlike of unlikeDefinition(planned, found)) {
    if (unlike.what === "validation") hasValidation = isOther;
    else if ((unlike.what === "index" || unlike.what === "index-extra") && own.has(nameOf(unlike)))
      dropped.push(nameOf(unlike));
  }
  return { dropped, hasValidation };
}

/** Finds differences that a delta may not change and that are not harmless. */
function reshapingFindings(work: CollectionWork, found: Namespace): MongodbFinding[] {
  const { dropped } = reshapingOf(work, found);
  return likenessFindings(work.planned, found, true, dropped);
}

/** The name is a quoted string. */
function nameOf({ name }: { readonly name: string }): string {
  return String(JSON.parse(name));
}
