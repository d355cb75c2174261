import { createHash, type Hash, type KeyObject } from "node:crypto";
import { open, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Account, StepEvent } from "./account.ts";
import { archiveFault, diskFault } from "./archive-faults.ts";
import { sha256Of } from "./digest/sha256.ts";
import { eachPart } from "./each-part.ts";
import { listFiles } from "./files/list-files.ts";
import {
  CHECKSUMS,
  listFolder,
  MANIFEST,
  readMysqlManifest,
  readSourceManifest,
  type FolderListing,
} from "./manifest/manifest-file.ts";
import type { MysqlManifest } from "./manifest/mysql-manifest.ts";
import type { FileEntry, PartEntry } from "./manifest/schema-parts.ts";
import type { SourceManifest } from "./manifest/source-manifest.ts";
import { checksumsText } from "./manifest/write-manifest.ts";
import { readPart } from "./parts/part-reader.ts";
import { checkSignature, SIGNATURE_FILE } from "./protection/signature.ts";

/** Where transform writes inside an archive. */
export const MYSQL_FOLDER = "mysql";

const READ_BYTES = 1 << 20;

/** `files`: every file has its size and hash. `content`: and every part its lines. */
export type VerifyDepth = "files" | "content";

export interface VerifyOptions {
  readonly archive: string;
  /** Where transform wrote; looked at if it has a manifest. */
  readonly mysqlFolder: string;
  readonly depth: VerifyDepth;
  readonly jobs: number;
  /** Of the person; for the content of an encrypted archive. */
  readonly identities?: readonly string[] | undefined;
  /** The public key that must have signed the archive. */
  readonly trustedKey?: KeyObject | undefined;
}

interface Checkable {
  readonly folder: string;
  readonly entry: FileEntry | PartEntry;
}

/**
 * Proves an archive against its own manifests, without a database: the files are
 * those the manifests name, no more, no fewer, each whole and unchanged; the
 * signature, where there is one, is its key's.
 *
 * @throws {FirebreakError} (exit 5) for the first thing that is not as it should be, naming the file.
 */
export async function* verifyArchive(options: VerifyOptions): AsyncGenerator<StepEvent> {
  const { archive, mysqlFolder, depth, jobs, identities } = options;
  const source = await listFolder(archive, "firebreak-archive").catch(async (error: unknown) => {
    throw (await isFolder(archive)) ? error : archiveFault("archive-missing", { archive }, error);
  });
  await checkSignature(archive, source, options.trustedKey);
  await compareChecksums(archive, checksumsText(source.files, source.sha256));
  const mysql = await listTransformed(mysqlFolder, source.sha256);
  const isInside = mysqlFolder === join(archive, MYSQL_FOLDER);
  await refuseStrangers(
    archive,
    [...namesOf(source), ...(source.signedBy === undefined ? [] : [SIGNATURE_FILE])],
    isInside ? `${MYSQL_FOLDER}/` : undefined,
  );
  if (mysql !== undefined) await refuseStrangers(mysqlFolder, namesOf(mysql));

  const checks: Checkable[] = [
    ...source.files.map((entry) => ({ folder: archive, entry })),
    ...(mysql?.files ?? []).map((entry) => ({ folder: mysqlFolder, entry })),
  ];
  const isReadable = source.encryption === undefined || (identities ?? []).length > 0;
  const accounts =
    isReadable || depth === "content"
      ? accountsOf(
          (await readSourceManifest(archive, identities)).manifest,
          mysql === undefined ? undefined : (await readMysqlManifest(mysqlFolder, identities)).manifest,
        )
      : [];
  const totalBytes = checks.reduce((sum, c) => sum + c.entry.bytes, 0);
  let bytes = 0;
  const count = (n: number): void => void (bytes += n);
  for await (const outcome of eachPart(checks, jobs, (c) => check(c, depth, identities, count)))
    if (outcome.kind === "tick")
      yield { kind: "progress", stage: "verify", items: bytes, bytes, totalItems: totalBytes };
  yield { kind: "account", accounts };
}

/**
 * What transform made of this very archive: the manifest; undefined where there is none yet.
 *
 * @throws {FirebreakError} `transform-foreign` for rows of another archive, or what reading the manifest throws.
 */
export async function readTransformed(
  mysqlFolder: string,
  sourceSha256: string,
  identities?: readonly string[],
): Promise<MysqlManifest | undefined> {
  if ((await listTransformed(mysqlFolder, sourceSha256)) === undefined) return undefined;
  return (await readMysqlManifest(mysqlFolder, identities)).manifest;
}

