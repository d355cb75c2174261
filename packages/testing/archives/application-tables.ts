import { join } from "node:path";
import { Binary, Int32, Long, type Document } from "bson";
import {
  readMysqlManifest,
  writeManifest,
  type MysqlManifest,
  type MysqlTable,
  type ProfileFacts,
  type TargetFacts,
} from "@firebreak/archive";
import { makeArchive, type ArchiveRecipe } from "@firebreak/testing/archives/make-archive";
import { ownName } from "@firebreak/testing/servers/databases";
import { plantRows } from "./plant-rows.ts";
import { messageRow, userMessageRow, type ChatRow } from "@firebreak/testing/tables/chat-rows";
import { MESSAGES, USER_MESSAGES, type ChatShape } from "@firebreak/testing/tables/chat-target";

/** As information_schema has them of the community's tables. */
const TYPES: Readonly<Record<string, string>> = {
  _mid: "bigint",
  _from: "varchar(64)",
  _uid: "varchar(64)",
  _type: "tinyint",
  _line: "int",
  _data: "blob",
  _searchable_key: "text",
  _dt: "datetime",
  _content_type: "int",
  _to: "varchar(64)",
  _seq: "bigint",
  _directing: "tinyint",
  _cont_type: "int",
};

export const DECISIONS: ProfileFacts["decisions"] = [
  { setting: "zone", value: "Asia/Shanghai", by: "option" },
  { setting: "serverTimezone", value: "Asia/Shanghai", by: "option" },
  { setting: "sessionTimezone", value: "UTC", by: "option" },
  { setting: "privateTarget", value: "plain", by: "facts" },
];

/** The generic mapping's last column, which no document here has anything for. */
const EXTRA = "_extra";

/** The entry of an application's own table in a manifest: `rename` is the column that stood for `_id`. */
export function applicationTable(table: MysqlTable, rename: string, shape: ChatShape): MysqlTable {
  const isMessages = table.table === MESSAGES;
  const target = isMessages && shape !== "wide" ? "varchar(64)" : "varchar(129)";
  const hasKey = isMessages && shape !== "old";
  return {
    ...table,
    columns: table.columns
      .filter(({ name }) => name !== EXTRA)
      .map(({ name, form }) => {
        const column = name === "_id" ? rename : name;
        const sqlType = column === "_target" ? target : TYPES[column];
        if (sqlType === undefined) throw new Error(`no type for ${column}`);
        return {
          name: column,
          form,
          sqlType: shape === "wide" && column === "_data" ? "mediumblob" : sqlType,
        };
      }),
    keyColumns: hasKey ? ["_mid"] : [],
    createTable: "",
    indexes: [],
    isGiven: true,
    ...(hasKey ? {} : { logicalKey: isMessages ? ["_mid"] : ["_uid", "_seq"] }),
  };
}

export interface ApplicationTablesRecipe {
  readonly shape: ChatShape;
  readonly target: TargetFacts;
  readonly messages: readonly ChatRow[];
  readonly userMessages: readonly ChatRow[];
  readonly options?: ArchiveRecipe["options"];
}

/**
 * An archive with rows for tables of the chat server, as a transform with its
 * profile makes it. The rows come by the generic mapping of documents with the
 * same values; then the manifest calls the tables what they are.
 */
export async function applicationTablesArchive(
  parent: string,
  recipe: ApplicationTablesRecipe,
): Promise<string> {
  const { shape, target, messages, userMessages, options } = recipe;
  const archive = await makeArchive(parent, {
    database: ownName("given"),
    collections: {
      [MESSAGES]: messages.map((row) => documentOf(row, "_mid", shape === "old" ? "_to" : undefined)),
      [USER_MESSAGES]: userMessages.map((row) => documentOf(row, "_seq")),
    },
    ...(options === undefined ? {} : { options }),
  });
  const folder = join(archive, "mysql");
  const { manifest } = await readMysqlManifest(folder);
  await writeManifest(folder, {
    ...manifest,
    profile: "wildfirechat",
    profileFacts: {
      options: {},
      decisions: DECISIONS,
      counts: {},
      remarks: {},
      quarantined: {},
      staying: [],
    },
    target,
    tables: manifest.tables.map((t) => applicationTable(t, t.table === MESSAGES ? "_mid" : "_seq", shape)),
  } satisfies MysqlManifest);
  await plantRows(archive, (rows) => rows.map((row) => row.replace(/,NULL\n$/, "\n")));
  return archive;
}

export const messageRows = (from: number, to: number, bodyBytes?: number): ChatRow[] =>
  Array.from({ length: to - from }, (_, i) => messageRow(from + i, bodyBytes));

export const userMessageRows = (from: number, to: number): ChatRow[] =>
  Array.from({ length: to - from }, (_, i) => userMessageRow(from + i));

function documentOf(row: ChatRow, id: string, without?: string): Document {
  const { [id]: _id, ...fields } = row;
  const values = Object.entries({ _id: _id!, ...fields }).filter(([name]) => name !== without);
  // A null of its own would be a matter of the generic mapping's last column.
  return Object.fromEntries(
    values.flatMap(([name, value]) => (value === null ? [] : [[name, bsonOf(value)]])),
  ) as Document;
}

function bsonOf(value: ChatRow[string]): unknown {
  if (typeof value === "bigint") return Long.fromBigInt(value);
  if (typeof value === "number") return new Int32(value);
  return value instanceof Uint8Array ? new Binary(Buffer.from(value)) : value;
}
