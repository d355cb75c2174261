import {
  accountEvent,
  FirebreakError,
  namespaceTest,
  type Account,
  type MadeDatabase,
  type StepEvent,
} from "@firebreak/archive";
import type { RestoredDefinition } from "@firebreak/restore-mysql";
import type { Ask, CommandEvent } from "../command.ts";
import { DEFAULTS } from "../defaults.ts";
import type { Settings } from "../settings.ts";
import { VERSION } from "../version.ts";

/**
 * Restores an archive of MySQL into MySQL. It transforms the archive into its original tables, loads them and
 * proves the rows by checksum. It creates all other objects before or after the rows.
 */
export async function* restoreToMysql(settings: Settings, ask: Ask): AsyncGenerator<CommandEvent> {
  const { archive, jobs, work } = settings;
  const [isDropping, isDryRun] = [settings.isOn("drop"), settings.isOn("dry-run")];
  const isAsked = !settings.isOn("yes");
  const url = settings.mysqlUrl;
  const identities = await settings.identities();
  const wanted = {
    archive,
    identities,
    include: settings.list("include"),
    exclude: settings.list("exclude"),
    renames: settings.list("rename"),
    collations: settings.list("collation-map"),
  };
  if (!isDryRun && !(await settings.isTransformed("mysql"))) {
    const { transformArchive } = await import("@firebreak/transform");
    const folders = { mysql: await settings.mysqlFolder(), mongodb: await settings.mongodbFolder() };
    const task = { archive, to: "mysql", folders, jobs, identities, version: VERSION } as const;
    for await (const event of transformArchive(task)) if (event.kind !== "account") yield event;
  }
  const folder = await settings.mysqlFolder();
  const { beginRestore, finishRestore, giveUpRestore, serverUrl } = await import("@firebreak/restore-mysql");
  const { assertLoadable, loadArchive } = await import("@firebreak/load");
  const isWanted = namespaceTest(wanted);
  if (!isDryRun || (await settings.isTransformed("mysql")))
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
    confirmDrop: async (namespaces) => !isAsked || ask("drop", { namespaces }),
  });
  if (isDryRun) return;
  const rows = { archive, folder, work, jobs, identities, select, url: serverUrl(url) };
  const maxQuarantine = settings.count("max-quarantine") ?? DEFAULTS.maxQuarantine;
  const loading = loadArchive({ ...rows, maxQuarantine, isReplay: false, isDryRun: false, isProved: true });
  const { accounts: loaded, databases } = yield* orGivenUp(accountOf(loading), () =>
    giveUpRestore({ ...wanted, url }, made),
  );
  const { checksumArchive } = await import("@firebreak/checksum");
  const { accounts: proved } = yield* accountOf(checksumArchive(rows));
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

type AccountOfStep = Extract<StepEvent, { kind: "account" }>;

/** Yields the events of a step without its account, and returns the account. */
async function* accountOf<E extends CommandEvent>(
  events: AsyncIterable<E>,
): AsyncGenerator<E, Pick<AccountOfStep, "accounts" | "databases">> {
  let account: Pick<AccountOfStep, "accounts" | "databases"> = { accounts: [] };
  for await (const event of events)
    if (event.kind === "account") account = event as AccountOfStep;
    else yield event;
  return account;
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
