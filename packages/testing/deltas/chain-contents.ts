import { join } from "node:path";
import { keyLineOf } from "@firebreak/items";
import {
  readLines,
  readSmallFile,
  readSourceManifest,
  readTableFile,
  type PartEntry,
  type SourceNamespace,
} from "@firebreak/archive";

/** A namespace as a chain has it: what it is, and its lines by their key lines; those without a key in their order. */
export interface NamespaceContents {
  readonly kind: string;
  readonly metadata: string;
  readonly lines: ReadonlyMap<string, string>;
}

/** What a chain stands for, by the words of FORMAT.md; of a full archive just what it has. */
export async function chainContents(
  folders: readonly string[],
  identities: readonly string[] = [],
): Promise<Map<string, NamespaceContents>> {
  const state = new Map<string, { kind: string; metadata: string; lines: Map<string, string> }>();
  for (const folder of folders) {
    const { manifest } = await readSourceManifest(folder, identities);
    for (const entry of manifest.namespaces) {
      if (entry.change === "dropped") {
        state.delete(entry.namespace);
        continue;
      }
      const keyFields = await keyFieldsOf(folder, entry, identities);
      const lines =
        entry.change === "changed" ? state.get(entry.namespace)!.lines : new Map<string, string>();
      const each = (parts: readonly PartEntry[] | undefined, take: (key: string, line: string) => void) =>
        eachLine(folder, parts ?? [], identities, keyFields, take);
      const touched = new Set<string>();
      const once = (key: string): void => {
        if (touched.has(key)) throw new Error(`${folder}: ${key} stands twice`);
        touched.add(key);
      };
      await each([...(entry.deletes ?? []), ...(entry.expired ?? [])], (key) => {
        once(key);
        if (!lines.delete(key)) throw new Error(`${folder}: ${key} was not there and is deleted`);
      });
      let last = "";
      await each(entry.parts, (key, line) => {
        once(key);
        if (entry.change === "changed" && key <= last) throw new Error(`${folder}: ${key} is out of order`);
        if (entry.change === "changed" && lines.get(key) === line)
          throw new Error(`${folder}: ${key} is as it was`);
        last = key;
        lines.set(key, line);
      });
      const metadata = (await readSmallFile(folder, entry.metadata, identities)).toString("utf8");
      state.set(entry.namespace, { kind: entry.kind, metadata, lines });
    }
  }
  return new Map([...state].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The same with lines in the order of their key lines: two archives of the same may have them in another. */
export function sorted(contents: Map<string, NamespaceContents>): unknown {
  return [...contents].map(([namespace, { kind, metadata, lines }]) => ({
    namespace,
    kind,
    metadata: metadata.replaceAll(/ AUTO_INCREMENT=\d+/g, ""),
    lines: [...lines].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, line]) => line),
  }));
}

async function keyFieldsOf(
  folder: string,
  entry: SourceNamespace,
  identities: readonly string[],
): Promise<readonly string[]> {
  if (entry.kind !== "table") return ["_id"];
  return (await readTableFile(folder, entry, identities)).keyColumns;
}

async function eachLine(
  folder: string,
  parts: readonly PartEntry[],
  identities: readonly string[],
  keyFields: readonly string[],
  take: (key: string, line: string) => void,
): Promise<void> {
  let number = 0;
  for (const part of parts)
    await readLines(
      join(folder, part.file),
      part,
      { identities },
      (read) => {
        const key = keyFields.length === 0 ? undefined : keyLineOf(read, keyFields);
        const copy = (text: string): string => Buffer.from(text, "latin1").toString("latin1");
        take(copy(key ?? `${read.line} ${number++}`), copy(read.line));
      },
      () => undefined,
    );
}
