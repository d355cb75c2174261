import type { SettingAdvice, SettingReason } from "../plan-record.ts";
import type { MysqlSettings, SettingName } from "./mysql-settings.ts";

const MIB = 1 << 20;
const GIB = 1 << 30;
/** The part of a machine's memory that the pool may have, if the machine serves nothing else. */
const POOL_PART = 0.6;
/** The redo log that a load writes without waiting for pages, and the one that serves afterwards. */
const LOAD_REDO_BYTES = 4 * GIB;
const SERVICE_REDO_BYTES = GIB;
/** The row of a document, with its escapes, may take twice the document. */
const PACKET_FACTOR = 2;
/** A log of a week lets a replica or a proof go on after a holiday. */
const LOG_SECONDS = 7 * 86_400;

/** The sizes that settings depend on, in bytes. */
export interface TargetSizes {
  readonly targetBytes: number;
  readonly indexBytes: number;
  readonly largestBytes: number;
}

/** Advises the settings of a MySQL or MariaDB target, for the load and for service afterwards. Pure. */
export function adviseSettings(settings: MysqlSettings, sizes: TargetSizes): SettingAdvice[] {
  const advice: SettingAdvice[] = [];
  const add = (
    variable: SettingName,
    time: SettingAdvice["for"],
    advised: string,
    reason: SettingReason,
  ): void => {
    const value = settings.value(variable);
    if (value !== undefined && value.toUpperCase() !== advised.toUpperCase())
      advice.push({ variable, value, advised, for: time, reason });
  };
  /** Advises a value for the service that the server may have now, because it is changed for the load. */
  const afterwards = (variable: SettingName, advised: string, reason: SettingReason): void => {
    const value = settings.value(variable);
    if (value !== undefined) advice.push({ variable, value, advised, for: "service", reason });
  };
  /** Advises a size only where there is less. */
  const atLeast = (
    variable: SettingName,
    time: SettingAdvice["for"],
    bytes: number,
    reason: SettingReason,
  ): void => {
    const value = settings.value(variable);
    if (value !== undefined && Number(value) < bytes) add(variable, time, String(bytes), reason);
  };
  pool(settings, sizes, atLeast);
  // MySQL 8.0.30 and later have one capacity; before it, and in MariaDB, it is the size of a file.
  for (const name of ["innodb_redo_log_capacity", "innodb_log_file_size"] as const) {
    const isUsed =
      name === "innodb_redo_log_capacity" || settings.value("innodb_redo_log_capacity") === undefined;
    if (!isUsed) continue;
    atLeast(name, "load", Math.min(LOAD_REDO_BYTES, upToMib(sizes.targetBytes, 128)), "redo-for-load");
    atLeast(
      name,
      "service",
      Math.min(SERVICE_REDO_BYTES, upToMib(sizes.targetBytes, 128)),
      "redo-for-service",
    );
  }
  add("innodb_flush_log_at_trx_commit", "load", "2", "flush-for-load");
  afterwards("innodb_flush_log_at_trx_commit", "1", "durable");
  atLeast("max_allowed_packet", "load", packetBytes(sizes), "packet");
  atLeast("max_allowed_packet", "service", packetBytes(sizes), "packet");
  add("local_infile", "load", "ON", "local-infile");
  if (advice.some((one) => one.variable === "local_infile"))
    afterwards("local_infile", "OFF", "local-infile-off");
  add("character_set_server", "service", "utf8mb4", "utf8mb4");
  if (/^(ON|1)$/i.test(settings.value("log_bin") ?? "OFF")) binaryLog(add, settings);
  return advice;
}

type Add = (
  variable: SettingName,
  time: SettingAdvice["for"],
  advised: string,
  reason: SettingReason,
) => void;

function pool(
  { memoryBytes }: MysqlSettings,
  { targetBytes, indexBytes }: TargetSizes,
  atLeast: (variable: SettingName, time: SettingAdvice["for"], bytes: number, reason: SettingReason) => void,
): void {
  // Nobody may follow advice that the server has no memory for.
  if (memoryBytes === undefined) return;
  const room = memoryBytes * POOL_PART;
  const whole = upToMib(targetBytes, 128);
  // Random writes to secondary indexes read pages again from the disk if these do not fit.
  atLeast(
    "innodb_buffer_pool_size",
    "load",
    downToMib(Math.min(room, upToMib(indexBytes, 128))),
    "pool-holds-indexes",
  );
  atLeast("innodb_buffer_pool_size", "service", downToMib(Math.min(room, whole)), "pool-holds-data");
}

function binaryLog(add: Add, settings: MysqlSettings): void {
  add("sync_binlog", "service", "1", "durable");
  // A proof since the last one reads row events (docs/deltas.md).
  add("binlog_format", "service", "ROW", "log-rows");
  add("binlog_row_image", "service", "FULL", "log-images");
  add("binlog_transaction_compression", "service", "OFF", "log-plain");
  add("log_bin_compress", "service", "OFF", "log-plain");
  const kept = Number(settings.value("binlog_expire_logs_seconds") ?? LOG_SECONDS);
  // 0 keeps logs for ever.
  if (kept === 0 || kept > LOG_SECONDS * 4)
    add("binlog_expire_logs_seconds", "service", String(LOG_SECONDS), "log-space");
}

/** Returns a packet, in whole MiB, that takes the row of the largest document. */
export function packetBytes({ largestBytes }: Pick<TargetSizes, "largestBytes">): number {
  return upToMib(largestBytes * PACKET_FACTOR, 1);
}

/** Rounds up to a multiple of so many MiB. */
function upToMib(bytes: number, mib: number): number {
  return Math.ceil(bytes / (mib * MIB)) * mib * MIB;
}

function downToMib(bytes: number): number {
  return Math.floor(bytes / MIB) * MIB;
}