async function listTransformed(
  mysqlFolder: string,
  sourceSha256: string,
): Promise<FolderListing | undefined> {
  const file = join(mysqlFolder, MANIFEST);
  if (!(await exists(file))) return undefined;
  const listing = await listFolder(mysqlFolder, "firebreak-mysql");
  const found = listing.sourceManifestSha256;
  if (found !== sourceSha256)
    throw archiveFault("transform-foreign", { file, expected: sourceSha256, found: found ?? "none" });
  await compareChecksums(mysqlFolder, checksumsText(listing.files, listing.sha256));
  return listing;
}

function namesOf(listing: FolderListing): string[] {
  return [MANIFEST, CHECKSUMS, ...listing.files.map((f) => f.file)];
}

function accountsOf(source: SourceManifest, mysql: MysqlManifest | undefined): Account[] {
  return source.namespaces.map((n) => {
    const mapped = mysql?.namespaces.find((m) => m.namespace === n.namespace);
    const tables = mysql?.tables.filter((t) => t.namespace === n.namespace) ?? [];
    return {
      namespace: n.namespace,
      documents: n.documentCount,
      lines: n.lineCount,
      ...(mapped === undefined
        ? {}
        : {
            quarantined: mapped.quarantinedCount,
            skipped: mapped.skippedCount,
            collapsed: mapped.collapsedCount,
          }),
      ...(tables.length === 0
        ? {}
        : { tables: tables.map((t) => ({ table: t.table, rows: t.digest.rowCount })) }),
    };
  });
}

async function compareChecksums(folder: string, expected: string): Promise<void> {
  const file = join(folder, CHECKSUMS);
  const found = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw error.code === "ENOENT" ? archiveFault("file-missing", { file }, error) : diskFault(error, file);
  });
  if (found !== expected)
    throw archiveFault("file-hash", { file, expected: sha256Of(expected), found: sha256Of(found) });
}

async function refuseStrangers(folder: string, known: readonly string[], except?: string): Promise<void> {
  const names = new Set(known);
  for (const file of await listFiles(folder))
    if (!names.has(file) && !(except !== undefined && file.startsWith(except)))
      throw archiveFault("file-unexpected", { file: join(folder, file) });
}

async function check(
  { folder, entry }: Checkable,
  depth: VerifyDepth,
  identities: readonly string[] | undefined,
  count: (bytes: number) => void,
): Promise<void> {
  const path = join(folder, entry.file);
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw error.code === "ENOENT"
      ? archiveFault("file-missing", { file: path }, error)
      : diskFault(error, path);
  });
  if (found.size !== entry.bytes)
    throw archiveFault("file-size", { file: path, expected: entry.bytes, found: found.size });
  if (depth === "content" && "plainBytes" in entry) return checkLines(path, entry, identities, count);
  const hash = createHash("sha256");
  const handle = await open(path, "r");
  try {
    const block = Buffer.allocUnsafeSlow(READ_BYTES);
    for (;;) {
      const { bytesRead } = await handle.read(block, 0, READ_BYTES);
      if (bytesRead === 0) break;
      hash.update(block.subarray(0, bytesRead));
      count(bytesRead);
    }
  } catch (error) {
    throw diskFault(error, path);
  } finally {
    await handle.close();
  }
  refuseOtherHash(path, entry, hash);
}

async function checkLines(
  path: string,
  entry: PartEntry,
  identities: readonly string[] | undefined,
  count: (bytes: number) => void,
): Promise<void> {
  const plainToFile = entry.plainBytes === 0 ? 0 : entry.bytes / entry.plainBytes;
  let lines = 0;
  const hash = createHash("sha256");
  for await (const block of readPart(path, path, entry, { fileHash: hash, identities })) {
    for (let at = block.indexOf(0x0a); at >= 0; at = block.indexOf(0x0a, at + 1)) lines++;
    count(block.length * plainToFile);
  }
  refuseOtherHash(path, entry, hash);
  const isCsv = /\.csv\.zst(\.age)?$/.test(entry.file);
  if (!isCsv && lines !== entry.lineCount)
    throw archiveFault("part-content", {
      file: path,
      what: "lines",
      expected: String(entry.lineCount),
      found: String(lines),
    });
}

function refuseOtherHash(path: string, entry: FileEntry, hash: Hash): void {
  const found = hash.digest("hex");
  if (found !== entry.sha256) throw archiveFault("file-hash", { file: path, expected: entry.sha256, found });
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (s) => s.isDirectory(),
    () => false,
  );
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
