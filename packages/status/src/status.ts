import {
  accountEvent,
  archiveFault,
  exists,
  hasManifest,
  fatesAccount,
  listFolder,
  namespaceAccount,
  readSourceManifest,
  readTransformed,
  readTransformedForMongodb,
  type Account,
  type FolderListing,
  type MongodbManifest,
  type MysqlManifest,
  type SourceManifest,
  type StepEvent,
} from "@firebreak/archive";
import type { ChainPlace } from "@firebreak/mysql";
import { fileSizes, folderSizes, type FileSizes, type Sizes } from "./sizes.ts";
import type { TableState, TargetState } from "./target-state.ts";
import { unfinishedExport, type UnfinishedExport } from "./unfinished-export.ts";

export interface StatusOptions {
  readonly archive: string;
  /** The kind of database that it is transformed for and loaded into. */
  readonly kind: "mysql" | "mongodb";
  /** Where transform wrote what is for that kind; looked at if it has a manifest. */
  readonly folder: string;
  /** Of the target; without one only the files are looked at. */
  readonly url: string | undefined;
  /** Of the person; without them an encrypted archive shows its sizes alone. */
  readonly identities?: readonly string[] | undefined;
}

export interface StatusFacts {
  readonly archive: string;
  readonly exported:
    | {
        readonly state: "complete";
        /** Of an encrypted archive without its key, which files have documents is unknown. */
        readonly sizes: Sizes | (FileSizes & { readonly lines: number | undefined });
        readonly finishedAt?: string;
        readonly namespaces?: number;
        /** Of a delta: its number in the chain, and keys that are gone. */
        readonly delta?: number;
        readonly deletes?: number;
      }
    | ({ readonly state: "unfinished" } & UnfinishedExport);
  readonly transformed:
    | {
        readonly state: "complete";
        readonly kind: StatusOptions["kind"];
        /** Of a MongoDB: documents, and their collections. Without the key, files alone. */
        readonly rows: Sizes | FileSizes;
        readonly quarantined?: number;
        readonly finishedAt?: string;
        /** Of a delta: those that it changes, and the keys whose rows it deletes or replaces. */
        readonly tables?: number;
        readonly keys?: number;
      }
    /** Begun, and under way or cut off. */
    | { readonly state: "unfinished" }
    | { readonly state: "none" };
  readonly target?: TargetState;
}

export type StatusEvent = StepEvent | ({ readonly kind: "status" } & StatusFacts);

/**
 * Says what is exported, transformed and loaded, and what is left: from
 * manifests and progress, and from the target's ledger if there is a URL. Reads
 * only; what writes there meanwhile goes on undisturbed.
 *
 * @throws {FirebreakError} of archive, mysql or mongodb: it could not look.
 */
export async function* archiveStatus(options: StatusOptions): AsyncGenerator<StatusEvent> {
  const { archive, url } = options;
  if (!(await exists(archive))) throw archiveFault("archive-missing", { archive });
  if (!(await hasManifest(archive))) {
    const unfinished = await unfinishedExport(archive);
    const exported = { state: "unfinished", ...unfinished } as const;
    yield { kind: "status", archive, exported, transformed: { state: "none" } };
    const accounts = unfinished.namespaces.map(({ namespace, documents }) => ({ namespace, documents }));
    yield { kind: "account", accounts };
    return;
  }
  const { source, made, place, ...files } = await filesState(options);
  // What is to be in the target stands in the manifest: without it there is nothing to compare with.
  const target = url === undefined || made === undefined ? undefined : await targetState(url, made, place);
  yield { kind: "status", archive, ...files, ...(target === undefined ? {} : { target }) };
  yield accountEvent(source === undefined ? [] : accountsOf(source, made, target), made ?? {});
}

/** Imports the driver that it needs, and no other. */
async function targetState(url: string, made: Made, place: ChainPlace): Promise<TargetState> {
  if (made.format === "firebreak-mysql")
    return (await import("./mysql-target.ts")).mysqlTargetState(url, made, place);
  return (await import("./mongodb-target.ts")).mongodbTargetState(url, made, place);
}

/** What transform made. */
type Made = MysqlManifest | MongodbManifest;

