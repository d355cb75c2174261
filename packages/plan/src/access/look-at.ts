import type { MongodbSource, Namespace } from "@firebreak/mongodb";
import type { MysqlSession } from "@firebreak/mysql";
import type { Access, IndexUse, Unseen } from "../plan-record.ts";
import { ifSeenOr } from "./if-seen.ts";
import { indexUse, mongodbCounters, oplogHours } from "./mongodb-access.ts";
import { mysqlCounters } from "./mysql-access.ts";
import { watch, type Watched } from "./watch.ts";

/** The use of both servers, as far as the logins may see it. */
export interface Looks {
  /** The use of each server that shows its counters. It is empty if nobody watched. */
  readonly access: readonly Access[];
  readonly indexUse: readonly IndexUse[];
  readonly oplogHours: number | undefined;
  readonly unseen: readonly Unseen[];
}

/** Looks at the use of both servers. Whatever a login may not see is listed instead. */
export async function lookAt(
  source: MongodbSource,
  session: MysqlSession,
  namespaces: readonly Namespace[],
  watchSeconds: number,
): Promise<Looks> {
  const unseen: Unseen[] = [];
  const ifSeen = ifSeenOr(unseen);
  const uses = (await ifSeen("index-use", () => indexUse(source, namespaces))) ?? [];
  const hours = await ifSeen("oplog", () => oplogHours(source));
  const servers = [
    { server: source.server, read: () => mongodbCounters(source) },
    { server: session.target.server, read: () => mysqlCounters(session) },
  ];
  // The source is what the estimates need: a target that shows no counters must not hide those.
  const seen: Watched[] = [];
  for (const one of watchSeconds === 0 ? [] : servers)
    if ((await ifSeen("counters", () => one.read())) !== undefined) seen.push(one);
  const watched = seen.length === 0 ? [] : await ifSeen("counters", () => watch(seen, watchSeconds));
  return { access: watched ?? [], indexUse: uses, oplogHours: hours, unseen };
}
