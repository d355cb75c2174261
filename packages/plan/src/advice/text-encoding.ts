import type { MysqlManifest } from "@firebreak/archive";
import { LEDGER, serverFacts, type MysqlSession } from "@firebreak/mysql";
import { TEXT_COLLATIONS } from "@firebreak/mysql-format";
import type { PlanFinding } from "../plan-record.ts";
import type { TextEncoding } from "../facts-record.ts";

/** The character set that takes every character of MongoDB. */
const CHARACTER_SET = "utf8mb4";

/**
 * Reads how the databases of the target encode text. A database that does not exist yet is left out.
 *
 * @throws {FirebreakError} of mysql.
 */
export async function textEncodings(
  session: MysqlSession,
  databases: readonly string[],
  { tables }: Pick<MysqlManifest, "tables">,
): Promise<TextEncoding[]> {
  const { isMariadb } = await serverFacts(session);
  const declared = {
    characterSet: CHARACTER_SET,
    collation: isMariadb ? TEXT_COLLATIONS.mariadb : TEXT_COLLATIONS.mysql,
  };
  const isGiven = tables.length > 0 && tables.every((table) => table.isGiven === true);
  const found: TextEncoding[] = [];
  for (const database of databases) {
    const [row] = await session.rows<{ characterSet: string; collation: string }>(
      `SELECT default_character_set_name AS characterSet, default_collation_name AS collation
        FROM information_schema.schemata WHERE schema_name = ?`,
      [database],
    );
    if (row === undefined) continue;
    const others = await session.rows<{ name: string }>(
      `SELECT DISTINCT c.table_name AS name FROM information_schema.columns c
        JOIN information_schema.tables t ON t.table_schema = c.table_schema AND t.table_name = c.table_name
        WHERE c.table_schema = ? AND t.table_type = 'BASE TABLE' AND c.table_name <> ?
          AND c.character_set_name NOT IN ('${CHARACTER_SET}', 'ascii', 'binary')
        ORDER BY 1`,
      [database, LEDGER],
    );
    found.push({ database, ...row, declared, tables: others.map(({ name }) => name), isGiven });
  }
  return found;
}

/** Reports databases and tables whose text is encoded or compared in another way than that of the new tables. Pure. */
export function encodingProblems(encodings: readonly TextEncoding[]): PlanFinding[] {
  return encodings.flatMap((fields): PlanFinding[] => {
    const isNarrow = fields.characterSet !== CHARACTER_SET || fields.tables.length > 0;
    if (isNarrow) return [{ code: "text-encoding", severity: "warn", fields }];
    const isAsDeclared = fields.isGiven || fields.collation === fields.declared.collation;
    return isAsDeclared ? [] : [{ code: "text-encoding", severity: "note", fields }];
  });
}
