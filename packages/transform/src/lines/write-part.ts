import { LazyPart, type PartPlace, collectGarbage, type ReadLine } from "@firebreak/archive";
import { DocumentProver, DocumentSink } from "./document-sink.ts";
import type { ItemSink, WrittenItems } from "./item-sink.ts";
import type { Findings, LineDecision, LineMapper, MappedLine, TargetRow } from "./line-mapper.ts";
import { LineUses, type PartOfChain, type UsedLines } from "./line-uses.ts";
import { documentMapperOf, rowMapperOf } from "./mapper-of.ts";
import { rowShapes, type DocumentMapping, type Mapping, type RowMapping } from "./mapping.ts";
import { RowSink } from "./row-sink.ts";
import { readSource, type Progress, type SourcePart } from "./source-part.ts";

/** The length in bytes from which a line leaves so much garbage that it is collected at once. */
const HUGE_LINE = 16 << 20;

/** The buffer of a target that few lines go to. */
const SMALL_BUFFER_BYTES = 1 << 14;
/** A part of so many bytes needs the whole buffer. */
const LARGE_PART_BYTES = 1 << 20;

/** Options for writing the files of items that only this run needs. */
export type ScratchKind = Pick<PartPlace, "isScratch" | "isOwn">;

/** The task to map one source part. Files are relative to the folder that transform writes. */
export interface WriteTask<M extends Mapping = Mapping> extends SourcePart {
  readonly mapping: M;
  readonly namespace: string;
  /** The part that the lines are of, if the file read has only some of its lines or is of a delta. */
  readonly origin?: PartOfChain | undefined;
  /** The kind of the files of items, if they are not to stay. */
  readonly scratch?: ScratchKind | undefined;
  /** The folder of files with set-aside and listed lines, if it is another one. */
  readonly usesFolder?: string | undefined;
  readonly folder: string;
  readonly targets: readonly TargetFile[];
  /** The index of the target that the lines belong to. */
  readonly home: number;
  readonly quarantineFile: string;
  readonly listFile: string;
  /** The remarks and skipping rules whose lines are listed. */
  readonly listed: readonly string[];
  /** The decisions about lines (from 1) that share their key. */
  readonly decisions: ReadonlyMap<number, LineDecision>;
}

/** A target's name and its file. */
export interface TargetFile {
  readonly name: string;
  readonly file: string;
}

export interface WrittenPart extends UsedLines {
  readonly items: readonly (WrittenItems & { readonly target: number })[];
  readonly findings: Findings;
}

/** The way from mapped items to the lines of parts. */
interface Output<Item, Proved> {
  prove(mapped: MappedLine<Item>, isHuge: boolean): MappedLine<Proved>;
  sink(part: LazyPart, target: number): ItemSink<Proved>;
}

/**
 * Maps one part of lines to at most one part of rows or documents for each target, with their digests. Lines
 * that cannot be mapped go to quarantine.
 */
export async function writePart(task: WriteTask, progress: Progress): Promise<WrittenPart> {
  const { mapping } = task;
  return mapping.to === "rows"
    ? writeRows({ ...task, mapping }, await rowMapperOf(mapping, task.decisions), progress)
    : writeDocuments({ ...task, mapping }, progress);
}

/** Writes the rows that a mapper makes of a part's lines. */
export async function writeRows(
  task: WriteTask<RowMapping>,
  mapper: LineMapper<TargetRow>,
  progress: Progress,
): Promise<WrittenPart> {
  const shapes = rowShapes(task.mapping);
  return writeItems(task, mapper, progress, {
    prove: (mapped) => mapped,
    sink(part, target) {
      const { columns, rowEncoding } = shapes[target]!;
      return new RowSink(
        part,
        columns.map(({ form }) => form),
        rowEncoding,
      );
    },
  });
}

async function writeDocuments(task: WriteTask<DocumentMapping>, progress: Progress): Promise<WrittenPart> {
  const prover = new DocumentProver();
  return writeItems(task, await documentMapperOf(task.mapping, task), progress, {
    prove: (mapped, isHuge) => prover.prove(mapped, isHuge),
    sink: (part) => new DocumentSink(part),
  });
}

async function writeItems<Item, Proved extends { readonly target: number }>(
  task: WriteTask,
  mapper: LineMapper<Item>,
  progress: Progress,
  output: Output<Item, Proved>,
): Promise<WrittenPart> {
  const { namespace, targets, home, listed, decisions } = task;
  const { recipients } = task.keys;
  const placeOf = (file: string): PartPlace => ({ folder: task.folder, file, recipients, ...task.scratch });
  const useOf = (file: string): PartPlace =>
    task.usesFolder === undefined ? placeOf(file) : { folder: task.usesFolder, file, recipients };
  const uses = new LineUses<Proved>(
    { namespace, ...(task.origin ?? { part: task.part.file }) },
    { quarantine: useOf(task.quarantineFile), list: useOf(task.listFile), listed },
    ([first]) => (first === undefined || first.target === home ? undefined : targets[first.target]!.name),
  );
  const sinks = new Map<number, ItemSink<Proved>>();
  const sinkOf = (target: number): ItemSink<Proved> => {
    const known = sinks.get(target);
    if (known !== undefined) return known;
    const part = new LazyPart(
      placeOf(targets[target]!.file),
      target === home && task.part.plainBytes > LARGE_PART_BYTES ? undefined : SMALL_BUFFER_BYTES,
    );
    const sink = output.sink(part, target);
    sinks.set(target, sink);
    return sink;
  };
  const hasDecisions = decisions.size > 0;
  let homeSink: ItemSink<Proved> | undefined;
  let hasHugeLine = false;

  const take = (read: ReadLine): void => {
    const isHuge = read.line.length > HUGE_LINE;
    hasHugeLine ||= isHuge;
    const proved = output.prove(mapper.map(read), isHuge);
    const outputs = uses.take(read, proved, hasDecisions ? decisions.get(read.number) : undefined);
    for (const item of outputs)
      (item.target === home ? (homeSink ??= sinkOf(home)) : sinkOf(item.target)).add(item, isHuge);
  };
  const flush = async (): Promise<void> => {
    // Lines that belong elsewhere go to many targets at once, and the compressors of all these would take
    // more memory than the lines. So these are held, which never takes more than the part's size, and written
    // one target after the other.
    await homeSink?.flush();
    await uses.flush();
    if (hasHugeLine) collectGarbage();
    hasHugeLine = false;
  };

  try {
    await readSource(task, progress, take, flush);
    const items: WrittenPart["items"][number][] = [];
    for (const [target, sink] of sinks) {
      const written = await sink.seal();
      if (written !== undefined) items.push({ target, ...written });
    }
    return { items, ...(await uses.seal()), findings: mapper.findings?.() ?? {} };
  } catch (error) {
    for (const sink of sinks.values()) await sink.abandon();
    await uses.abandon();
    throw error;
  }
}
