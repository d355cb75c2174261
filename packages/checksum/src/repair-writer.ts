import { join } from "node:path";
import {
  runFacts,
  checkFile,
  formatVersionOf,
  haveMemberNumbers,
  IDENTITY_FILE,
  listFolder,
  writeDurably,
  writeManifest,
  type FileEntry,
  type FolderListing,
  type FolderLock,
  type MysqlTable,
  type RepairTable,
} from "@firebreak/archive";
import type { ExpectedRow } from "./expected-rows.ts";
import { emptyRepairFolder, refuseTakenFolder, takeRepairFolder } from "./repair-folder.ts";
import { TableRepair, type DifferingKey } from "./table-repair.ts";

/** Keys looked for in one reading of a table's rows; each takes about 80 bytes. */
const KEYS_A_READING = 1_000_000;

export interface RepairOptions {
  /** The archive whose rows are taken. */
  readonly archive: string;
  /** Where transform wrote. */
  readonly folder: string;
  /** Where the repair goes. */
  readonly repairFolder: string;
  readonly version: string;
  /** Of the person, for an encrypted archive; the repair is encrypted to the same recipients. */
  readonly identities?: readonly string[] | undefined;
}

/** How many rows a repair puts right. */
export interface RepairCounts {
  readonly tables: number;
  readonly missing: number;
  readonly extra: number;
  readonly changed: number;
}

/**
 * Writes a repair: the keys that differ, table by table, and all rows that the
 * archive has of these keys. The rows are read again from the archive, so what
 * is inserted is right however often a key is in the target or in the archive.
 *
 * Nothing is made on disk before the first difference. The folder is complete
 * when `seal` has written its manifest; what a killed run left the next one replaces.
 */
export class RepairWriter {
  readonly #options: RepairOptions;
  readonly #mysql: FolderListing;
  readonly #keysAReading: number;
  readonly #startedAt = new Date().toISOString();
  readonly #tables: RepairTable[] = [];
  #lock: FolderLock | undefined;
  #current: TableRepair | undefined;
  #isSealed = false;

  private constructor(options: RepairOptions, mysql: FolderListing, keysAReading: number) {
    this.#options = options;
    this.#mysql = mysql;
    this.#keysAReading = keysAReading;
  }

  /** @throws {FirebreakError} `repair-folder-taken`, or what reading the manifest throws. */
  static async open(options: RepairOptions, keysAReading: number = KEYS_A_READING): Promise<RepairWriter> {
    await refuseTakenFolder(options.repairFolder);
    return new RepairWriter(options, await listFolder(options.folder, "firebreak-mysql"), keysAReading);
  }

  /** Adds a difference; those of one table come one after the other, then `endTable`. */
  async add(table: MysqlTable, difference: DifferingKey): Promise<void> {
    this.#lock ??= await takeRepairFolder(this.#options.repairFolder);
    this.#current ??= new TableRepair(table, {
      folder: this.#options.repairFolder,
      number: String(this.#tables.length).padStart(5, "0"),
      recipients: this.#mysql.encryption?.recipients ?? [],
      identities: this.#options.identities,
      keysAReading: this.#keysAReading,
    });
    await this.#current.add(difference);
  }

  /**
   * Takes the rows of the table whose differences were added; does nothing where there were none.
   *
   * @param rows the rows that the table should have, from the first, each time it is called.
   * @throws {FirebreakError} of archive, and what `rows` throws.
   */
  async endTable(rows: () => AsyncIterable<ExpectedRow>): Promise<void> {
    const repaired = await this.#current?.end(rows);
    this.#current = undefined;
    this.#lock?.assertHeld();
    if (repaired !== undefined) this.#tables.push(repaired);
  }

  /** Completes the folder; undefined where there was nothing to repair, and no folder was made. */
  async seal(): Promise<RepairCounts | undefined> {
    if (this.#lock === undefined) return undefined;
    this.#lock.assertHeld();
    const { repairFolder, version } = this.#options;
    const { encryption } = this.#mysql;
    const extraFiles = encryption === undefined ? [] : await this.#copyIdentity();
    await writeManifest(
      repairFolder,
      {
        format: "firebreak-repair",
        formatVersion: formatVersionOf(false, haveMemberNumbers(this.#tables.map((t) => t.table))),
        mysqlManifestSha256: this.#mysql.sha256,
        tables: this.#tables,
        run: runFacts({ startedAt: this.#startedAt, version }),
      },
      { encryption, extraFiles },
    );
    this.#isSealed = true;
    const sum = (count: (table: RepairTable) => number): number =>
      this.#tables.reduce((total, table) => total + count(table), 0);
    return {
      tables: this.#tables.length,
      missing: sum((t) => t.missingCount),
      extra: sum((t) => t.extraCount),
      changed: sum((t) => t.changedCount),
    };
  }

  /** To be called at the end, however it came about: what is not sealed by then is removed. */
  async close(): Promise<void> {
    if (this.#lock === undefined) return;
    await this.#current?.abandon();
    if (!this.#isSealed) await emptyRepairFolder(this.#options.repairFolder);
    await this.#lock.release();
  }

  /** A passphrase opens the archive's own identity: without that file it would not open the repair. */
  async #copyIdentity(): Promise<FileEntry[]> {
    const { archive, repairFolder } = this.#options;
    const { files } = await listFolder(archive, "firebreak-archive");
    const entry = files.find((f) => f.file === IDENTITY_FILE);
    if (entry === undefined) return [];
    const blocks: Buffer[] = [];
    await checkFile(join(archive, IDENTITY_FILE), entry, (block) => blocks.push(Buffer.from(block)));
    await writeDurably(join(repairFolder, IDENTITY_FILE), Buffer.concat(blocks));
    return [entry];
  }
}