/** What the manifests say; of an encrypted archive without its key that is sizes alone. */
async function filesState({ archive, kind, folder, url, identities }: StatusOptions): Promise<
  Pick<StatusFacts, "exported" | "transformed"> & {
    readonly source: SourceManifest | undefined;
    readonly made: Made | undefined;
    readonly place: ChainPlace;
  }
> {
  const listing = await listFolder(archive, "firebreak-archive");
  // Whoever asks for the target needs the key, and is told so.
  const isOpen = listing.encryption === undefined || identities !== undefined || url !== undefined;
  const source = isOpen ? (await readSourceManifest(archive, identities)).manifest : undefined;
  const readMade = kind === "mysql" ? readTransformed : readTransformedForMongodb;
  const made = isOpen ? await readMade(folder, listing.sha256, identities) : undefined;
  return {
    source,
    made,
    place: source?.delta ?? { chainSha256: listing.sha256, number: 0 },
    exported: { state: "complete", ...exportState(listing, source) },
    transformed: await transformState(kind, folder, made),
  };
}

function exportState(
  { files, lineCount }: Pick<FolderListing, "files" | "lineCount">,
  manifest: SourceManifest | undefined,
): Omit<Extract<StatusFacts["exported"], { state: "complete" }>, "state"> {
  if (manifest === undefined) return { sizes: { ...fileSizes(files), lines: lineCount } };
  const { sizes, keys } = folderSizes(manifest, files);
  const { delta, namespaces, run } = manifest;
  return {
    sizes,
    finishedAt: run.finishedAt,
    namespaces: namespaces.length,
    ...(delta === undefined ? {} : { delta: delta.number, deletes: keys }),
  };
}

async function transformState(
  kind: StatusOptions["kind"],
  folder: string,
  manifest: Made | undefined,
): Promise<StatusFacts["transformed"]> {
  if (!(await hasManifest(folder))) return { state: (await exists(folder)) ? "unfinished" : "none" };
  const { files } = await listFolder(folder, `firebreak-${kind}`);
  if (manifest === undefined) return { state: "complete", kind, rows: fileSizes(files) };
  const { sizes, keys, quarantined } = folderSizes(manifest, files);
  const isDelta = manifest.delta !== undefined;
  const tables = "tables" in manifest ? manifest.tables : manifest.collections;
  return {
    state: "complete",
    kind,
    rows: sizes,
    quarantined,
    finishedAt: manifest.run.finishedAt,
    tables: isDelta ? tables.filter((t) => t.change !== undefined).length : tables.length,
    ...(isDelta ? { keys } : {}),
  };
}

function accountsOf(
  source: SourceManifest,
  made: Made | undefined,
  target: TargetState | undefined,
): Account[] {
  return source.namespaces.map((n) => {
    const mapped = made?.namespaces.find((m) => m.namespace === n.namespace);
    const loaded = target?.tables.filter((t) => t.namespace === n.namespace);
    return {
      ...namespaceAccount(n),
      ...(mapped === undefined ? {} : fatesAccount(mapped)),
      ...(made?.format === "firebreak-mysql"
        ? tableAccounts(made, n.namespace, loaded)
        : loadedAccount(loaded)),
    };
  });
}

function tableAccounts(
  { tables }: MysqlManifest,
  namespace: string,
  loaded: readonly TableState[] = [],
): Pick<Account, "tables"> {
  const own = tables.filter((t) => t.namespace === namespace);
  if (own.length === 0) return {};
  return {
    tables: own.map(({ table, digest, extra }) => {
      const state = loaded.find((t) => t.table === table);
      return {
        table,
        rows: digest.rowCount,
        ...(state === undefined
          ? {}
          : {
              loaded: state.loaded - (state.present ?? 0),
              ...(state.present === undefined ? {} : { present: state.present }),
              quarantined: state.quarantinedAtLoad,
            }),
        extra,
      };
    }),
  };
}

function loadedAccount(loaded: readonly TableState[] = []): Pick<Account, "loaded" | "refused"> {
  if (loaded.length === 0) return {};
  return {
    loaded: loaded.reduce((sum, t) => sum + t.loaded, 0),
    refused: loaded.reduce((sum, t) => sum + t.quarantinedAtLoad, 0),
  };
}
