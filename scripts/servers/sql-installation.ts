import { chmod, mkdir, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import type { AptEntry } from "./apt-sources.ts";
import { cachedTree } from "./cache-folder.ts";
import { findProgram } from "./find-program.ts";
import { installDebs, isLibrary, loaderCommand } from "./private-apt.ts";
import { runQuietly } from "./run-quietly.ts";
import { SetUpError } from "./set-up-error.ts";
import { say } from "./say.ts";

/** A MySQL or MariaDB that can be started, wherever it came from. */
export interface SqlInstallation {
  readonly version: string;
  readonly serverCommand: readonly string[];
  /** Where an unpacked server finds its own files; empty for one at its usual place. */
  readonly folderArgs: readonly string[];
  /** Folder with the stock clients of the same kind. */
  readonly clientFolder?: string;
  /** Folder with the scripts that make the system tables. */
  readonly shareFolder: string;
  /** A data folder as a new server has it, to be copied; without one the server has to make it. */
  readonly newDataDir?: string;
}

/** How to find one kind of server among a system's programs. */
export interface OwnSqlServer {
  readonly variable: string;
  readonly serverNames: readonly string[];
  readonly clientName: string;
  readonly needs: string;
  readonly versionIn: (output: string) => string | undefined;
  /** Whether the output of the client's `--version` is of the same kind. */
  readonly isClient: (output: string) => boolean;
}

/** How to fetch one as Debian packages. */
export interface SqlPackages {
  readonly cacheName: string;
  readonly title: string;
  readonly entry: AptEntry | undefined;
  readonly packages: readonly string[];
  /** Packages of clients whose dependencies are not needed for what is taken from them. */
  readonly lonePackages?: readonly string[];
  readonly server: string;
  readonly clients: readonly string[];
  /** What to do where it cannot be fetched or does not run. */
  readonly remedy: string;
  readonly versionIn: (output: string) => string | undefined;
  /** Initialises a data folder, to be kept in the cache with the programs. */
  readonly makeDataDir?: (installation: SqlInstallation, dataDir: string) => Promise<void>;
}

/** Named after the kind of server since MariaDB 11. */
function shareFolderBelow(prefix: string): string {
  const folders = ["share/mariadb", "share/mysql", "share"].map((path) => join(prefix, path));
  return folders.find((folder) => existsSync(join(folder, "charsets"))) ?? join(prefix, "share");
}

const newDataName = "new-data";

/** One the user has: named by the variable, or on PATH. */
export async function findOwnSqlServer(wanted: OwnSqlServer): Promise<SqlInstallation | undefined> {
  const { variable, serverNames, clientName, needs, versionIn, isClient } = wanted;
  const own = await findProgram({ variable, names: serverNames, needs, accepts: versionIn });
  if (!own) return undefined;
  const prefix = dirname(dirname(own.path));
  const installation = {
    version: own.version,
    serverCommand: [own.path],
    folderArgs: [],
    shareFolder: shareFolderBelow(prefix),
  };
  const folders = [join(prefix, "bin"), ...(process.env["PATH"] ?? "").split(delimiter)];
  for (const clientFolder of folders) {
    const output = await runQuietly([join(clientFolder, clientName), "--version"]).catch(() => "");
    if (isClient(output)) return { ...installation, clientFolder };
  }
  return installation;
}

/** One unpacked into the cache folder, run by its own loader; its clients are scripts that do the same. */
export async function cachedSqlServer(wanted: SqlPackages): Promise<SqlInstallation> {
  const { cacheName, title, server, clients, makeDataDir, ...debs } = wanted;
  const root = await cachedTree({
    name: cacheName,
    title,
    remedy: wanted.remedy,
    async build(into) {
      say(`fetching ${title} (Debian packages, into the cache folder only)`);
      const programs = new Set([server, ...clients.map((name) => `usr/bin/${name}`)]);
      const keep = (path: string) =>
        programs.has(path) ||
        isLibrary(path) ||
        /^usr\/(share\/(mysql|mariadb)|lib\/(mysql|mariadb)\/plugin)\//.test(path);
      await installDebs({ ...debs, keep, into });
      await writeClients(into, clients);
      await makeDataDir?.(await installationAt(into, wanted), join(into, newDataName));
    },
  });
  const installation = await installationAt(root, wanted);
  return makeDataDir === undefined ? installation : { ...installation, newDataDir: join(root, newDataName) };
}

async function installationAt(
  root: string,
  { title, server, remedy, versionIn }: SqlPackages,
): Promise<SqlInstallation> {
  const serverCommand = loaderCommand(root, join(root, server));
  const version = versionIn(
    await runQuietly([...serverCommand, "--no-defaults", "--version"]).catch(() => ""),
  );
  if (version === undefined) {
    throw new SetUpError(`The ${title} that was fetched does not run on this system.`, remedy);
  }
  const share = shareFolderBelow(join(root, "usr"));
  const folderArgs = [`--lc-messages-dir=${share}`, `--character-sets-dir=${join(share, "charsets")}`];
  const plugins = ["mysql", "mariadb"]
    .map((kind) => join(root, "usr/lib", kind, "plugin"))
    .find((path) => existsSync(path));
  if (plugins !== undefined) folderArgs.push(`--plugin-dir=${plugins}`);
  return {
    version,
    serverCommand,
    folderArgs,
    clientFolder: join(root, "bin"),
    shareFolder: share,
  };
}

/** Scripts that find their tree from their own place: it is renamed after they are written. */
async function writeClients(root: string, clients: readonly string[]): Promise<void> {
  await mkdir(join(root, "bin"));
  for (const name of clients) {
    const command = loaderCommand(root, join(root, "usr/bin", name)).map(
      (part) => `"${part.replaceAll(root, "$root")}"`,
    );
    const lines = [
      "#!/bin/sh",
      'root=$(dirname "$(dirname "$(readlink -f "$0")")")',
      `exec ${command.join(" ")} "$@"`,
    ];
    await writeFile(join(root, "bin", name), `${lines.join("\n")}\n`);
    await chmod(join(root, "bin", name), 0o755);
  }
}

/** `--no-defaults` has to come first; as root a server wants to be told that it may be. */
export function firstArgs({ folderArgs }: SqlInstallation): string[] {
  return ["--no-defaults", ...(process.getuid?.() === 0 ? ["--user=root"] : []), ...folderArgs];
}
