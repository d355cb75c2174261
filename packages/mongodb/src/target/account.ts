import {
  linesAccount,
  namespaceAccount,
  type Account,
  type MongodbManifest,
  type SourceManifest,
} from "@firebreak/archive";
import { countsOf, type DonePart, type PlannedCollection } from "./collection-plan.ts";

/** A collection, and its parts that are in. */
export interface LoadedWork {
  readonly planned: PlannedCollection;
  readonly done: readonly DonePart[];
  /** Documents read back, and whether all is as in the archive; undefined if nothing was read back. */
  readonly proof?: { readonly digested: number; readonly isEqual: boolean };
}

/** Returns the account of a target, as its ledgers and the proof have it. */
export function accountsOf(
  { source, made }: { readonly source: SourceManifest; readonly made: MongodbManifest },
  work: readonly LoadedWork[],
): Account[] {
  if (source.delta !== undefined) return deltaAccounts(source, made, work);
  return made.namespaces.map((n): Account => {
    const own = work.filter((w) => w.planned.source.namespace === n.namespace);
    return { ...linesAccount(n), ...loadedAccount(n.namespace, own) };
  });
}

/** Counts a delta's new, changed and deleted documents; `digested` counts all documents of a collection. */
function deltaAccounts(
  source: SourceManifest,
  made: MongodbManifest,
  work: readonly LoadedWork[],
): Account[] {
  return source.namespaces.map((n): Account => {
    const own = work.filter((w) => w.planned.source.namespace === n.namespace);
    const mapped = made.namespaces.find((m) => m.namespace === n.namespace);
    const { documents: _, ...ofSource } = namespaceAccount(n);
    const ofLink = own.map(({ planned, done, ...rest }) => ({
      planned,
      done: done.filter((d) => d.ledger.link === planned.link),
      ...rest,
    }));
    return {
      ...ofSource,
      ...(mapped === undefined ? {} : linesAccount(mapped)),
      ...loadedAccount(n.namespace, ofLink),
    };
  });
}

function loadedAccount(source: string, own: readonly LoadedWork[]): Partial<Account> {
  const [first] = own;
  if (first === undefined) return {};
  const counts = own.map((w) => countsOf(w.done));
  const { namespace } = first.planned;
  const proofs = own.flatMap(({ proof }) => proof ?? []);
  return {
    ...(own.length > 1 || namespace === source ? {} : { target: namespace }),
    loaded: counts.reduce((sum, c) => sum + c.digest.rowCount, 0),
    refused: counts.reduce((sum, c) => sum + c.refused, 0),
    ...(proofs.length < own.length
      ? {}
      : {
          digested: proofs.reduce((sum, p) => sum + p.digested, 0),
          equal: proofs.every((p) => p.isEqual),
        }),
  };
}
