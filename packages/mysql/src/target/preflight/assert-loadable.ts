import { readMysqlManifest, selectTables } from "@firebreak/archive";
import { MysqlSession, mysqlTarget } from "../../driver/connect.ts";
import { serverFacts } from "../../driver/server-facts.ts";
import type { LoadOptions } from "@firebreak/target";
import type { MysqlLoadOptions } from "../mysql-load.ts";
import { mayLackKey } from "../tables/create-table.ts";
import { loadFault } from "../load-faults.ts";
import { packetFindings } from "./packets.ts";
import { pageFindings } from "./page-limits.ts";
import { serverFindings } from "./server.ts";

/**
 * Checks that a server can take these tables, whatever is on it now. For callers who make room there before
 * the load.
 *
 * @throws {FirebreakError} `load-refused` with all findings, or of mysql and archive.
 */
export async function assertLoadable(
  options: Pick<LoadOptions, "folder" | "identities"> & Pick<MysqlLoadOptions, "url" | "select">,
): Promise<void> {
  const { manifest } = await readMysqlManifest(options.folder, options.identities);
  const { tables } = selectTables(manifest, options.select);
  const target = mysqlTarget(options.url);
  await using session = await MysqlSession.open(target);
  const facts = await serverFacts(session);
  const findings = [
    ...serverFindings(facts, tables, facts.requiresPrimaryKey && (await mayLackKey(session))),
    ...packetFindings(tables, facts.maxAllowedPacket, facts.hasLocalInfile).findings,
    ...pageFindings(tables, facts),
  ];
  if (findings.length > 0) throw loadFault("load-refused", { server: target.server, findings });
}
