import { LazyPart, type PartEntry, type ReadLine } from "@firebreak/archive";
import { keyLineOf } from "@firebreak/items";
import { putCsvRow } from "@firebreak/mysql-format";
import { keyCellsOf } from "../delta/key-cells.ts";
import { readKeyLine } from "../delta/read-key-line.ts";
import { DocumentLines } from "../collections/document-lines.ts";
import { ruleMapper } from "./mapper-of.ts";
import type { DocumentMapping, RowMapping } from "./mapping.ts";
import { readSource, type Progress, type SourcePart } from "./source-part.ts";

type Planned<M> = Extract<M, { readonly by: "plan" }>;

/** A task to write the keys of rows or documents, from one source part of a delta with lines or key lines. */
export interface KeysTask extends SourcePart {
  readonly mapping: Planned<RowMapping> | Planned<DocumentMapping>;
  /** The key columns of a source that has tables. */
  readonly keyColumns: readonly string[];
  readonly folder: string;
  readonly keysFile: string;
}

/** Writes the keys whose rows or documents a part of a delta supersedes. Undefined if there are none. */
export async function writeKeys(task: KeysTask, progress: Progress): Promise<PartEntry | undefined> {
  const { folder, keysFile, keys } = task;
  const part = new LazyPart({ folder, file: keysFile, recipients: keys.recipients });
  const put = keyWriter(task, part);
  try {
    await readSource(
      task,
      progress,
      (read) => {
        if (put(read)) part.lineCount++;
      },
      () => part.flush(),
    );
    return await part.seal();
  } catch (error) {
    await part.abandon();
    throw error;
  }
}

/** Returns the function that adds a line's key to a part's lines. It returns false if there is none. */
function keyWriter(
  { mapping, keyColumns, part: { file } }: KeysTask,
  { lines }: LazyPart,
): (read: ReadLine) => boolean {
  if (mapping.to === "rows")
    return (read) => {
      const cells = keyCellsOf(mapping.plan, read);
      if (cells !== undefined) putCsvRow(lines, cells);
      return cells !== undefined;
    };
  const mapper = ruleMapper(mapping, file);
  const documents = new DocumentLines();
  return (read) => {
    const line = keyLineOf(read, keyColumns);
    if (line === undefined) return false;
    documents.out.clear();
    // If a key makes no document now, it made none before.
    if ("reason" in documents.add(mapper.map({ ...readKeyLine(line), number: read.number }))) return false;
    lines.copy(documents.out.written());
    return true;
  };
}
