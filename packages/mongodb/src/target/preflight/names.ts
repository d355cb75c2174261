import { isSystemDatabase, isSystemNamespace } from "@firebreak/archive";
import { caseTwins, nameProblem } from "../../driver/unfit-names.ts";
import { LEDGER } from "../ledger/ledger.ts";
import type { MongodbFinding } from "./findings.ts";

interface Place {
  readonly namespace: string;
  readonly database: string;
  readonly collection: string;
  readonly source: { readonly namespace: string };
}

/**
 * Finds names that prevent a load: names that no server accepts, names reserved for the server or Firebreak,
 * and names that two collections would share.
 *
 * @param existing the names of the server's databases, if it lists them.
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
  for (const twins of caseTwins([...new Set(places.map((p) => p.database))], existing))
    findings.push({ what: "database-case", ...twins });
  return findings;
}
