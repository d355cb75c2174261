import { errnoOf, hasLibraries, type MysqlSession, serverFacts, type ServerFacts } from "@firebreak/mysql";
import { characterSetOf, likeCollation } from "./collation-map.ts";
import type { RestorePlan } from "./restore-plan.ts";
import type { MysqlRestoreFinding } from "./restore-mysql-faults.ts";

/** The first version of each server that has a type. Both servers have all other types. */
const TYPES: Readonly<Record<string, { readonly mysql?: number; readonly mariadb?: number }>> = {
  geomcollection: { mysql: 8 },
  inet4: { mariadb: 10.1 },
  inet6: { mariadb: 10.05 },
  uuid: { mariadb: 10.07 },
  vector: { mysql: 9, mariadb: 11.07 },
  xmltype: { mariadb: 12.03 },
};

/**
 * Errors for a collation or character set that the server does not know, or for two that do not go
 * together (error references).
 */
const UNKNOWN: ReadonlySet<number> = new Set([1115, 1253, 1273]);

/**
 * Returns what a plan needs and a server lacks: collations, types of columns, sequences and
 * libraries, each with the places that need it.
 *
 * @throws {FirebreakError} any `mysql-…` code.
 */
export async function foreignFindings(
  session: MysqlSession,
  plan: RestorePlan,
): Promise<MysqlRestoreFinding[]> {
  const facts = await serverFacts(session);
  const given = new Set(plan.collationMap.values());
  const findings: MysqlRestoreFinding[] = [];
  let known: readonly string[] | undefined;
  for (const [collation, places] of plan.collationUses) {
    if (await hasCollation(session, collation)) continue;
    known ??= await collationsOf(session, facts);
    const like = likeCollation(collation, known);
    findings.push({ what: "collation-unknown", collation, places, like, isGiven: given.has(collation) });
  }
  return [...findings, ...typeFindings(plan, facts), ...kindFindings(plan, facts)];
}

function typeFindings({ tables }: RestorePlan, facts: ServerFacts): MysqlRestoreFinding[] {
  const columns = tables.flatMap(({ source: { namespace }, definition }) =>
    definition.columns
      .filter((c) => lacksType(c.dataType.toLowerCase(), facts))
      .map(({ name, dataType }) => ({
        type: dataType.toLowerCase(),
        namespace,
        place: `${namespace}.${name}`,
      })),
  );
  return [...Map.groupBy(columns, (c) => c.type)].map(([type, uses]) => ({
    what: "type-unknown",
    type,
    places: uses.map((u) => u.place),
    namespaces: [...new Set(uses.map((u) => u.namespace))],
  }));
}

function lacksType(type: string, { isMariadb, major, minor }: ServerFacts): boolean {
  const since = TYPES[type];
  if (since === undefined) return false;
  const first = since[isMariadb ? "mariadb" : "mysql"];
  return first === undefined || major + minor / 100 < first;
}

function kindFindings({ databases, tables }: RestorePlan, facts: ServerFacts): MysqlRestoreFinding[] {
  const namesOf = (kind: "sequences" | "libraries"): string[] =>
    databases.flatMap(({ source, objects }) => (objects?.[kind] ?? []).map((o) => `${source}.${o.name}`));
  const counting = tables.filter((t) => /\bnextval\s*\(/i.test(t.definition.createStatement));
  const sequences = facts.isMariadb
    ? []
    : [...namesOf("sequences"), ...counting.map((t) => t.source.namespace)];
  const libraries = hasLibraries(facts) ? [] : namesOf("libraries");
  return [
    ...(sequences.length === 0
      ? []
      : [{ what: "kind-unknown", kind: "sequence", namespaces: sequences } as const]),
    ...(libraries.length === 0
      ? []
      : [{ what: "kind-unknown", kind: "library", namespaces: libraries } as const]),
  ];
}

/** Asks the server itself, since it also accepts names that it does not list. */
async function hasCollation(session: MysqlSession, collation: string): Promise<boolean> {
  if (collation === "binary") return true;
  try {
    await session.rows(`SELECT CONVERT('' USING ${characterSetOf(collation)}) COLLATE ${collation}`);
    return true;
  } catch (error) {
    if (!UNKNOWN.has(errnoOf(error))) throw error;
    return false;
  }
}

/** Reads all collations that the server lists, by their full names. */
async function collationsOf(
  session: MysqlSession,
  { isMariadb, major, minor }: ServerFacts,
): Promise<string[]> {
  // Some collations of MariaDB belong to several character sets, which their full names tell.
  const column = isMariadb && major + minor / 100 >= 10.1 ? "full_collation_name" : "collation_name";
  const rows = await session.rows<{ name: string }>(
    `SELECT ${column} AS name FROM information_schema.collation_character_set_applicability`,
  );
  return rows.map((r) => r.name);
}
