import { Binary, Decimal128, Double, Int32, Long } from "bson";
import type { Connection, RowDataPacket } from "mysql2/promise";
import type { SqlServer } from "@firebreak/testing/servers/databases";
import type { TypedColumn } from "./typed-columns.ts";

const ROWS_AT_ONCE = 50;

/** Makes the table `everything`, in which row `i` has the value `i + COLUMN` of each column, around and around. */
export async function fillTypedTable(
  connection: Connection,
  columns: readonly TypedColumn[],
  rowCount: number,
): Promise<void> {
  await connection.query("SET NAMES utf8mb4");
  await connection.query("SET SESSION sql_mode = 'ALLOW_INVALID_DATES', time_zone = '+00:00'");
  const definitions = columns.map((c) => `${c.name} ${c.type}`);
  await connection.query(
    `CREATE TABLE everything (id INT PRIMARY KEY, doubled BIGINT AS (id * 2) STORED, ${definitions.join(", ")}, halved DOUBLE AS (id / 2) VIRTUAL)`,
  );
  const names = ["id", ...columns.map((c) => c.name)].join(", ");
  for (let from = 0; from < rowCount; from += ROWS_AT_ONCE) {
    const rows = Array.from({ length: Math.min(ROWS_AT_ONCE, rowCount - from) }, (_, i) => {
      const values = columns.map((c, at) => c.values[(from + i + at) % c.values.length]!);
      return `(${[from + i, ...values].join(", ")})`;
    });
    await connection.query(`INSERT INTO everything (${names}) VALUES ${rows.join(", ")}`);
  }
}

/** What a column's values are in documents, by another way than the export's: functions of the server, or the binary protocol. */
export async function readTypedColumn(
  server: SqlServer,
  connection: Connection,
  columns: readonly TypedColumn[],
  at: number,
): Promise<unknown[]> {
  const { name, type, reading } = columns[at]!;
  const read = async (expression: string): Promise<unknown[]> => {
    const sql = `SELECT ${expression} AS v FROM everything ORDER BY id`;
    const [rows] = await connection.execute<RowDataPacket[]>(sql);
    return rows.map((row) => row["v"] as unknown);
  };
  const texts = async (expression: string): Promise<(string | null)[]> =>
    (await read(expression)) as (string | null)[];
  const each = async (expression: string, make: (text: string) => unknown): Promise<unknown[]> =>
    (await texts(expression)).map((v) => (v === null ? null : make(v)));
  switch (reading.as) {
    case "int":
      return each(`CAST(${name} + 0 AS CHAR)`, (v) => new Int32(v));
    case "long":
      return each(`CAST(${name} + 0 AS CHAR)`, (v) => Long.fromString(v));
    case "unsigned":
      return each(`CAST(${name} + 0 AS CHAR)`, (v) =>
        BigInt(v) < 2n ** 63n ? Long.fromString(v) : Decimal128.fromString(v),
      );
    case "decimal":
      return each(`CAST(${name} AS CHAR)`, (v) => Decimal128.fromString(v));
    case "plain":
      return each(`CAST(${name} AS CHAR)`, (v) => v);
    case "double":
      return (await read(name)).map((v) => (v === null ? null : new Double(v as number)));
    case "date":
    case "datetime":
      return each(`CAST(${name} AS CHAR)`, dateOf);
    case "hex":
      return each(`HEX(${name})`, (v) => new Binary(Buffer.from(v.padStart(bitDigits(type), "0"), "hex")));
    case "point": {
      const wkb = server === "mysql" ? `ST_AsWKB(${name}, 'axis-order=long-lat')` : `ST_AsWKB(${name})`;
      const srids = await texts(`CAST(ST_SRID(${name}) AS CHAR)`);
      return (await texts(`HEX(${wkb})`)).map((v, i) => {
        if (v === null) return null;
        const srid = Buffer.alloc(4);
        srid.writeUInt32LE(Number(srids[i]));
        return new Binary(Buffer.concat([srid, Buffer.from(v, "hex")]));
      });
    }
    case "characters": {
      const raw = await texts(`HEX(${name})`);
      return raw.map((v, i) =>
        v === null
          ? null
          : (reading.texts[(i + at) % reading.texts.length] ?? new Binary(Buffer.from(v, "hex"))),
      );
    }
  }
}

/** A date where the calendar has it, else the text. */
function dateOf(text: string): unknown {
  const date = new Date(`${text.replace(" ", "T")}${text.includes(" ") ? "" : "T00:00:00"}Z`);
  const isInCalendar = !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text.slice(0, 10));
  return isInCalendar ? date : text;
}

/** HEX leaves out the zeros in front of a BIT. */
function bitDigits(type: string): number {
  const bits = /^bit\((\d+)\)$/.exec(type)?.[1];
  return bits === undefined ? 0 : Math.ceil(Number(bits) / 8) * 2;
}
