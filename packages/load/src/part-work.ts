import type { MysqlManifest, MysqlTable, SourceManifest, TablePart } from "@firebreak/archive";
import type { LedgerRow, SendRows } from "@firebreak/mysql";
import type { QuarantineLimit } from "./quarantine-limit.ts";

/** What all parts of a load share. */
export interface LoadWork {
  /** Where transform wrote. */
  readonly folder: string;
  /** Where the quarantine goes. */
  readonly work: string;
  readonly server: string;
  readonly manifests: { readonly source: SourceManifest; readonly mysql: MysqlManifest };
  readonly identities: readonly string[] | undefined;
  /** Of an encrypted archive: what is set aside of it is encrypted too. */
  readonly recipients: readonly string[];
  readonly send: SendRows;
  /** Rows for tables of an application are held against those that are there. */
  readonly isMerge: boolean;
  readonly limit: QuarantineLimit;
  /** What the ledger calls a part, by its file. */
  readonly entryOf: (file: string) => string;
  /** Throws when the lock on the target is lost: nothing may be committed then. */
  readonly assertHeld: () => void;
}

/** A part, and the table it is of. */
export interface PartPlace {
  readonly database: string;
  readonly table: MysqlTable;
  readonly part: Pick<TablePart, "file">;
}

/** One part that is to be read, and the table it goes to. */
export interface PartWork extends PartPlace {
  readonly part: TablePart;
}

/** A part that is in, as the ledger says it, and the rows of it that are not. */
export interface LoadedPart {
  readonly ledger: LedgerRow;
  readonly refused: readonly Refusal[];
}

/** Why a row was refused. */
export interface Refusal {
  /** From 0. */
  readonly index: number;
  readonly errno: number;
  readonly message: string;
  readonly columns: readonly string[];
}

/** The same, and of a row that was to be merged the one that has its key, as CSV. */
export interface FoundRefusal extends Refusal {
  readonly found?: Buffer;
}
