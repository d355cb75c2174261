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
import type { ExpectedRow } from "../checksum/expected-rows.ts";
import { emptyRepairFolder, refuseTakenFolder, takeRepairFolder } from "./repair-folder.ts";
import { TableRepair, type DifferingKey } from "./table-repair.ts";

export interface WriteRepairOptions {
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

/** The number of rows that a repair corrects. */
export interface RepairCounts {
  readonly tables: number;
  readonly missing: number;
  readonly extra: number;
  readonly changed: number;
}

/**
 * Writes a repair: the keys that differ, table by table, and all rows that the archive has under these keys.
 * The rows are read again from the archive, so the inserted rows are right however often a key occurs in the
 * target or in the archive.
 *
 * It creates nothing on disk before the first difference. The folder is complete when `seal` has written its
 * manifest. The next run replaces what a killed run left.
 */
export class RepairWriter {
  readonly #options: WriteRepairOptions;
  readonly #mysql: FolderListing;
  readonly #memoryBytes: number | undefined;
  readonly #startedAt = new Date().toISOString();
  readonly #tables: RepairTable[] = [];
  #lock: FolderLock | undefined;
  #current: TableRepair | undefined;
  #isSealed = false;

  private constructor(options: WriteRepairOptions, mysql: FolderListing, memoryBytes: number | undefined) {
    this.#options = options;
    this.#mysql = mysql;
    this.#memoryBytes = memoryBytes;
  }

  /**
   * @param memoryBytes the bytes of sorted keys that may stay in memory.
   * @throws {FirebreakError} `repair-folder-taken`, or a fault of reading the manifest.
   */
  static async open(options: WriteRepairOptions, memoryBytes?: number): Promise<RepairWriter> {
    await refuseTakenFolder(options.repairFolder);
    return new RepairWriter(options, await listFolder(options.folder, "firebreak-mysql"), memoryBytes);
  }

  /** Adds a difference. All differences of one table come first, then `endTable`. */
  async add(table: MysqlTable, difference: DifferingKey): Promise<void> {
    this.#lock ??= await takeRepairFolder(this.#options.repairFolder);
    this.#current ??= new TableRepair(table, {
      folder: this.#options.repairFolder,
      number: String(this.#tables.length).padStart(5, "0"),
      recipients: this.#mysql.encryption?.recipients ?? [],
      memoryBytes: this.#memoryBytes,
    });
    await this.#current.add(difference);
  }

  /**
   * Takes the rows of the table whose differences were added. Does nothing if there were none.
   *
   * @param rows the rows that the table should have.
   * @throws {FirebreakError} a fault of archive, or what `rows` throws.
   */
  async endTable(rows: AsyncIterable<ExpectedRow>): Promise<void> {
    const repaired = await this.#current?.end(rows);
    this.#current = undefined;
    this.#lock?.assertHeld();
    if (repaired !== undefined) this.#tables.push(repaired);
  }

  /** Completes the folder. Returns undefined if there was nothing to repair and no folder was made. */
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

  /**
   * Removes an unsealed repair and releases the lock. The caller calls it at the end, also after a failure.
   */
  async close(): Promise<void> {
    if (this.#lock === undefined) return;
    await this.#current?.abandon();
    if (!this.#isSealed) await emptyRepairFolder(this.#options.repairFolder);
    await this.#lock.release();
  }

  /** Copies the archive's own identity. Without that file, a passphrase would not open the repair. */
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
