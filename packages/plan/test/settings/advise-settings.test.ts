import { expect, test } from "vitest";
import { adviseSettings, packetBytes } from "../../src/settings/advise-settings.ts";
import type { MysqlSettings, SettingName } from "../../src/settings/mysql-settings.ts";

const MIB = 1 << 20;
const GIB = 1 << 30;

const GOOD: Partial<Record<SettingName, string>> = {
  innodb_buffer_pool_size: String(8 * GIB),
  innodb_redo_log_capacity: String(4 * GIB),
  innodb_flush_log_at_trx_commit: "1",
  sync_binlog: "1",
  log_bin: "ON",
  binlog_format: "ROW",
  binlog_row_image: "FULL",
  binlog_transaction_compression: "OFF",
  binlog_expire_logs_seconds: "604800",
  max_allowed_packet: String(GIB),
  local_infile: "ON",
  character_set_server: "utf8mb4",
};

const SIZES = { targetBytes: 6 * GIB, indexBytes: 2 * GIB, largestBytes: 1000 };

function advised(changed: Partial<Record<SettingName, string>>, memoryBytes: number | undefined = 64 * GIB) {
  const values = new Map(Object.entries({ ...GOOD, ...changed }));
  const settings: MysqlSettings = { value: (name) => values.get(name), memoryBytes };
  return adviseSettings(settings, SIZES).map((a) => [a.variable, a.for, a.advised]);
}

/** The load alone may be less durable than the service, which must not keep that. */
const ALWAYS = [
  ["innodb_flush_log_at_trx_commit", "load", "2"],
  ["innodb_flush_log_at_trx_commit", "service", "1"],
];

test("a server that is set well gets no advice but for the load", () => {
  expect(advised({})).toEqual(ALWAYS);
});

test.each<[SettingName, string, string[][]]>([
  [
    "innodb_buffer_pool_size",
    String(128 * MIB),
    [
      ["innodb_buffer_pool_size", "load", String(2 * GIB)],
      ["innodb_buffer_pool_size", "service", String(6 * GIB)],
    ],
  ],
  [
    "local_infile",
    "OFF",
    [
      ["local_infile", "load", "ON"],
      ["local_infile", "service", "OFF"],
    ],
  ],
  ["character_set_server", "latin1", [["character_set_server", "service", "utf8mb4"]]],
  ["binlog_format", "STATEMENT", [["binlog_format", "service", "ROW"]]],
  ["binlog_row_image", "MINIMAL", [["binlog_row_image", "service", "FULL"]]],
  ["sync_binlog", "0", [["sync_binlog", "service", "1"]]],
])("%s = %s is found", (name, value, expected) => {
  expect(advised({ [name]: value }).filter(([n]) => n === name)).toEqual(expected);
});

test("a pool is never advised that the machine has no memory for", () => {
  const small = { innodb_buffer_pool_size: String(128 * MIB) };
  const pool = advised(small, 4 * GIB).filter(([name]) => name === "innodb_buffer_pool_size");
  expect(pool).toEqual([
    ["innodb_buffer_pool_size", "load", String(2 * GIB)],
    ["innodb_buffer_pool_size", "service", String(Math.floor((4 * GIB * 0.6) / MIB) * MIB)],
  ]);
});

test("no pool is advised where the memory of the server's machine is not known", () => {
  const values = new Map<string, string>(
    Object.entries({ ...GOOD, innodb_buffer_pool_size: String(128 * MIB) }),
  );
  const settings: MysqlSettings = { value: (name) => values.get(name), memoryBytes: undefined };
  expect(adviseSettings(settings, SIZES).map(({ variable }) => variable)).toEqual(
    ALWAYS.map(([name]) => name),
  );
});

test("a packet is advised that takes the largest document's row", () => {
  const values = new Map<string, string>(Object.entries({ ...GOOD, max_allowed_packet: String(16 * MIB) }));
  const settings: MysqlSettings = { value: (name) => values.get(name), memoryBytes: undefined };
  const packets = (largestBytes: number) =>
    adviseSettings(settings, { ...SIZES, largestBytes }).flatMap((a) =>
      a.variable === "max_allowed_packet" ? [[a.for, a.advised]] : [],
    );
  expect(packets(8 * MIB)).toEqual([]);
  expect(packets(8 * MIB + 1)).toEqual([
    ["load", String(17 * MIB)],
    ["service", String(17 * MIB)],
  ]);
});

test("without a binary log nothing is said about it", () => {
  expect(advised({ log_bin: "OFF", sync_binlog: "0", binlog_format: "STATEMENT" })).toEqual(ALWAYS);
});

test("MariaDB's log files count where there is no capacity", () => {
  const { innodb_redo_log_capacity: _, ...mariadb } = GOOD;
  const values = new Map<string, string>(
    Object.entries({ ...mariadb, innodb_log_file_size: String(96 * MIB) }),
  );
  const found = adviseSettings({ value: (name) => values.get(name), memoryBytes: undefined }, SIZES);
  expect(found.map(({ variable }) => variable)).toContain("innodb_log_file_size");
});

test.each([
  [1, MIB],
  [8 * MIB, 16 * MIB],
  [8 * MIB + 1, 17 * MIB],
])("a largest document of %i bytes needs a packet of %i", (largestBytes, expected) => {
  expect(packetBytes({ largestBytes })).toBe(expected);
});
