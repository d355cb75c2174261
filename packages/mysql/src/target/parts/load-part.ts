import { FirebreakError } from "@firebreak/archive";
import { addToLedger, type LedgerRow, ledgerRowOf, plainLedgerRow } from "../ledger/ledger.ts";
import { partOf } from "../ledger/ledger-name.ts";
import type { MysqlSession } from "../../driver/connect.ts";
import { bytesOf, type LoadWork, type LoadedPart, type PartWork } from "./part-work.ts";
import { DUPLICATE_KEY, sendChecked } from "./send-checked.ts";
import { settlePart } from "./settle-part.ts";
import { inTransaction } from "./transaction.ts";

/** Runs work one after the other, in the order in which callers asked. */
export class Turn {
  #last: Promise<unknown> = Promise.resolve();

  take<R>(work: () => Promise<R>): Promise<R> {
    const own = this.#last.then(work, work);
    this.#last = own.catch(() => undefined);
    return own;
  }
}

/**
 * Loads one part in one transaction: send the rows, check the counts, add the ledger row, COMMIT. If the
 * server refuses the part, it is rolled back, and settled row by row when its turn comes.
 *
 * @param count is called with the plaintext bytes that were sent.
 * @throws {FirebreakError} of load, mysql or archive; the part is then as if it had never begun.
 */
export async function loadPart(
  session: MysqlSession,
  work: LoadWork,
  part: PartWork,
  turn: Turn,
  count: (bytes: number) => void,
): Promise<LoadedPart> {
  const ledger = await inTransaction(session, () => sendWhole(session, work, part, count));
  if (ledger !== undefined) return { ledger, refused: [] };
  return turn.take(async () => {
    // A run that was thought dead may just have committed the same part.
    const subject = partOf(work.place, part.part.file);
    const known = await ledgerRowOf(session, part.database, part.table.table, subject);
    return known === undefined ? settlePart(session, work, part) : { ledger: known, refused: [] };
  });
}

async function sendWhole(
  session: MysqlSession,
  work: LoadWork,
  { database, table, part }: PartWork,
  count: (bytes: number) => void,
): Promise<LedgerRow | undefined> {
  const bytes = counted(bytesOf(work, part), count);
  const to = { database, table, file: part.file };
  if ((await sendChecked(session, work.send, to, part.lineCount, bytes)) !== undefined) {
    await session.run("ROLLBACK");
    return undefined;
  }
  const subject = partOf(work.place, part.file);
  const ledger = plainLedgerRow(table.table, subject, part.lineCount, part.plainSha256);
  try {
    await addToLedger(session, database, ledger);
  } catch (error) {
    // A run that was thought dead has committed it. Without a key in the table, the rows did not collide.
    if (!(error instanceof FirebreakError) || error.fields["errno"] !== DUPLICATE_KEY) throw error;
    await session.run("ROLLBACK");
    return undefined;
  }
  work.assertHeld();
  return ledger;
}

async function* counted(
  blocks: AsyncIterable<Buffer>,
  count: (bytes: number) => void,
): AsyncGenerator<Buffer> {
  for await (const block of blocks) {
    yield block;
    count(block.length);
  }
}
