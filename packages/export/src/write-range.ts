import { join } from "node:path";
import { LineEncoder, PartWriter, type PartEntry } from "@firebreak/archive";
import { readRange, type KeyRange, type MongodbSource } from "@firebreak/mongodb";
import type { FinishedRange } from "./export-progress.ts";

/** Lines gathered before they go to the part. */
const FLUSH_BYTES = 512 * 1024;

/** One key range to read and write, as it goes to a worker thread. */
export interface RangeTask {
  readonly archive: string;
  readonly namespace: string;
  readonly database: string;
  readonly collection: string;
  readonly directory: string;
  readonly range: KeyRange;
  readonly averageBytes: number;
  readonly partBytes: number;
}

/**
 * Writes one key range as sealed parts, named after the range's number. A range
 * that outgrows `partBytes` goes on in a part named `NUMBER-001` and so on,
 * so that the borders of parts follow from the content and the plan alone.
 *
 * @param count is told of documents and BSON bytes as they are read.
 */
export async function writeRange(
  source: MongodbSource,
  task: RangeTask,
  count: (documents: number, bytes: number) => void,
): Promise<FinishedRange> {
  const parts: PartEntry[] = [];
  const encoder = new LineEncoder();
  const { out } = encoder;
  let documentCount = 0;
  let lineCount = 0;
  let writer: PartWriter | undefined;

  const sealPart = async (): Promise<void> => {
    if (writer === undefined) return;
    await writer.write(out.written());
    out.clear();
    parts.push({ file: partFile(task, parts.length), ...(await writer.seal()), lineCount });
    writer = undefined;
    lineCount = 0;
  };

  try {
    for await (const documents of readRange(source, task, task.range, task.averageBytes)) {
      let bytes = 0;
      for (const document of documents) {
        writer ??= await PartWriter.open(join(task.archive, partFile(task, parts.length)));
        encoder.encode(document, 0, document.length);
        out.put(NEWLINE);
        bytes += document.length;
        lineCount++;
        if (out.at >= FLUSH_BYTES) {
          await writer.write(out.written());
          out.clear();
        }
        if (writer.plainBytes + out.at >= task.partBytes) await sealPart();
      }
      documentCount += documents.length;
      count(documents.length, bytes);
    }
    await sealPart();
  } catch (error) {
    await writer?.abandon();
    throw error;
  }
  return { namespace: task.namespace, index: task.range.index, documentCount, parts };
}

const NEWLINE = Uint8Array.of(0x0a);

function partFile(task: RangeTask, sequence: number): string {
  const number = String(task.range.index).padStart(5, "0");
  const suffix = sequence === 0 ? "" : `-${String(sequence).padStart(3, "0")}`;
  return `${task.directory}/${number}${suffix}.ndjson.zst`;
}
