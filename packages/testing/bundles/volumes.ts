import { copyFile, mkdir, mkdtemp, readdir } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";

/** The volumes of a bundle, in their order. */
export async function volumesIn(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => name.endsWith(".tar")).sort();
}

/** Sticks below `parent` with one volume of a bundle each, in the order of volumes. */
export async function sticksOf(bundle: string, parent: string): Promise<string[]> {
  const own = await mkdtemp(join(parent, "sticks-"));
  const sticks: string[] = [];
  for (const volume of await volumesIn(bundle)) {
    const stick = join(own, volume.slice(0, -4));
    await mkdir(stick);
    for (const file of [volume, `${volume}.sha256`]) await copyFile(join(bundle, file), join(stick, file));
    sticks.push(stick);
  }
  return sticks;
}

/** Runs a stock tool and gives what it printed; its failure is the test's. */
export async function stock(cwd: string, program: string, ...args: readonly string[]): Promise<string> {
  return (await execa(program, args, { cwd })).stdout;
}
