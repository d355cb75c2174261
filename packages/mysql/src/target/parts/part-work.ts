import type { MysqlManifest, MysqlTable, SourceManifest, TablePart } from "@firebreak/archive";
import type { LedgerRow } from "../ledger/ledger.ts";
import type { SendRows } from "../sending/send-rows.ts";
import type { QuarantineLimit } from "@firebreak/target";

/** The context that all parts of a load share. */
export interface LoadWork {
  /** The folder that transform wrote. */
  readonly folder: string;
  /** The folder for the quarantine. */
  readonly work: string;
  readonly server: string;
  readonly manifests: { readonly source: SourceManifest; readonly mysql: MysqlManifest };
  readonly identities: readonly string[] | undefined;
  /** The recipients of an encrypted archive; its quarantine is encrypted for them too. */
  readonly recipients: readonly string[];
  readonly send: SendRows;
  /** True if rows for an application's tables are compared with existing rows. */
  readonly isMerge: boolean;
  readonly limit: QuarantineLimit;
  /** Returns the name of a part in the ledger, by its file. */
  readonly entryOf: (file: string) => string;
  /** Throws if the lock on the target is lost: nothing may be committed then. */
  readonly assertHeld: () => void;
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
