import { join } from "node:path";
import { DOCUMENT_KEY, keyLineOf, openChain, type ChainLink } from "@firebreak/items";
import {
  LineWriter,
  readCollectionFile,
  readLines,
  type PartEntry,
  type SourceNamespace,
} from "@firebreak/archive";
import { documentKey } from "@firebreak/mongodb";
import type { Db } from "mongodb";

/** Lines by key line, and what the collection is besides. */
export interface NamespaceState {
  readonly kind: string;
  readonly options: string;
  readonly indexes: readonly string[];
  readonly lines: Map<string, string>;
}
export type State = Map<string, NamespaceState>;

/** What a chain stands for, by the words of FORMAT.md. */
export async function chainState(archive: string, identities?: readonly string[]): Promise<State> {
  const state: State = new Map();
  for (const link of await openChain(archive, { identities })) await applyLink(state, link, identities);
  return state;
}

async function applyLink(
  state: State,
  { folder, manifest }: ChainLink,
  identities?: readonly string[],
): Promise<void> {
  for (const ns of manifest.namespaces) {
    if (ns.change === "dropped") {
      if (!state.delete(ns.namespace)) throw new Error(`${ns.namespace} is dropped and was not there`);
      continue;
    }
    const before = state.get(ns.namespace);
    if (ns.change === "changed" && before === undefined)
      throw new Error(`${ns.namespace} is changed and was not there`);
    const lines = ns.change === "changed" ? before!.lines : new Map<string, string>();
    const seen = new Set<string>();
    for (const part of [...(ns.deletes ?? []), ...(ns.expired ?? [])])
      for (const { key } of await linesOf(folder, part, identities)) {
        if (seen.has(key)) throw new Error(`${ns.namespace} has ${key} twice`);
        seen.add(key);
        lines.delete(key);
      }
    for (const part of ns.parts)
      for (const { key, line } of await linesOf(folder, part, identities)) {
        if (seen.has(key)) throw new Error(`${ns.namespace} has ${key} twice`);
        seen.add(key);
        lines.set(key, line);
      }
    state.set(ns.namespace, { ...(await definitionOf(folder, ns, identities)), lines });
  }
}

async function linesOf(
  folder: string,
  part: PartEntry,
  identities?: readonly string[],
): Promise<{ key: string; line: string }[]> {
  const found: { key: string; line: string }[] = [];
  await readLines(
    join(folder, part.file),
    part,
    { identities },
    (read) => found.push({ key: keyLineOf(read, DOCUMENT_KEY)!, line: read.line }),
    () => undefined,
  );
  return found;
}

async function definitionOf(
  folder: string,
  ns: SourceNamespace,
  identities?: readonly string[],
): Promise<Omit<NamespaceState, "lines">> {
  const { optionsText, indexTexts } = await readCollectionFile(folder, ns, identities);
  return { kind: ns.kind, options: optionsText, indexes: indexTexts };
}

/** The same of a database as it is, read by the driver. */
export async function stateOf(db: Db): Promise<State> {
  const state: State = new Map();
  for (const bytes of await db.listCollections({}, { raw: true }).toArray()) {
    const info = JSON.parse(lineOf(bytes as unknown as Buffer).toString("utf8")) as {
      name: string;
      type: string;
      options: { capped?: boolean };
    };
    if (info.name.startsWith("system.")) continue;
    const isView = info.type === "view";
    const stored = info.type === "timeseries" ? `system.buckets.${info.name}` : info.name;
    const raw = async (cursor: { toArray(): Promise<unknown[]> }): Promise<Buffer[]> =>
      (await cursor.toArray()) as Buffer[];
    const documents = isView ? [] : await raw(db.collection(stored).find({}, { raw: true }));
    const indexes = isView ? [] : await raw(db.collection(info.name).listIndexes({ raw: true } as never));
    const collection = info.options.capped === true ? "capped" : info.type;
    state.set(`${db.databaseName}.${info.name}`, {
      kind: collection,
      options: JSON.stringify(info.options),
      indexes: indexes.map((index) => lineOf(index).toString("utf8")),
      lines: new Map(
        documents.map((document) => [
          lineOf(documentKey(document)).toString("latin1"),
          lineOf(document).toString("latin1"),
        ]),
      ),
    });
  }
  return state;
}

const lines = new LineWriter();

/** Valid until the next. */
function lineOf(document: Buffer): Buffer {
  lines.out.clear();
  lines.write(document, 0, document.length);
  return lines.out.written();
}

/** As plain values in one order, for a comparison that can be read. */
export function plainState(state: State): Record<string, unknown> {
  return Object.fromEntries(
    [...state]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, { lines, ...definition }]) => [
        name,
        { ...definition, lines: Object.fromEntries([...lines].sort(([a], [b]) => (a < b ? -1 : 1))) },
      ]),
  );
}
