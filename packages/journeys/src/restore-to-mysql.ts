import {
  accountEvent,
  FirebreakError,
  hasManifest,
  namespaceTest,
  type Account,
  type MadeDatabase,
  type MysqlManifest,
} from "@firebreak/archive";
import { checksumArchive } from "@firebreak/checksum";
import {
  assertLoadable,
  mysqlChecksumTarget,
  mysqlLoadTarget,
  type MysqlChecksumNotes,
  type ToMysqlNotes,
} from "@firebreak/mysql/target";
import { loadArchive } from "@firebreak/load";
import {
  beginRestore,
  finishRestore,
  giveUpRestore,
  serverUrl,
  type RestoredDefinition,
} from "@firebreak/restore-mysql";
import { transformArchive } from "@firebreak/transform";
import { accountOf, withoutAccount } from "./account-of.ts";

export interface RestoreToMysqlOptions {
  readonly archive: string;
  /** The folders that transform writes, by the kind of the target. */
  readonly folders: { readonly mysql: string; readonly mongodb: string };
  /** The folder for rows that the target refuses, and for differences. */
  readonly work: string;
  readonly url: string;
  readonly jobs: number;
  readonly version: string;
  readonly identities?: readonly string[] | undefined;
  /** Patterns of the namespaces to restore. */
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly renames: readonly string[];
  readonly collations: readonly string[];
  readonly maxQuarantine: number;
  /** Drops tables that are in the way, if `confirmDrop` says yes. */
  readonly isDropping: boolean;
  readonly isDryRun: boolean;
  confirmDrop(namespaces: readonly string[]): Promise<boolean>;
}

type EventOf<G> = G extends AsyncGenerator<infer E, unknown> ? E : never;
type RestoreToMysqlEvent = EventOf<
  | ReturnType<typeof transformArchive>
  | ReturnType<typeof beginRestore>
  | ReturnType<typeof loadArchive<MysqlManifest, ToMysqlNotes>>
  | ReturnType<typeof checksumArchive<MysqlManifest, MysqlChecksumNotes>>
  | ReturnType<typeof finishRestore>
>;

/**
 * Restores an archive of MySQL into MySQL. It transforms the archive into its original tables, loads them and
 * proves the rows by checksum. It creates all other objects before or after the rows.
 *
 * @throws {FirebreakError} a fault of transform, load, restore-mysql, checksum or archive.
 */
export async function* restoreToMysql(options: RestoreToMysqlOptions): AsyncGenerator<RestoreToMysqlEvent> {
  const { archive, folders, jobs, work, url, version, identities, isDropping, isDryRun } = options;
  const { include, exclude, renames, collations, maxQuarantine } = options;
  const wanted = { archive, identities, include, exclude, renames, collations };
  const folder = folders.mysql;
  if (!isDryRun && !(await hasManifest(folder))) {
    const task = { archive, to: "mysql", folders, jobs, identities, version } as const;
    yield* withoutAccount(transformArchive(task));
  }
  const isWanted = namespaceTest(wanted);
  if (!isDryRun || (await hasManifest(folder)))
    await assertLoadable({
      folder,
      identities,
      url: serverUrl(url),
      select: (table) => (isWanted(table.namespace) ? table : undefined),
    });
  const { select, made } = yield* beginRestore({
    ...wanted,
    folder,
    jobs,
    url,
    isDropping,
    isDryRun,
    confirmDrop: (namespaces) => options.confirmDrop(namespaces),
  });
  if (isDryRun) return;
  const rows = { archive, folder, work, jobs, identities };
  const selected = { url: serverUrl(url), select };
  const how = { maxQuarantine, isReplay: false, isDryRun: false, isProved: true };
  const loading = loadArchive(mysqlLoadTarget(selected), { ...rows, ...how });
  const { accounts: loaded, databases } = yield* orGivenUp(accountOf(loading), () =>
    giveUpRestore({ ...wanted, url }, made),
  );
  const { accounts: proved } = yield* accountOf(checksumArchive(mysqlChecksumTarget(selected), rows));
  const tables = merged(loaded, proved);
  const unequal = tables.filter((a) => a.tables?.some((t) => t.equal !== true)).map((a) => a.namespace);
  const hasQuarantine = tables.some((a) => a.tables?.some((t) => (t.quarantined ?? 0) > 0));
  const definitions = yield* finishRestore({ ...wanted, url, hasQuarantine, unequal });
  yield accountEvent(withDefinitions(tables, definitions), { databases: notExported(databases) });
}

/** Faults of a load that created nothing. */
const NOTHING_MADE: readonly string[] = ["load-refused", "table-refused"];

/** Follows a load. If the load created nothing, `giveUp` removes what was made for it. */
async function* orGivenUp<E, R>(
  loading: AsyncGenerator<E, R>,
  giveUp: () => Promise<void>,
): AsyncGenerator<E, R> {
  try {
    return yield* loading;
  } catch (error) {
    if (error instanceof FirebreakError && NOTHING_MADE.includes(error.code)) await giveUp();
    throw error;
  }
}

/** Keeps only the objects that the archive lacks. A restore carries over the others that load lists. */
function notExported(databases: readonly MadeDatabase[] = []): MadeDatabase[] {
  return databases.flatMap(({ database, notCarried }) => {
    const missing = notCarried.filter(({ reason }) => reason === "not-exported");
    return missing.length === 0 ? [] : [{ database, notCarried: missing }];
  });
}

/** Merges the accounts of load and checksum, table by table. */
function merged(loaded: readonly Account[], proved: readonly Account[]): Account[] {
  // A restore carries over the objects that load lists as not carried.
  return loaded.map((whole) => {
    const { notCarried: _, ...account } = whole;
    const found = proved.find((p) => p.namespace === account.namespace);
    return {
      ...account,
      tables: (account.tables ?? []).map((table) => ({
        ...found?.tables?.find((t) => t.table === table.table),
        ...table,
      })),
    };
  });
}

function withDefinitions(tables: readonly Account[], definitions: readonly RestoredDefinition[]): Account[] {
  return definitions.map(({ namespace, target, kind, isEqual, notCarried }) => {
    const rows = tables.find((t) => t.namespace === namespace);
    const place = target === namespace ? { namespace } : { namespace, target };
    const changed = notCarried.length === 0 ? {} : { notCarried };
    if (kind === "view" || rows === undefined) return { ...place, ...changed, equal: isEqual };
    const ofRows = rows.tables?.map((t) => ({ ...t, equal: t.equal === true && isEqual }));
    return { ...rows, ...place, ...changed, tables: ofRows ?? [] };
  });
}
