import { isSystemDatabase, isSystemNamespace } from "@firebreak/archive";
import { LEDGER } from "@firebreak/mongodb";
import type { MongodbFinding, NameProblem } from "./findings.ts";

/** Bytes of names (manual, "MongoDB Limits and Thresholds", Naming Restrictions; a namespace's since 4.4). */
const MAX_DATABASE_BYTES = 63;
const MAX_NAMESPACE_BYTES = 255;

interface Place {
  readonly namespace: string;
  readonly database: string;
  readonly collection: string;
  readonly source: { readonly namespace: string };
}

/**
 * What of the names speaks against a load: those that no server takes, those that
 * are its own or ours, and those that two collections would share.
 *
 * @param existing names of the server's databases, where it tells them.
 */
export function nameFindings(places: readonly Place[], existing: readonly string[]): MongodbFinding[] {
  const findings = places.flatMap((place): MongodbFinding[] => {
    const { namespace, database, collection } = place;
    const why = nameProblem(place);
    if (why !== undefined) return [{ what: "name-unfit", namespace, why }];
    const isReserved =
      isSystemDatabase(database) || isSystemNamespace(database, collection) || collection === LEDGER;
    return isReserved ? [{ what: "name-reserved", namespace }] : [];
  });
  for (const [namespace, group] of Map.groupBy(places, (p) => p.namespace))
    if (group.length > 1) {
      const sources = group.map((p) => p.source.namespace);
      findings.push({ what: "collections-collide", namespace, sources });
    }
  const wanted = [...new Set(places.map((p) => p.database))];
  for (const [i, database] of wanted.entries()) {
    const isTwin = (name: string): boolean =>
      name !== database && name.toLowerCase() === database.toLowerCase();
    const other = existing.find(isTwin) ?? wanted.slice(0, i).find(isTwin);
    if (other !== undefined) findings.push({ what: "database-case", database, other });
  }
  return findings;
}

function nameProblem({ namespace, database, collection }: Place): NameProblem | undefined {
  // The stricter rule, of servers on Windows: what is loaded should be able to go anywhere.
  if (database === "" || /[/\\. "$*<>:|?\0]/.test(database)) return "database-letters";
  if (Buffer.byteLength(database) > MAX_DATABASE_BYTES) return "database-long";
  const isUnfit =
    collection === "" ||
    collection.startsWith(".") ||
    collection.endsWith(".") ||
    /[$\0]|\.\./.test(collection);
  if (isUnfit) return "collection-letters";
  return Buffer.byteLength(namespace) > MAX_NAMESPACE_BYTES ? "namespace-long" : undefined;
}
