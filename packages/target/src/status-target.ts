import type { ChainPlace } from "./chain/chain-place.ts";

/** A kind of target whose ledgers say how far a load is, and where it is. It needs only the right to read. */
export interface StatusTarget {
  /** @param place of the archive in its chain. */
  open(place: ChainPlace): Promise<OpenStatus>;
}

/** A target to which there is a connection. */
export interface OpenStatus {
  readonly server: string;
  /** The database that the URL names, if any. */
  readonly database: string | undefined;
  /** Returns the name of one of the archive's parts in the ledgers. */
  partName(file: string): string;
  /** Reads the ledger of a database, also while a load writes to it. */
  ledger(database: string): Promise<StatusLedger>;
  /** Returns the fault of an error of the driver, or the error itself. */
  explain(error: unknown): unknown;
  close(): Promise<void>;
}

/** The content of one database's ledger about an archive. */
export interface StatusLedger {
  /** For MySQL: the connection of the run that is at work there. */
  readonly loadConnection?: string | undefined;
  /** For MongoDB: the process of the run that is at work there, a load or a restore. */
  readonly loadProcess?: { readonly host: string; readonly pid: number } | undefined;
  /** The number of the newest link of the archive's chain; undefined if none is loaded to its end. */
  readonly newestLink: number | undefined;
  /** The number of repairs applied; each table of a repair counts. */
  readonly repairs: number;
  /** The parts, also those of other archives. Parts of other links of the archive's chain are left out. */
  readonly arrivals: readonly Arrival[];
  /** The time by the target's clock. */
  readonly nowMs: number;
}

/** A part that is loaded. */
export interface Arrival {
  readonly table: string;
  readonly part: string;
  readonly plainSha256: string;
  readonly rowCount: number;
  readonly quarantinedCount: number;
  /** The number of its rows that were there before; undefined if it was not merged. */
  readonly presentCount?: number | undefined;
  readonly loadedAtMs: number;
}
