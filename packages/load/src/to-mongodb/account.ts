import { linesAccount, type Account, type MongodbManifest } from "@firebreak/archive";
import { countsOf, type DonePart, type PlannedCollection } from "./collection-plan.ts";

/** A collection of which so much is in. */
export interface LoadedWork {
  readonly planned: PlannedCollection;
  readonly done: readonly DonePart[];
  /** Documents that were read back, and whether all is as the archive says; undefined where nobody looked. */
  readonly proof?: { readonly digested: number; readonly isEqual: boolean };
}

/** The account of a target as its ledgers and the proof have it. */
export function accountsOf(manifest: MongodbManifest, work: readonly LoadedWork[]): Account[] {
  return manifest.namespaces.map((n): Account => {
    const own = work.filter((w) => w.planned.source.namespace === n.namespace);
    const [first] = own;
    if (first === undefined) return linesAccount(n);
    const counts = own.map((w) => countsOf(w.done));
    const { namespace } = first.planned;
    const proofs = own.flatMap(({ proof }) => proof ?? []);
    return {
      ...linesAccount(n),
      ...(own.length > 1 || namespace === n.namespace ? {} : { target: namespace }),
      loaded: counts.reduce((sum, c) => sum + c.digest.rowCount, 0),
      refused: counts.reduce((sum, c) => sum + c.refused, 0),
      ...(proofs.length < own.length
        ? {}
        : {
            digested: proofs.reduce((sum, p) => sum + p.digested, 0),
            equal: proofs.every((p) => p.isEqual),
          }),
    };
  });
}
