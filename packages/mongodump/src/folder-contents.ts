import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { diskFault } from "@firebreak/archive";
import { BUCKETS_PREFIX } from "./dump.ts";
import { fileStem } from "./file-name.ts";
import { mongodumpFault } from "./mongodump-faults.ts";

/** Matches the oplog at the top of a dump made with `--oplog`, compressed later or not. */
const OPLOG_FILE = /^oplog\.bson(?:\.gz)?$/;
const PRELUDE_FILE = /^prelude\.json(?:\.gz)?$/;
const DATA_FILE = /\.(?:bson|metadata\.json)(?:\.gz)?$/;

/** The files of a dump, by kind. */
export interface FolderContents {
  /** One entry for each database: its name, and the names of the files with collections. */
  readonly databases: readonly {
    readonly database: string;
    readonly folder: string;
    readonly names: readonly string[];
  }[];
  /** True if the path is the folder of one database, so that no folder inside names the database. */
  readonly isOfOne: boolean;
  readonly preludes: readonly string[];
  readonly oplog: string | undefined;
  readonly unknownFiles: readonly string[];
}

/**
 * Examines the folder of `mongodump --out`, which has a folder for each database, or the folder of one
 * database.
 *
 * @throws {FirebreakError} `dump-foreign`, `dump-mixed` or `disk-failed`.
 */
export async function folderContents(path: string): Promise<FolderContents> {
  const names = await namesIn(path);
  const folders: string[] = [];
  for (const name of names) if (await isFolder(join(path, name))) folders.push(name);
  const files = names.filter((name) => !folders.includes(name));
  const data = files.filter((name) => DATA_FILE.test(name) && !isOplog(name, files));
  const within = await Promise.all(
    folders.map(async (name) => ({ name, names: await namesIn(join(path, name)) })),
  );
  const databases = within.filter((f) => f.names.some((name) => DATA_FILE.test(name)));
  if (data.length > 0 && databases.length > 0)
    throw mongodumpFault("dump-mixed", { path, file: data[0]!, folder: databases[0]!.name });
  if (data.length > 0) return ofOneDatabase(path, files);
  if (databases.length === 0) throw mongodumpFault("dump-foreign", { path });
  const oplog = files.find((name) => OPLOG_FILE.test(name));
  const all = [...files, ...within.flatMap((f) => f.names.map((name) => `${f.name}/${name}`))];
  return {
    databases: within.map((f) => ({
      database: f.name,
      folder: join(path, f.name),
      names: f.names.filter((name) => DATA_FILE.test(name)),
    })),
    isOfOne: false,
    preludes: all.filter((name) => PRELUDE_FILE.test(basename(name))).map((name) => join(path, name)),
    oplog: oplog === undefined ? undefined : join(path, oplog),
    unknownFiles: all.filter(
      (name) => name !== oplog && !DATA_FILE.test(name) && !PRELUDE_FILE.test(basename(name)),
    ),
  };
}

/** True for the oplog. A collection may have the name oplog too, but then mongodump gives it metadata. */
function isOplog(name: string, files: readonly string[]): boolean {
  return OPLOG_FILE.test(name) && !files.some((file) => /^oplog\.metadata\.json(?:\.gz)?$/.test(file));
}

function ofOneDatabase(path: string, files: readonly string[]): FolderContents {
  return {
    databases: [
      { database: basename(resolve(path)), folder: path, names: files.filter((n) => DATA_FILE.test(n)) },
    ],
    isOfOne: true,
    preludes: files.filter((name) => PRELUDE_FILE.test(name)).map((name) => join(path, name)),
    oplog: undefined,
    unknownFiles: files.filter((name) => !DATA_FILE.test(name) && !PRELUDE_FILE.test(name)),
  };
}

/** Examines the file of one collection. Its folder has the database's name, and may have the metadata. */
export async function fileContents(file: string): Promise<FolderContents> {
  const folder = dirname(resolve(file));
  const own = basename(file);
  const stem = own.replace(DATA_FILE, "");
  const stems = [stem, stem.replace(fileStem(BUCKETS_PREFIX), "")];
  const isMetadata = (name: string): boolean =>
    stems.some((s) => name === `${s}.metadata.json` || name === `${s}.metadata.json.gz`);
  const names = [own, ...(await namesIn(folder)).filter(isMetadata)];
  return {
    databases: [{ database: basename(folder), folder, names }],
    isOfOne: true,
    preludes: [],
    oplog: undefined,
    unknownFiles: [],
  };
}

async function namesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    throw diskFault(error, folder);
  });
  return names.sort();
}

async function isFolder(path: string): Promise<boolean> {
  const found = await stat(path).catch((error: unknown) => {
    throw diskFault(error, path);
  });
  return found.isDirectory();
}
