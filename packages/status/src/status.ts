import { join } from "node:path";
import {
  archiveFault,
  exists,
  linesAccount,
  listFolder,
  MANIFEST,
  readSourceManifest,
  readTransformed,
  type Account,
  type MysqlManifest,
  type SourceManifest,
  type StepEvent,
} from "@firebreak/archive";
import { sizesOf, type Sizes } from "./sizes.ts";
import { targetState, type TargetState } from "./target-state.ts";
import { unfinishedExport, type UnfinishedExport } from "./unfinished-export.ts";

export interface StatusOptions {
  readonly archive: string;
  /** Where transform wrote; looked at if it has a manifest. */
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
        readonly sizes: Sizes;
        readonly finishedAt?: string;
        readonly namespaces?: number;
      }
    | ({ readonly state: "unfinished" } & UnfinishedExport);
  readonly transformed:
    | {
        readonly state: "complete";
        readonly rows: Sizes;
        readonly quarantined: number;
        readonly finishedAt?: string;
        readonly tables?: number;
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
 * @throws {FirebreakError} of archive or mysql: it could not look.
 */
export async function* archiveStatus(options: StatusOptions): AsyncGenerator<StatusEvent> {
  const { archive, url } = options;
  if (!(await exists(archive))) throw archiveFault("archive-missing", { archive });
  if (!(await exists(join(archive, MANIFEST)))) {
    const unfinished = await unfinishedExport(archive);
    const exported = { state: "unfinished", ...unfinished } as const;
    yield { kind: "status", archive, exported, transformed: { state: "none" } };
    const accounts = unfinished.namespaces.map(({ namespace, documents }) => ({ namespace, documents }));
    yield { kind: "account", accounts };
    return;
  }
  const { source, mysql, ...files } = await filesState(options);
  // What is to be in the target stands in the manifest: without it there is nothing to compare with.
  const target = url === undefined || mysql === undefined ? undefined : await targetState(url, mysql);
  yield { kind: "status", archive, ...files, ...(target === undefined ? {} : { target }) };
  yield { kind: "account", accounts: source === undefined ? [] : accountsOf(source, mysql, target) };
}

/** What the manifests say; of an encrypted archive without its key that is sizes alone. */
async function filesState({ archive, folder, url, identities }: StatusOptions): Promise<
  Pick<StatusFacts, "exported" | "transformed"> & {
    readonly source: SourceManifest | undefined;
    readonly mysql: MysqlManifest | undefined;
  }
> {
  const listing = await listFolder(archive, "firebreak-archive");
  // Whoever asks for the target needs the key, and is told so.
  const isOpen = listing.encryption === undefined || identities !== undefined || url !== undefined;
  const source = isOpen ? (await readSourceManifest(archive, identities)).manifest : undefined;
  const mysql = isOpen ? await readTransformed(folder, listing.sha256, identities) : undefined;
  return {
    source,
    mysql,
    exported: {
      state: "complete",
      sizes: sizesOf(listing.files),
      ...(source === undefined
        ? {}
        : { finishedAt: source.run.finishedAt, namespaces: source.namespaces.length }),
    },
    transformed: await transformState(folder, mysql),
  };
}

async function transformState(
  folder: string,
  manifest: MysqlManifest | undefined,
): Promise<StatusFacts["transformed"]> {
  if (!(await exists(join(folder, MANIFEST))))
    return { state: (await exists(folder)) ? "unfinished" : "none" };
  const { files } = await listFolder(folder, "firebreak-mysql");
  const isRows = /\.csv\.zst(\.age)?$/;
  const isQuarantine = /\.ndjson\.zst(\.age)?$/;
  return {
    state: "complete",
    rows: sizesOf(files.filter(({ file }) => isRows.test(file))),
    quarantined: sizesOf(files.filter(({ file }) => isQuarantine.test(file))).lines,
    ...(manifest === undefined
      ? {}
      : { finishedAt: manifest.run.finishedAt, tables: manifest.tables.length }),
  };
}

function accountsOf(
  source: SourceManifest,
  mysql: MysqlManifest | undefined,
  target: TargetState | undefined,
): Account[] {
  return source.namespaces.map((n) => {
    const mapped = mysql?.namespaces.find((m) => m.namespace === n.namespace);
    const tables = mysql?.tables.filter((t) => t.namespace === n.namespace) ?? [];
    const loaded = new Map(target?.tables.map((t) => [`${t.namespace} ${t.table}`, t]));
    return {
      namespace: n.namespace,
      documents: n.documentCount,
      lines: n.lineCount,
      ...(mapped === undefined ? {} : linesAccount(mapped)),
      ...(tables.length === 0
        ? {}
        : {
            tables: tables.map(({ table, digest }) => {
              const state = loaded.get(`${n.namespace} ${table}`);
              return {
                table,
                rows: digest.rowCount,
                ...(state === undefined
                  ? {}
                  : {
                      loaded: state.loaded - (state.present ?? 0),
                      ...(state.present === undefined ? {} : { present: state.present }),
                      quarantined: state.quarantined,
                    }),
              };
            }),
          }),
    };
  });
}
