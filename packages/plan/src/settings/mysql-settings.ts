import { hostname, totalmem } from "node:os";
import type { MysqlSession } from "@firebreak/mysql";

const NAMES = [
  "innodb_buffer_pool_size",
  "innodb_redo_log_capacity",
  "innodb_log_file_size",
  "innodb_flush_log_at_trx_commit",
  "sync_binlog",
  "log_bin",
  "binlog_format",
  "binlog_row_image",
  "binlog_transaction_compression",
  "log_bin_compress",
  "binlog_expire_logs_seconds",
  "max_allowed_packet",
  "local_infile",
  "character_set_server",
  "hostname",
] as const;

export type SettingName = (typeof NAMES)[number];

/** The settings of a target as they are. */
export interface MysqlSettings {
  /** Undefined for a setting that this server does not know. */
  value(name: SettingName): string | undefined;
  /** The memory of the server's machine, if that is this one. */
  readonly memoryBytes: number | undefined;
}

/** Reads the settings of a server. */
export async function mysqlSettings(session: MysqlSession): Promise<MysqlSettings> {
  const rows = await session.rows<{ Variable_name: string; Value: string }>(
    `SHOW GLOBAL VARIABLES WHERE Variable_name IN (${NAMES.map((n) => `'${n}'`).join(", ")})`,
  );
  const values = new Map(rows.map((row) => [row.Variable_name.toLowerCase(), row.Value]));
  return {
    value: (name) => values.get(name),
    memoryBytes: values.get("hostname") === hostname() ? ownMemory() : undefined,
  };
}

/** Returns the memory of this machine, or of the container that limits it. */
function ownMemory(): number {
  const limit = process.constrainedMemory();
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}
