import { type FileHandle, mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { diskFault, exists, type SourceCollection, syncFolder } from "@firebreak/archive";
import { BUCKETS_PREFIX } from "./dump.ts";
import { expectDatabaseName, fileStem } from "./file-name.ts";
import { metadataText } from "./metadata.ts";
import { mongodumpFault } from "./mongodump-faults.ts";

/**
 * Writes a folder for mongorestore, with mongodump's structure and names: a folder for each database, and in
 * it for each collection its documents, unchanged, and its metadata.
 */
export class DumpFolderWriter {
  readonly #folder: string;
  #begunCount = 0;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * Creates the folder.
   *
   * @throws {FirebreakError} `dump-folder-taken` if it contains anything; `disk-failed`.
   */
  static async open(folder: string): Promise<DumpFolderWriter> {
    try {
      await mkdir(folder, { recursive: true });
      const [found] = await readdir(folder);
      if (found !== undefined) throw mongodumpFault("dump-folder-taken", { folder, found });
      return new DumpFolderWriter(folder);
    } catch (error) {
      throw diskFault(error, folder);
    }
  }

  /**
   * Begins a collection; each may be begun once, and several may be open at a time.
   *
   * No file has its final name before the returned writer is sealed. When all are sealed, the dump is done.
   *
   * @throws {FirebreakError} `dump-database-name`; `dump-unsayable` if metadata.json cannot express the
   * options or indexes; `dump-folder-taken` if files with the name exist, also if the names differ only in
   * case on a file system that ignores case; `disk-failed`.
   */
  async collection(collection: SourceCollection): Promise<DumpCollectionWriter> {
    expectDatabaseName(collection.database, this.#folder);
    const folder = join(this.#folder, collection.database);
    const { kind, collection: name } = collection;
    const metadataName = `${fileStem(name)}.metadata.json`;
    const dataName = `${fileStem(kind === "timeseries" ? BUCKETS_PREFIX + name : name)}.bson`;
    const text = metadataText(collection);
    await makeFolder(folder, this.#folder);
    if (await exists(join(folder, metadataName)))
      throw mongodumpFault("dump-folder-taken", { folder, found: metadataName });
    const number = ++this.#begunCount;
    const sealMetadata = async (): Promise<void> => {
      const file = await SealedFile.open(folder, metadataName, `${number}-metadata`);
      await file.write(text);
      await file.seal();
    };
    const data = kind === "view" ? undefined : await SealedFile.open(folder, dataName, `${number}-documents`);
    return new DumpCollectionWriter(data, sealMetadata);
  }
}

/** Writes one collection of a dump. A view has no documents: it is sealed without any. */
export class DumpCollectionWriter {
  readonly #data: SealedFile | undefined;
  readonly #sealMetadata: () => Promise<void>;

  constructor(data: SealedFile | undefined, sealMetadata: () => Promise<void>) {
    this.#data = data;
    this.#sealMetadata = sealMetadata;
  }

  /**
   * Appends whole BSON documents, one after another. For a time-series collection these are its buckets, not
   * its measurements.
   *
   * @throws {FirebreakError} `disk-full` or `disk-failed`; TypeError for documents of a view.
   */
  async write(documents: Uint8Array): Promise<void> {
    if (this.#data === undefined) throw new TypeError("a view has no documents");
    await this.#data.write(documents);
  }

  /** Makes the documents durable under their name, then the metadata, which proves the collection whole. */
  async seal(): Promise<void> {
    await this.#data?.seal();
    await this.#sealMetadata();
  }

  /** Gives up the collection and removes its files. */
  async abandon(): Promise<void> {
    await this.#data?.abandon();
  }
}

async function makeFolder(folder: string, parent: string): Promise<void> {
  try {
    const made = await mkdir(folder, { recursive: true });
    if (made !== undefined) await syncFolder(parent);
  } catch (error) {
    throw diskFault(error, folder);
  }
}

/**
 * A file that gets its name when it is whole, not earlier, even if the power fails.
 *
 * Until then it has a short name: names in a dump may be as long as the file system allows, with no room for
 * an ending.
 *
 * @throws {FirebreakError} `disk-full` or `disk-failed`, from any of its methods.
 */
class SealedFile {
  readonly #folder: string;
  readonly #file: string;
  readonly #partial: string;
  readonly #handle: FileHandle;

  private constructor(folder: string, file: string, partial: string, handle: FileHandle) {
    this.#folder = folder;
    this.#file = file;
    this.#partial = partial;
    this.#handle = handle;
  }

  /** @param shortName a name that no other file of the folder has. */
  static async open(folder: string, name: string, shortName: string): Promise<SealedFile> {
    const file = join(folder, name);
    const partial = join(folder, `${shortName}.partial`);
    try {
      return new SealedFile(folder, file, partial, await open(partial, "wx"));
    } catch (error) {
      throw diskFault(error, file);
    }
  }

  async write(content: string | Uint8Array): Promise<void> {
    await this.#handle.writeFile(content).catch((error: unknown) => {
      throw diskFault(error, this.#file);
    });
  }

  async seal(): Promise<void> {
    try {
      await this.#handle.sync();
      await this.#handle.close();
      await rename(this.#partial, this.#file);
      await syncFolder(this.#folder);
    } catch (error) {
      throw diskFault(error, this.#file);
    }
  }

  /** Gives up the file and removes it. */
  async abandon(): Promise<void> {
    await this.#handle.close().catch(() => undefined);
    await rm(this.#partial, { force: true });
  }
}
