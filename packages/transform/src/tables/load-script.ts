import { haveMemberNumbers, type MysqlTable } from "@firebreak/archive";
import { loadDataStatement, quoteIdentifier } from "@firebreak/mysql-format";

/** The fields of a table that the scripts need. */
type ScriptTable = Pick<
  MysqlTable,
  "table" | "database" | "columns" | "parts" | "createTable" | "indexes" | "own" | "isGiven"
>;

/**
 * The session for tables of MySQL that become themselves again. Their rows do not follow the order of foreign
 * keys, and dates may be like 0000-00-00.
 */
const ORIGINAL_SESSION = originalSession("STRICT_ALL_TABLES,");

/**
 * The session for tables that hold an ENUM's error value 0, or members that a collation takes for one. No
 * strict session accepts these.
 */
const LENIENT_SESSION = originalSession("");

function originalSession(strict: string): string {
  return `SET SESSION foreign_key_checks = 0, sql_mode = '${strict}ALLOW_INVALID_DATES,NO_AUTO_VALUE_ON_ZERO,NO_ENGINE_SUBSTITUTION'`;
}

/** Returns the DDL file. People can read it, and so can the stock client once a database is chosen. */
export function schemaSql(tables: readonly ScriptTable[]): string {
  const isOwn = tables.some((t) => t.own !== undefined);
  const session = haveMemberNumbers(tables) ? LENIENT_SESSION : ORIGINAL_SESSION;
  const made = tables.filter((t) => t.isGiven === undefined);
  return `SET NAMES utf8mb4;\n${isOwn ? `${session};\n` : ""}\n${made.map((t) => `-- database ${oneLine(t.database)}\n${t.createTable};\n`).join("\n")}`;
}

export function indexesSql(tables: readonly ScriptTable[]): string {
  const made = tables.filter((t) => t.isGiven === undefined);
  return `SET NAMES utf8mb4;\n\n${made.map((t) => `-- table ${oneLine(t.database)}.${oneLine(t.table)}\n${t.indexes.map((i) => `${i.statement};\n`).join("")}`).join("\n")}`;
}

/**
 * Returns a script that loads everything with only the stock client and zstd (and age, if the archive is
 * encrypted). It is the way out for a host without Node. Each part is one transaction under a strict session.
 * It commits only if it has as many rows as the part, so a decompressor that stops half-way commits nothing.
 *
 * @param ownTablesCheck a statement that fails on a database that an application has not prepared.
 */
export function loadScript(tables: readonly ScriptTable[], ownTablesCheck?: string): string {
  return `#!/bin/sh
# Loads these tables with the stock mysql (or mariadb) client and zstd.
#   sh load.sh [options of the client]      for example: sh load.sh --user=root --host=127.0.0.1
# The databases must exist and the tables must not${tables.some((t) => t.isGiven) ? ",\n# but for an application's own, which must be there and without rows" : ""}. MYSQL names the client
# (default mysql), FIREBREAK_DATABASE one database for all tables, AGE_IDENTITY
# the file with the key of an encrypted archive.
set -eu
cd "$(dirname "$0")"
sha256sum -c --quiet SHA256SUMS
plain() {
  case $1 in
    *.age) age -d -i "$AGE_IDENTITY" "$1" | zstd -dc ;;
    *) zstd -dc "$1" ;;
  esac
}
client() { "\${MYSQL:-mysql}" --default-character-set=utf8mb4 --local-infile=1 "$@"; }
session="SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_AUTO_VALUE_ON_ZERO,NO_ENGINE_SUBSTITUTION', time_zone = '+00:00'"
part() {
  database=$1 file=$2 rows=$3 statement=$4
  shift 4
  printf '%s\\n' "$file"
  # SHOW WARNINGS, also that of the client's --show-warnings, sets ROW_COUNT() to -1: the count comes first.
  loaded="GET DIAGNOSTICS @loaded = ROW_COUNT; SHOW WARNINGS"
  end="SET @end = IF(@loaded = $rows, 'COMMIT', 'rows of this part are missing'); PREPARE end_of_part FROM @end; EXECUTE end_of_part"
  plain "$file" | client "$@" --database="$database" -e "$session; START TRANSACTION; $statement; $loaded; $end"
}
${checksOfOwnTables(tables, ownTablesCheck)}${tables.map(tableCommands).join("")}`;
}

/**
 * Returns the checks of an application's own tables. The script never makes them, and refuses any rows in
 * them, because these are not ours.
 */
function checksOfOwnTables(tables: readonly ScriptTable[], check: string | undefined): string {
  const ofApplication = tables.filter((t) => t.isGiven);
  if (ofApplication.length === 0) return "";
  // All checks come first: somebody has to clean up by hand after a load that stops half-way.
  const checks = ofApplication.map(
    (t) => `${databaseLine(t)}\nempty "$database" ${shellText(quoteIdentifier(t.table))} "$@"\n`,
  );
  return `empty() {
  database=$1 table=$2
  shift 2${check === undefined ? "" : checkLines(check)}
  found=$(client --batch --skip-column-names "$@" "$database" -e "SELECT EXISTS(SELECT 1 FROM $table)")
  [ "$found" = 0 ] && return
  echo "table $table of database $database has rows: they are not ours" >&2
  exit 1
}

${checks.join("")}`;
}

function checkLines(check: string): string {
  return `
  # Without it the application would start on this database as if it were new.
  client "$@" --database="$database" -e ${shellText(check)} > /dev/null`;
}

function databaseLine({ database }: ScriptTable): string {
  return `database=\${FIREBREAK_DATABASE:-${shellText(database)}}`;
}

function tableCommands(table: ScriptTable): string {
  if (table.isGiven && table.parts.length === 0) return "";
  const database = '--database="$database"';
  const before = (isLenient: boolean): string =>
    table.own === undefined ? "" : `${isLenient ? LENIENT_SESSION : ORIGINAL_SESSION}; `;
  const hasEnumZeros = table.own?.hasEnumZeros === true;
  const lines = [
    databaseLine(table),
    ...(table.isGiven
      ? []
      : [
          `client "$@" ${database} -e ${shellText(`${before(haveMemberNumbers([table]))}${table.createTable}`)}`,
        ]),
  ];
  if (table.own?.hasJsonDecimals === true)
    lines.push(
      `printf '%s\\n' ${shellText(`${oneLine(table.table)}: DECIMALs inside JSON documents become DOUBLEs; firebreak load keeps them`)} >&2`,
    );
  if (hasEnumZeros)
    lines.push(
      `printf '%s\\n' ${shellText(`${oneLine(table.table)}: a warning for each ENUM that has its error value 0; firebreak load checks that there are no others`)} >&2`,
    );
  for (const part of table.parts)
    lines.push(
      // A table name may begin with any character. A hyphen must not be taken for an option.
      `part "$database" ${shellText(`./${part.file}`)} ${part.lineCount} ${shellText(`${before(hasEnumZeros)}${loadDataStatement(quoteIdentifier(table.table), table.columns, "/dev/stdin")}`)} "$@"`,
    );
  const engine = table.own?.engine ?? "InnoDB";
  if (engine !== "InnoDB")
    lines.push(
      `client "$@" ${database} -e ${shellText(`${before(hasEnumZeros)}ALTER TABLE ${quoteIdentifier(table.table)} ENGINE = ${engine}`)}`,
    );
  for (const index of table.indexes) lines.push(`client "$@" ${database} -e ${shellText(index.statement)}`);
  return `\n${lines.join("\n")}\n`;
}

function shellText(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

function oneLine(name: string): string {
  return name.replace(/[\r\n]/g, " ");
}
