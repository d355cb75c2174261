import {
  accountEvent,
  archiveFault,
  exists,
  hasManifest,
  fatesAccount,
  listFolder,
  namespaceAccount,
  readSourceManifest,
  type Account,
  type FolderListing,
  type SourceManifest,
  type StepEvent,
  type DatabaseKind,
} from "@firebreak/archive";
import { readMade, type MadeManifests } from "@firebreak/items";
import { chainPlace, type ChainPlace, type StatusTarget } from "@firebreak/target";
import { fileSizes, folderSizes, type FileSizes, type Sizes } from "./sizes.ts";
import { readTargetState, type MadeTables, type TableState, type TargetState } from "./target-state.ts";
import { unfinishedExport, type UnfinishedExport } from "./unfinished-export.ts";

export interface StatusOptions {
  readonly archive: string;
  /** The kind of target database of transform and load. */
  readonly kind: DatabaseKind;
  /** The folder where transform wrote for that kind; read if it has a manifest. */
  readonly folder: string;
  /** Without a target the status covers only files. */
  readonly target?: StatusTarget | undefined;
  /** Identities of the person; without them an encrypted archive shows only its sizes. */
  readonly identities?: readonly string[] | undefined;
}

export interface StatusFacts {
  readonly archive: string;
  readonly exported:
    | {
        readonly state: "complete";
        /** Without its key, an encrypted archive does not tell which of its files have documents. */
        readonly sizes: Sizes | (FileSizes & { readonly lines: number | undefined });
        readonly finishedAt?: string;
        readonly namespaces?: number;
        /** In a delta: its number in the chain, and the number of deleted keys. */
        readonly delta?: number;
        readonly deletes?: number;
      }
    | ({ readonly state: "unfinished" } & UnfinishedExport);
  readonly transformed:
    | {
        readonly state: "complete";
        readonly kind: StatusOptions["kind"];
        /** The rows, or for MongoDB the documents. Without the key, only the files. */
        readonly rows: Sizes | FileSizes;
        readonly quarantined?: number;
        readonly finishedAt?: string;
        /**
         * In a delta: the number of tables that it changes, and of keys whose rows it deletes or replaces.
         */
        readonly tables?: number;
        readonly keys?: number;
      }
    /** A transform was begun; it is running or was cut off. */
    | { readonly state: "unfinished" }
    | { readonly state: "none" };
  readonly target?: TargetState;
}

export type StatusEvent = StepEvent | ({ readonly kind: "status" } & StatusFacts);

/**
 * Reports the work that is exported, transformed and loaded, and the work that is left. It reads manifests
 * and progress, and the target's ledger if there is a URL. It only reads, and does not disturb a run that
 * writes there.
 *
 * @throws {FirebreakError} if it could not read the archive or the target.
 */
export async function* archiveStatus(options: StatusOptions): AsyncGenerator<StatusEvent> {
  const { archive, target } = options;
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
  // Only the manifest tells what the target should have; without it there is nothing to compare with.
  const loaded =
    target === undefined || made === undefined || place === undefined
      ? undefined
      : await readTargetState(target, tablesOf(made), place);
  yield { kind: "status", archive, ...files, ...(loaded === undefined ? {} : { target: loaded }) };
  yield accountEvent(source === undefined ? [] : accountsOf(source, made, loaded), made ?? {});
}

/** The manifest of transform's output. */
type Made = MadeManifests[DatabaseKind];

/** Returns the output with its tables; for MongoDB these are the collections. */
function tablesOf(made: Made): MadeTables {
  if ("tables" in made) return made;
  return { ...made, tables: made.collections.map((c) => ({ ...c, table: c.collection })) };
}

/** Returns the facts in the manifests; for an encrypted archive without its key, only sizes. */
async function filesState({ archive, kind, folder, target, identities }: StatusOptions): Promise<
  Pick<StatusFacts, "exported" | "transformed"> & {
    readonly source: SourceManifest | undefined;
    readonly made: Made | undefined;
    readonly place: ChainPlace | undefined;
  }
> {
  const listing = await listFolder(archive, "firebreak-archive");
  // A status of the target needs the key, and fails with that reason if the key is missing.
  const isOpen = listing.encryption === undefined || identities !== undefined || target !== undefined;
  const read = isOpen ? await readSourceManifest(archive, identities) : undefined;
  const source = read?.manifest;
  const made = isOpen ? await readMade(kind, folder, listing.sha256, identities) : undefined;
  return {
    source,
    made,
    place: read === undefined ? undefined : chainPlace(read),
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
  const { tables } = tablesOf(manifest);
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
      ...(made !== undefined && "tables" in made
        ? tableAccounts(made, n.namespace, loaded)
        : loadedAccount(loaded)),
    };
  });
}

function tableAccounts(
  { tables }: MadeManifests["mysql"],
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
