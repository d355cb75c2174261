import { loadDataStatement, quoteIdentifier, type MysqlTable } from "@firebreak/archive";

/** Tables as `load.sh` needs them. */
type ScriptTable = Pick<MysqlTable, "table" | "database" | "columns" | "parts" | "createTable" | "indexes">;

/** The DDL files, to be read by the stock client with a database chosen; and by people. */
export function schemaSql(tables: readonly ScriptTable[]): string {
  return `SET NAMES utf8mb4;\n\n${tables.map((t) => `-- database ${oneLine(t.database)}\n${t.createTable};\n`).join("\n")}`;
}

export function indexesSql(tables: readonly ScriptTable[]): string {
  return `SET NAMES utf8mb4;\n\n${tables.map((t) => `-- table ${oneLine(t.database)}.${oneLine(t.table)}\n${t.indexes.map((i) => `${i.statement};\n`).join("")}`).join("\n")}`;
}

/**
 * A script that loads everything with the stock client and zstd alone: the way
 * out for a host without Node. Each part is one transaction under a strict
 * session; the counts and digests to compare with stand in `manifest.json`.
 */
export function loadScript(tables: readonly ScriptTable[]): string {
  return `#!/bin/sh
# Loads these tables with the stock mysql (or mariadb) client and zstd.
#   sh load.sh [options of the client]      for example: sh load.sh --user=root --host=127.0.0.1
# The databases must exist and the tables must not. MYSQL names the client
# (default mysql), FIREBREAK_DATABASE one database for all tables.
set -eu
cd "$(dirname "$0")"
client() { "\${MYSQL:-mysql}" --default-character-set=utf8mb4 --local-infile=1 "$@"; }
session="SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,NO_AUTO_VALUE_ON_ZERO,NO_ENGINE_SUBSTITUTION', time_zone = '+00:00'"
part() {
  database=$1 file=$2 statement=$3
  shift 3
  echo "$file"
  zstd -dc "$file" | client --show-warnings "$@" "$database" -e "$session; START TRANSACTION; $statement; COMMIT"
}
${tables.map(tableCommands).join("")}`;
}

function tableCommands(table: ScriptTable): string {
  const database = '"$database"';
  const lines = [
    `database=\${FIREBREAK_DATABASE:-${shellText(table.database)}}`,
    `client "$@" ${database} -e ${shellText(table.createTable)}`,
  ];
  for (const part of table.parts)
    lines.push(
      `part ${database} ${shellText(part.file)} ${shellText(loadDataStatement(quoteIdentifier(table.table), table.columns, "/dev/stdin"))} "$@"`,
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
