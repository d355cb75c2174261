import { MESSAGE_TABLE_COUNT, messageTable, userMessageTable, USER_TABLE_COUNT } from "./server-tables.ts";
import type { ColumnFacts } from "@firebreak/archive";
import type { ChatTargetFacts } from "./target-facts.ts";

const plain = { isUnsigned: false, isNullable: false, isDefaultExpression: false, isAutoIncrement: false };
const nullable = { isNullable: true, default: null };
const zero = { default: "0" };

function integer(name: string, type: string, more: Partial<ColumnFacts> = {}): ColumnFacts {
  return { ...plain, name, type, ...more };
}

function text(name: string, characters: number, more: Partial<ColumnFacts> = {}): ColumnFacts {
  return { ...plain, name, type: "varchar", characters, characterSet: "utf8mb4", ...more };
}

const key = integer("id", "int", { isAutoIncrement: true });

const messageColumns: readonly ColumnFacts[] = [
  key,
  integer("_mid", "bigint"),
  text("_from", 64),
  integer("_type", "tinyint"),
  text("_target", 64),
  integer("_line", "int"),
  { ...plain, name: "_data", type: "blob", bytes: 65_535 },
  { ...plain, name: "_searchable_key", type: "text", bytes: 65_535, characterSet: "utf8mb4", ...nullable },
  { ...plain, name: "_dt", type: "datetime" },
  integer("_content_type", "int", zero),
  text("_to", 64, nullable),
];

const userMessageColumns: readonly ColumnFacts[] = [
  key,
  integer("_mid", "bigint"),
  text("_uid", 64),
  integer("_seq", "bigint"),
  { ...plain, name: "_dt", type: "datetime", default: "CURRENT_TIMESTAMP", isDefaultExpression: true },
  integer("_line", "int", zero),
  integer("_type", "tinyint", zero),
  text("_target", 129),
  integer("_directing", "tinyint", zero),
  integer("_cont_type", "int", zero),
];

/** The assumed target if no facts file is given: the community server after migration 54. */
export const COMMUNITY_FACTS: ChatTargetFacts = {
  format: "firebreak-target-facts",
  formatVersion: 1,
  flywayVersion: "54",
  shapes: [
    {
      tables: Array.from({ length: MESSAGE_TABLE_COUNT }, (_, i) => messageTable(i)),
      columns: [...messageColumns],
      uniqueKeys: [["id"], ["_mid"]],
    },
    {
      tables: Array.from({ length: USER_TABLE_COUNT }, (_, i) => userMessageTable(i)),
      columns: [...userMessageColumns],
      uniqueKeys: [["id"]],
    },
  ],
  filled: [],
  rowEstimates: {},
  privateTargets: { plain: 0, pair: 0 },
  zones: {},
  evidence: {},
};
