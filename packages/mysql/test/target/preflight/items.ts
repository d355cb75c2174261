import { FirebreakError, type MysqlManifest, type MysqlTable } from "@firebreak/archive";
import type { MysqlSession } from "../../../src/index.ts";
import type { Finding } from "../../../src/target/index.ts";
import { preflight, type Preflight } from "../../../src/target/preflight/preflight.ts";

/** As `createTable` of transform's own. */
const EXACT = "/*!80017 COLLATE utf8mb4_0900_bin */ /*M!100202 COLLATE utf8mb4_nopad_bin */";

const COLUMNS = {
  _id: ["varchar(50)", "text", "NOT NULL"],
  n: ["int", "text", "NULL"],
  big: ["bigint", "text", "NULL"],
  flag: ["tinyint(1)", "text", "NULL"],
  ratio: ["double", "double", "NULL"],
  price: ["decimal(10,2)", "text", "NULL"],
  at: ["datetime(3)", "text", "NULL"],
  ref: ["char(24)", "text", "NULL"],
  name: ["varchar(20)", "text", "NULL"],
  note: ["text", "text", "NULL"],
  bytes: ["varbinary(100)", "binary", "NULL"],
  file: ["blob", "binary", "NULL"],
} as const;

/** A table with a column of every kind, and no rows. */
export function items(changes: Partial<MysqlTable> = {}): MysqlTable {
  const lines = Object.entries(COLUMNS).map(
    ([name, [type, , isNull]]) =>
      `\`${name}\` ${type}${type === "char(24)" ? " CHARACTER SET ascii COLLATE ascii_bin" : ""} ${isNull}`,
  );
  return {
    table: "items",
    database: "nowhere",
    namespace: "shop.items",
    columns: Object.entries(COLUMNS).map(([name, [sqlType, form]]) => ({ name, sqlType, form })),
    keyColumns: ["_id"],
    rowEncoding: "values",
    digest: { rowCount: 0, laneA: "0", laneB: "0" },
    largestValueBytes: 0,
    largestRowBytes: 0,
    createTable: `CREATE TABLE items (${lines.join(", ")}, PRIMARY KEY (_id)) ENGINE=InnoDB ROW_FORMAT=DYNAMIC DEFAULT CHARACTER SET utf8mb4 ${EXACT}`,
    indexes: [],
    notCarried: [],
    parts: [],
    ...changes,
  };
}

export function manifestOf(...tables: MysqlTable[]): MysqlManifest {
  return { tables } as unknown as MysqlManifest;
}

/** What preflight finds; none where it lets the load begin. */
export async function findingsOf(
  session: MysqlSession,
  manifest: MysqlManifest,
): Promise<readonly Finding[]> {
  const outcome = await outcomeOf(session, manifest);
  return outcome instanceof FirebreakError ? (outcome.fields["findings"] as readonly Finding[]) : [];
}

export async function notesOf(session: MysqlSession, manifest: MysqlManifest): Promise<Preflight["notes"]> {
  const outcome = await outcomeOf(session, manifest);
  if (outcome instanceof FirebreakError) throw outcome;
  return outcome.notes;
}

async function outcomeOf(
  session: MysqlSession,
  manifest: MysqlManifest,
): Promise<Preflight | FirebreakError> {
  try {
    return await preflight(session, manifest);
  } catch (error) {
    if (error instanceof FirebreakError && error.code === "load-refused") return error;
    throw error;
  }
}
