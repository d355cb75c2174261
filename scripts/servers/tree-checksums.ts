import { hash } from "node:crypto";
import { open, readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";

const listName = "SHA256SUMS";

/** Writes the list of every file below `folder`, in the format of `sha256sum`, as the last file of the tree. */
export async function sealTree(folder: string): Promise<void> {
  const lines: string[] = [];
  for (const path of await filesBelow(folder)) lines.push(`${await sha256(join(folder, path))}  ${path}\n`);
  await using list = await open(join(folder, listName), "wx");
  await list.writeFile(lines.join(""));
  await list.sync();
}

/** What is wrong with a sealed tree: "absent", or a sentence on its first bad file; undefined when all is well. */
export async function findDamage(folder: string): Promise<"absent" | (string & {}) | undefined> {
  if (!(await stat(folder).catch(() => undefined))) return "absent";
  const list = await readFile(join(folder, listName), "utf8").catch(() => "");
  if (list === "") return `${listName} is missing`;
  for (const line of list.trimEnd().split("\n")) {
    const [expected, path] = [line.slice(0, 64), line.slice(66)];
    const found = await sha256(join(folder, path)).catch(() => undefined);
    if (found === undefined) return `${path} is missing`;
    if (found !== expected) return `${path} has another checksum`;
  }
  return undefined;
}

/** Files and links to files, sorted; a link counts with the contents it leads to. */
async function filesBelow(folder: string): Promise<string[]> {
  const paths: string[] = [];
  for (const path of await readdir(folder, { recursive: true })) {
    const found = await stat(join(folder, path)).catch(() => undefined);
    if (found?.isFile()) paths.push(path);
  }
  return paths.sort();
}

/** Read whole: for files of a few megabytes a stream costs more than its memory saves. */
async function sha256(file: string): Promise<string> {
  return hash("sha256", await readFile(file), "hex");
}
