import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { AptEntry } from "./apt-sources.ts";
import { runQuietly } from "./run-quietly.ts";
import { SetUpError } from "./set-up-error.ts";

export interface DebInstall {
  readonly entry: AptEntry | undefined;
  /** Names of packages; what they depend on comes too. */
  readonly packages: readonly string[];
  /** Names of packages of which one file is wanted: what they depend on does not come with them. */
  readonly lonePackages?: readonly string[];
  /** Which of the unpacked files are wanted, by their path without a leading slash. */
  readonly keep: (path: string) => boolean;
  /** Empty folder that gets the files. */
  readonly into: string;
}

/**
 * Unpacks Debian packages with all they depend on, libc included, into a folder of their own.
 *
 * Needs no root and leaves the system's apt alone: lists, downloads and the
 * (empty) state of installed packages are in a private tree. What is fetched is
 * checked by apt against the repository's signed lists.
 */
export async function installDebs({
  entry,
  packages,
  lonePackages = [],
  keep,
  into,
}: DebInstall): Promise<void> {
  const archives = join(into, "apt", "cache", "archives");
  const apt = await createPrivateApt(entry, join(into, "apt"));
  await apt("update");
  await apt("install", "--yes", "--download-only", "--no-install-recommends", ...packages);
  if (lonePackages.length > 0) await apt("download", ...lonePackages);

  const unpacked = join(into, "unpacked");
  for (const name of await readdir(archives)) {
    if (name.endsWith(".deb")) await runQuietly(["dpkg-deb", "-x", join(archives, name), unpacked]);
  }
  const entries = await readdir(unpacked, { recursive: true, withFileTypes: true });
  for (const found of entries) {
    const path = join(found.parentPath, found.name).slice(unpacked.length + 1);
    if (found.isDirectory() || !keep(path)) continue;
    await mkdir(dirname(join(into, path)), { recursive: true });
    await rename(join(unpacked, path), join(into, path));
  }
  await rm(unpacked, { recursive: true });
  await rm(join(into, "apt"), { recursive: true });
}

/** Whether a file is a shared library of the folders the loader is given. */
export function isLibrary(path: string): boolean {
  return /^(usr\/)?lib\/[^/]+-linux-gnu\/[^/]+\.so[^/]*$/.test(path);
}

/** The command that runs a program of such a folder with the folder's own loader and libraries. */
export function loaderCommand(folder: string, program: string): string[] {
  const triplet = { x64: "x86_64-linux-gnu", arm64: "aarch64-linux-gnu" }[process.arch as "x64" | "arm64"];
  const name = { x64: "ld-linux-x86-64.so.2", arm64: "ld-linux-aarch64.so.1" }[
    process.arch as "x64" | "arm64"
  ];
  const libraryFolders = [`usr/lib/${triplet}`, `lib/${triplet}`]
    .map((path) => join(folder, path))
    .filter((path) => existsSync(path));
  const loader = libraryFolders.map((path) => join(path, name)).find((path) => existsSync(path));
  if (loader === undefined)
    throw new SetUpError(
      `${folder} holds no loader for ${process.arch}.`,
      "Remove that folder and try again.",
    );
  return [loader, "--library-path", libraryFolders.join(":"), program];
}

type Apt = (...args: readonly string[]) => Promise<string>;

async function createPrivateApt(entry: AptEntry | undefined, folder: string): Promise<Apt> {
  if (entry === undefined || !existsSync("/usr/bin/apt-get")) {
    throw new SetUpError(
      "This system has no apt with a package source to fetch a server from.",
      "Install the server by hand.",
    );
  }
  for (const path of ["state/lists/partial", "cache/archives/partial"])
    await mkdir(join(folder, path), { recursive: true });
  const options = entry.signedBy === undefined ? "" : `[signed-by=${entry.signedBy}] `;
  const lines = entry.suites.map(
    (suite) => `deb ${options}${entry.uri} ${suite} ${entry.components.join(" ")}\n`,
  );
  await writeFile(join(folder, "sources.list"), lines.join(""));
  // As root the system's hooks would tidy up the system's own cache: this apt is none of their business.
  const hooks = ["Update::Pre-Invoke", "Update::Post-Invoke", "Update::Post-Invoke-Success"];
  await writeFile(join(folder, "apt.conf"), hooks.map((hook) => `#clear APT::${hook};\n`).join(""));
  const settings = {
    "Dir::Etc::SourceList": join(folder, "sources.list"),
    "Dir::Etc::SourceParts": "-",
    "Dir::State": join(folder, "state"),
    "Dir::State::status": "/dev/null",
    "Dir::Cache": join(folder, "cache"),
    "Debug::NoLocking": "1",
    // The user apt drops to for downloads may not reach into this folder.
    "APT::Sandbox::User": "root",
    "Acquire::Languages": "none",
    "Acquire::IndexTargets::deb::DEP-11::DefaultEnabled": "false",
    "Acquire::Retries": "3",
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ["-o", `${name}=${value}`]);
  const command = ["apt-get", "-qq", "-c", join(folder, "apt.conf"), ...flags];
  // `apt-get download` puts its files where it stands, `install` into this folder.
  const cwd = join(folder, "cache", "archives");
  return (...args) => runQuietly([...command, ...args], { cwd });
}
