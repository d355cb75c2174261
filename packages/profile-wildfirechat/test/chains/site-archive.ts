import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import {
  collectionFileText,
  PartWriter,
  tableFileText,
  writeManifest,
  writeSmallFile,
  type PartEntry,
  type SourceNamespace,
} from "@firebreak/archive";
import type { RandomSite, SiteNamespace } from "./random-site.ts";

export const DATABASE = "wfchat";
/** So few lines that a collection has several parts. */
const FEW_LINES = 3;

/** Writes a full archive of a site as export would, as of an instant. */
export async function writeSiteArchive(
  archive: string,
  site: RandomSite,
  ms: number,
  partLines: number = FEW_LINES,
): Promise<void> {
  const namespaces: SourceNamespace[] = [];
  for (const ns of site.namespaces()) namespaces.push(await writeNamespace(archive, ns, partLines));
  await writeManifest(archive, {
    format: "firebreak-archive",
    formatVersion: 1,
    source: { kind: site.kind },
    consistency: "snapshot",
    settings: { include: [], exclude: [], partMib: 64 },
    namespaces,
    run: { startedAt: new Date(ms).toISOString(), finishedAt: "", host: "", firebreak: "", node: "" },
  });
}

async function writeNamespace(
  archive: string,
  { name, table, lines }: SiteNamespace,
  partLines: number,
): Promise<SourceNamespace> {
  const directory = `source/${DATABASE}/${name}`;
  await mkdir(join(archive, directory), { recursive: true });
  const namespace = `${DATABASE}.${name}`;
  const file = `${directory}/collection.json`;
  const place = { namespace, database: DATABASE, collection: name };
  const text =
    table === undefined
      ? collectionFileText({ ...place, kind: "collection", optionsText: "{}", indexTexts: [] })
      : tableFileText({ namespace, kind: "table" }, table);
  const metadata = await writeSmallFile(archive, file, text, []);
  const all = [...lines.values()];
  const parts: PartEntry[] = [];
  for (let from = 0; from < all.length; from += partLines) {
    const some = all.slice(from, from + partLines);
    const part = `${directory}/${String(parts.length).padStart(5, "0")}.ndjson.zst`;
    const writer = await PartWriter.open(join(archive, part));
    await writer.write(Buffer.from(some.map((line) => `${line}\n`).join(""), "latin1"), some.length);
    parts.push({ file: part, ...(await writer.seal()) });
  }
  return {
    ...place,
    kind: table === undefined ? "collection" : "table",
    directory,
    documentCount: all.length,
    lineCount: all.length,
    metadata,
    parts,
  };
}
