import type { TableSelection } from "@firebreak/archive";

export interface RepairOptions {
  /** The archive that the rows come from. */
  readonly archive: string;
  /** The folder that transform wrote. */
  readonly folder: string;
  /** The folder that gets the repair. */
  readonly repairFolder: string;
  readonly version: string;
  /** The person's identities, which open an encrypted archive. The repair is for the same recipients. */
  readonly identities?: readonly string[] | undefined;
}

export interface ChecksumOptions {
  readonly archive: string;
  /** The folder that transform wrote. */
  readonly folder: string;
  /** The folder that gets the differences. Load put the rows that the target refused there. */
  readonly work: string;
  readonly url: string;
  readonly jobs: number;
  readonly repair?: RepairPlace | undefined;
  /** The tables to compare, and their places. If missing: all tables, where the manifest places them. */
  readonly select?: TableSelection | undefined;
  /** The person's identities, which open an encrypted archive. */
  readonly identities?: readonly string[] | undefined;
  /** In a delta: the folder of the link before it. If missing, it is expected beside the delta. */
  readonly previous?: string | undefined;
}

/** The folder for a repair of the differences, and the version that writes it. */
export type RepairPlace = Pick<RepairOptions, "repairFolder" | "version">;

export interface AgainstMongodbOptions {
  readonly archive: string;
  /**
   * The folder that transform writes for MongoDB. If it has a manifest, its documents are compared; otherwise
   * those of the archive.
   */
  readonly folder: string;
  readonly url: string;
  /** In a delta: the folder of the link before it. If missing, it is expected beside the delta. */
  readonly previous?: string | undefined;
  /** The folder that gets the differences. Load kept its quarantine there. */
  readonly work: string;
  /** The person's identities, which open an encrypted archive. */
  readonly identities?: readonly string[] | undefined;
}
