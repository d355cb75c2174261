import { randomUUID } from "node:crypto";
import { basename, join } from "node:path";
import { LOAD_QUARANTINE, safeName, SourceLines, type PartEntry } from "@firebreak/archive";
import { readRefusedRows, writeRefusedRows, type RefusedRow } from "@firebreak/mysql-format";
import type { LaterRow } from "../parts/later-rows.ts";
import type { FoundRefusal, LoadWork, PartPlace, PartWork, Refusal } from "../parts/part-work.ts";
import type { RowFile } from "../parts/row-file.ts";
import { DUPLICATE_KEY } from "../parts/send-checked.ts";

/**
 * Seals the rows of a part that the target refused. Every change is a new file with a unique name. Until the
 * transaction ends, the ledger names the previous file. Another server may also have had this one's address
 * (a tunnel, a container) and name a file in the same folder. A file that no ledger names is left over from a
 * killed run.
 */
export async function sealQuarantine(
  { work, server, recipients }: Pick<LoadWork, "work" | "server" | "recipients">,
  { database, table, part }: PartPlace,
  rows: AsyncIterable<RefusedRow>,
): Promise<PartEntry> {
  const folder = [server, database, table.table].map(safeName).join("/");
  const name = basename(part.file).replace(/\..*$/, "");
  return writeRefusedRows(
    join(work, LOAD_QUARANTINE),
    `${folder}/${name}.${randomUUID()}.ndjson.zst`,
    rows,
    recipients,
  );
}

/** Yields the refused rows of a part, with all that is known about them. */
export async function* refusedRowsOf(
  work: LoadWork,
  part: PartWork,
  rows: RowFile,
  refusals: Iterable<FoundRefusal> | AsyncIterable<FoundRefusal>,
): AsyncGenerator<RefusedRow> {
  const about = await describer(work, part);
  for await (const refusal of refusals)
    yield { ...about(refusal), csv: await rows.row(refusal.index), found: refusal.found };
}

/** Yields a part's quarantine together with rows that gave way to earlier ones, in the order of the part. */
export async function* withMore(
  work: LoadWork,
  part: PartWork,
  before: PartEntry | undefined,
  gone: readonly LaterRow[],
): AsyncGenerator<RefusedRow> {
  const about = await describer(work, part);
  const more = [...gone].sort((a, b) => a.index - b.index);
  const take = function* (upTo: number): Generator<RefusedRow> {
    while (more.length > 0 && more[0]!.index + 1 < upTo) {
      const { index, csv } = more.shift()!;
      const message = "a row with the same key comes earlier in the archive";
      yield { ...about({ index, errno: DUPLICATE_KEY, message, columns: part.table.keyColumns }), csv };
    }
  };
  if (before !== undefined)
    for await (const row of readRefusedRows(join(work.work, LOAD_QUARANTINE), before, work.identities)) {
      yield* take(row.row);
      yield row;
    }
  yield* take(Infinity);
}

async function describer(
  { folder, manifests: { source: archive, mysql }, identities }: LoadWork,
  { table, part }: PartWork,
): Promise<(refusal: Refusal) => Omit<RefusedRow, "csv">> {
  const place = { namespace: table.namespace, name: table.table, file: part.file };
  const lines = await SourceLines.open(folder, { source: archive, made: mysql }, place, identities);
  return ({ index, errno, message, columns }) => {
    const { namespace, ...source } = lines.of(index + 1);
    return {
      table: table.table,
      part: part.file,
      row: index + 1,
      columns: [...columns],
      errno,
      message,
      namespace,
      source,
    };
  };
}
