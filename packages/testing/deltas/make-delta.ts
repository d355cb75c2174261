import { cp, mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import {
  AGE_SUFFIX,
  DELTA_FORMAT_VERSION,
  fileInArchive,
  MANIFEST,
  PartWriter,
  readLines,
  readTableFile,
  toByteText,
  writeManifest,
  type PartEntry,
  type SourceNamespace,
} from "@firebreak/archive";
import { keyLineOf, DOCUMENT_KEY, openChain, type ChainLink } from "@firebreak/items";

/** What opens what is encrypted, and how a delta is written. */
export interface DeltaRecipe {
  readonly identities?: readonly string[];
  /** A link of several parts has this many lines in each. */
  readonly partLines?: number;
  /** Namespaces that the delta is to have whole. */
  readonly whole?: readonly string[];
}

type Lines = Map<string, string>;

/**
 * Writes the delta between two full exports of one source, by comparing their
 * lines: `before` is the chain's state as an export had it, and the delta goes on from `previous`.
 */
export async function makeDelta(
  previous: string,
  before: string,
  after: string,
  delta: string,
  recipe: DeltaRecipe = {},
): Promise<void> {
  const { identities } = recipe;
  const [base] = await openChain(before, { identities });
  const [now] = await openChain(after, { identities });
  const chain = await openChain(previous, { identities });
  const namespaces: SourceNamespace[] = [];
  for (const entry of now!.manifest.namespaces) {
    const old = base!.manifest.namespaces.find((n) => n.namespace === entry.namespace);
    const changed = await changesOf(base!, old, now!, entry, delta, recipe);
    if (changed !== undefined) namespaces.push(changed);
  }
  for (const entry of base!.manifest.namespaces)
    if (!now!.manifest.namespaces.some((n) => n.namespace === entry.namespace))
      namespaces.push({ ...entry, change: "dropped", parts: [], documentCount: 0, lineCount: 0 });
  for (const { metadata } of [...namespaces, ...(now!.manifest.databases ?? [])]) {
    const from = [after, before].map((folder) => join(folder, metadata.file));
    await mkdir(dirname(join(delta, metadata.file)), { recursive: true });
    await cp(from[0]!, join(delta, metadata.file)).catch(() => cp(from[1]!, join(delta, metadata.file)));
  }
  const last = chain.at(-1)!;
  await mkdir(delta, { recursive: true });
  await writeManifest(
    delta,
    {
      ...now!.manifest,
      formatVersion: DELTA_FORMAT_VERSION,
      delta: {
        baseSha256: last.sha256,
        chainSha256: chain[0]!.sha256,
        number: chain.length,
        by: "comparison",
      },
      namespaces,
    },
    { encryption: now!.encryption },
  );
}

async function changesOf(
  base: ChainLink,
  old: SourceNamespace | undefined,
  now: ChainLink,
  entry: SourceNamespace,
  delta: string,
  recipe: DeltaRecipe,
): Promise<SourceNamespace | undefined> {
  const keyFields =
    entry.kind === "table"
      ? (await readTableFile(now.folder, entry, recipe.identities)).keyColumns.map(toByteText)
      : DOCUMENT_KEY;
  const found = await linesByKey(now, entry, keyFields, recipe);
  const write = (stem: string, lines: readonly string[]): Promise<PartEntry[]> =>
    writeLines(delta, `${entry.directory}/${stem}`, lines, now.encryption?.recipients ?? [], recipe);
  const count = (lines: readonly string[]) => ({ documentCount: lines.length, lineCount: lines.length });
  if (old === undefined || keyFields.length === 0 || recipe.whole?.includes(entry.namespace) === true) {
    const lines = sorted(found).map(([, line]) => line);
    return { ...entry, change: "whole", parts: await write("", lines), ...count(lines) };
  }
  const known = await linesByKey(base, old, keyFields, recipe);
  const upserts = sorted(found).flatMap(([key, line]) => (known.get(key) === line ? [] : [line]));
  const gone = sorted(known).flatMap(([key]) => (found.has(key) ? [] : [key]));
  if (upserts.length === 0 && gone.length === 0 && old.metadata.sha256 === entry.metadata.sha256)
    return undefined;
  return {
    ...entry,
    change: "changed",
    parts: await write("", upserts),
    deletes: await write(
      "deletes-",
      gone.filter((_, i) => i % 3 > 0),
    ),
    expired: await write(
      "expired-",
      gone.filter((_, i) => i % 3 === 0),
    ),
    ...count(upserts),
  };
}

async function linesByKey(
  { folder }: ChainLink,
  entry: SourceNamespace,
  keyFields: readonly string[],
  { identities }: DeltaRecipe,
): Promise<Lines> {
  const lines: Lines = new Map();
  for (const part of entry.parts)
    await readLines(
      fileInArchive(folder, MANIFEST, part.file),
      part,
      { identities },
      (read) =>
        void lines.set(keyFields.length === 0 ? String(lines.size) : keyLineOf(read, keyFields)!, read.line),
      () => undefined,
    );
  return lines;
}

function sorted(lines: Lines): [key: string, line: string][] {
  return [...lines].sort(([a], [b]) => (a < b ? -1 : 1));
}

async function writeLines(
  folder: string,
  stem: string,
  lines: readonly string[],
  recipients: readonly string[],
  { partLines = 100 }: DeltaRecipe,
): Promise<PartEntry[]> {
  const parts: PartEntry[] = [];
  for (let at = 0; at < lines.length; at += partLines) {
    const suffix = recipients.length === 0 ? "" : AGE_SUFFIX;
    const file = `${stem}${String(parts.length).padStart(5, "0")}.ndjson.zst${suffix}`;
    await mkdir(dirname(join(folder, file)), { recursive: true });
    const own = lines.slice(at, at + partLines);
    const writer = await PartWriter.open(join(folder, file), recipients);
    await writer.write(Buffer.from(`${own.join("\n")}\n`, "latin1"), own.length);
    parts.push({ file, ...(await writer.seal()) });
  }
  return parts;
}
