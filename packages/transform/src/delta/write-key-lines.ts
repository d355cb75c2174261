import {
  fieldsOf,
  LineFields,
  RAW_LINE_START,
  readLines,
  type PartEntry,
  type ReadLine,
} from "@firebreak/archive";
import { keyLineOf } from "@firebreak/items";
import { DocumentLines } from "../document-lines.ts";
import type { DocumentRule } from "../documents-plan.ts";
import { GenericDocumentMapper } from "../generic-document.ts";
import type { Keys } from "../keys.ts";
import { LazyPart } from "../lazy-part.ts";
import { OwnDocumentMapper } from "../own-document.ts";

/** A task to write key lines of documents, from one source part of a delta that has rows or key lines. */
export interface KeyLinesTask {
  readonly sourceFile: string;
  readonly part: PartEntry;
  readonly namespace: string;
  readonly rule: DocumentRule;
  /** The key columns of the table. */
  readonly keyColumns: readonly string[];
  readonly folder: string;
  readonly keysFile: string;
  readonly keys: Keys;
}

/** Writes the key lines of documents that a part of a delta supersedes. Undefined if there are none. */
export async function writeKeyLines(
  task: KeyLinesTask,
  count: (lines: number, bytes: number) => void,
): Promise<PartEntry | undefined> {
  const { rule, namespace, part } = task;
  const mapper =
    rule.kind === "own" ? new OwnDocumentMapper(rule, namespace, part.file) : new GenericDocumentMapper(rule);
  const lines = new DocumentLines();
  const file = new LazyPart(task.folder, task.keysFile, task.keys.recipients);
  let lineCount = 0;
  const take = (read: ReadLine): void => {
    const line = keyLineOf(read, task.keyColumns);
    if (line === undefined) return;
    // If a key makes no document now, it made none before.
    if ("bson" in lines.add(mapper.map({ ...readKey(line), number: read.number }))) lineCount++;
  };
  const flush = async (read: number, bytes: number): Promise<void> => {
    if (lineCount > 0) await file.write(lines.out.written(), lineCount);
    lines.out.clear();
    lineCount = 0;
    count(read, bytes);
  };
  try {
    await readLines(task.sourceFile, part, task.keys, take, flush);
    return await file.seal();
  } catch (error) {
    await file.abandon();
    throw error;
  }
}

function readKey(line: string): Omit<ReadLine, "number"> {
  if (line.startsWith(RAW_LINE_START)) return { line, isRaw: true, fields: fieldsOf([]) };
  const fields = new LineFields();
  fields.read(line, 0, line.length);
  return { line, isRaw: false, fields };
}
