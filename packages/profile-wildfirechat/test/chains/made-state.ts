import { join } from "node:path";
import {
  logicalTable,
  readMongodbManifest,
  readMysqlManifest,
  readPart,
  type DatabaseKind,
  type MongodbManifest,
  type MysqlManifest,
  type PartEntry,
} from "@firebreak/archive";
import {
  ChainItems,
  documentReader,
  holdingLinks,
  linkItems,
  type Item,
  type ItemReader,
} from "@firebreak/items";
import { RowReader } from "@firebreak/mysql-format";

type Manifest = MysqlManifest | MongodbManifest;

const DOCUMENTS = documentReader({});

/** The content of a target after the links of a chain, and the accounts of their last manifest. */
export interface MadeState {
  /** The sorted items of each table or collection that has any. */
  readonly items: Readonly<Record<string, readonly string[]>>;
  readonly digests: Readonly<Record<string, unknown>>;
  readonly counts: Readonly<Record<string, unknown>>;
  readonly remarks: unknown;
  readonly quarantined: unknown;
  /** The account of objects that belong to no mapped namespace. */
  readonly databases: unknown;
  /** The documents in quarantine, each with its reason, and the listed rules, sorted. */
  readonly setAside: readonly string[];
  readonly listed: readonly string[];
}

/** Reads what transform made of a chain's links, in their order; of one full archive just what it has. */
export async function madeState(
  archives: readonly string[],
  to: DatabaseKind,
  identities: readonly string[] = [],
): Promise<MadeState> {
  const links: { folder: string; manifest: Manifest }[] = [];
  for (const archive of archives) {
    const folder = join(archive, to);
    const { manifest } =
      to === "mysql"
        ? await readMysqlManifest(folder, identities)
        : await readMongodbManifest(folder, identities);
    links.push({ folder, manifest });
  }
  const { folder, manifest } = links.at(-1)!;
  const items: Record<string, readonly string[]> = {};
  const digests: Record<string, unknown> = {};
  for (const target of targetsOf(manifest, identities)) {
    if (target.change === "dropped") continue;
    const listed = links.flatMap((link) =>
      targetsOf(link.manifest, identities)
        .filter(({ name }) => name === target.name)
        .map((entry) => ({ folder: link.folder, ...entry })),
    );
    digests[target.name] = target.digest;
    const held = holdingLinks(listed, ({ change }) => change);
    if (held.every(({ parts }) => parts.length === 0)) continue;
    const reader = target.reader();
    const chain = new ChainItems<Item>(
      held.map((link) => linkItems(reader, link)),
      join(folder, "scratch"),
    );
    const found: string[] = [];
    for await (const block of chain.items()) for (const item of block) found.push(item.line());
    await chain.close();
    if (found.length > 0) items[target.name] = found.sort();
  }
  const plain = async (parts: readonly PartEntry[]): Promise<Record<string, unknown>[]> =>
    (await Promise.all(parts.map((part) => linesIn(folder, part, identities)))).flat();
  const { namespaces, profileFacts } = manifest;
  const setAside = await plain(namespaces.flatMap((n) => n.quarantine));
  const listed = await plain(namespaces.flatMap((n) => n.listed ?? []));
  const text = ({ namespace, reason, field, document, rule, to: where }: Record<string, unknown>): string =>
    JSON.stringify({ namespace, reason, field, document, rule, to: where });
  return {
    items,
    digests,
    counts: Object.fromEntries(
      namespaces.map(({ namespace, ...counts }) => [namespace, { ...counts, quarantine: [], listed: [] }]),
    ),
    remarks: profileFacts?.remarks,
    quarantined: profileFacts?.quarantined,
    databases: manifest.databases,
    setAside: setAside.map(text).sort(),
    listed: listed.map(text).sort(),
  };
}

interface Target {
  readonly name: string;
  /** Made only for a target that has parts. */
  readonly reader: () => ItemReader<Item>;
  readonly change?: "changed" | "whole" | "dropped" | undefined;
  readonly parts: readonly PartEntry[];
  readonly keys?: readonly PartEntry[] | undefined;
  readonly digest: unknown;
}

function targetsOf(manifest: Manifest, identities: readonly string[]): Target[] {
  if (manifest.format === "firebreak-mysql")
    return manifest.tables.map((t) => ({
      ...t,
      name: t.table,
      reader: () => new RowReader(logicalTable(t), identities),
    }));
  return manifest.collections.map((c) => ({
    ...c,
    name: c.collection,
    reader: () => (identities.length === 0 ? DOCUMENTS : documentReader({ identities })),
  }));
}

async function linesIn(
  folder: string,
  part: PartEntry,
  identities: readonly string[],
): Promise<Record<string, unknown>[]> {
  const blocks: Buffer[] = [];
  for await (const block of readPart(join(folder, part.file), part.file, part, { identities }))
    blocks.push(Buffer.from(block));
  return Buffer.concat(blocks)
    .toString("utf8")
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
