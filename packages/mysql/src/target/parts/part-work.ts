import { join } from "node:path";
import {
  type MysqlManifest,
  type MysqlTable,
  type PartEntry,
  readPart,
  type SourceManifest,
  type TablePart,
} from "@firebreak/archive";
import type { LedgerRow } from "../ledger/ledger.ts";
import type { SendRows } from "../sending/send-rows.ts";
import { QuarantineLimit } from "@firebreak/target";
import type { MysqlLoad } from "../mysql-load.ts";

/** The context that all parts of a load share. */
export interface LoadWork extends Pick<MysqlLoad, "folder" | "work" | "identities" | "recipients" | "place"> {
  readonly server: string;
  readonly manifests: { readonly source: SourceManifest; readonly mysql: MysqlManifest };
  readonly send: SendRows;
  /** True if rows for an application's tables are compared with existing rows. */
  readonly isMerge: boolean;
  readonly limit: Pick<QuarantineLimit, "add" | "take" | "share">;
  /** Throws if the lock on the target is lost: nothing may be committed then. */
  readonly assertHeld: () => void;
}

/**
 * Returns the context of a load's parts.
 *
 * @param quarantinedCount the number of rows that are in quarantine before the load.
 */
export function loadWork(
  { made, source, isMerge = false, maxQuarantine, folder, work, identities, recipients, place }: MysqlLoad,
  own: Pick<LoadWork, "server" | "send" | "assertHeld">,
  quarantinedCount: number,
): LoadWork {
  const limit = new QuarantineLimit(maxQuarantine, QuarantineLimit.counter(quarantinedCount));
  const manifests = { source: source.manifest, mysql: made };
  return { folder, work, identities, recipients, place, ...own, manifests, isMerge, limit };
}

/** Reads a part's bytes. */
export function bytesOf(
  { folder, identities }: Pick<LoadWork, "folder" | "identities">,
  part: PartEntry,
): AsyncGenerator<Buffer> {
  return readPart(join(folder, part.file), part.file, part, { identities });
}

/** A part, and its table. */
export interface PartPlace {
  readonly database: string;
  readonly table: MysqlTable;
  readonly part: Pick<TablePart, "file">;
}

/** One part to read, and the table that it goes to. */
export interface PartWork extends PartPlace {
  readonly part: TablePart;
}

/** A loaded part as the ledger lists it, and the rows of it that were refused. */
export interface LoadedPart {
  readonly ledger: LedgerRow;
  readonly refused: readonly Refusal[];
}

/** The reason why a row was refused. */
export interface Refusal {
  /** The row's position, counted from 0. */
  readonly index: number;
  readonly errno: number;
  readonly message: string;
  readonly columns: readonly string[];
}

/** A refusal. For a row that was to be merged, also the existing row that has its key, as CSV. */
export interface FoundRefusal extends Refusal {
  readonly found?: Buffer;
}
