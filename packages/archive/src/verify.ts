import { createHash, type KeyObject } from "node:crypto";
import { join } from "node:path";
import { linesAccount, type Account, type StepEvent } from "./account.ts";
import {
  MONGODB_FOLDER,
  MYSQL_FOLDER,
  readContents,
  readRepairContents,
  type ArchiveFile,
  type TransformedFolders,
} from "./archive-contents.ts";
import { archiveFault } from "./archive-faults.ts";
import { checkFile, checkSize, refuseOtherHash } from "./check-file.ts";
import { eachPart } from "./each-part.ts";
import {
  formatOf,
  readMongodbManifest,
  readMysqlManifest,
  readRepairManifest,
  readSourceManifest,
} from "./manifest/manifest-file.ts";
import type { MysqlManifest, MysqlNamespace } from "./manifest/mysql-manifest.ts";
import type { RepairManifest } from "./manifest/repair-manifest.ts";
import type { PartEntry } from "./manifest/schema-parts.ts";
import type { SourceManifest } from "./manifest/source-manifest.ts";
import { LineCheck } from "./parts/line-check.ts";
import { readPart } from "./parts/part-reader.ts";

/** Where the parts are whose lines are documents: not those of quarantine. */
const DOCUMENTS = new RegExp(`^(?:source|${MONGODB_FOLDER}/(?!quarantine/)[^/]+)/`);

/** `files`: every file has its size and hash. `content`: and every part its lines, each of which decodes to a document. */
export type VerifyDepth = "files" | "content";

export interface VerifyOptions extends TransformedFolders {
  readonly archive: string;
  readonly depth: VerifyDepth;
  readonly jobs: number;
  /** Of the person; needed for the content of an encrypted archive. */
  readonly identities?: readonly string[] | undefined;
  /** The public key that must have signed the archive. */
  readonly trustedKey?: KeyObject | undefined;
}

/**
 * Proves an archive, or a repair, against its own manifests, without a database: the files are
 * those the manifests name, no more, no fewer, each whole and unchanged; the
 * signature, where there is one, is its key's.
 *
 * @throws {FirebreakError} (exit 5) for the first thing that is not as it should be, naming the file.
 */
export async function* verifyArchive(options: VerifyOptions): AsyncGenerator<StepEvent> {
  const { archive, depth, jobs, identities } = options;
  const isRepair = (await formatOf(archive)) === "firebreak-repair";
  const contents = isRepair
    ? await readRepairContents(archive, options.trustedKey)
    : await readContents(archive, options, options.trustedKey);
  const isOpen = contents.source.encryption === undefined || identities !== undefined;
  let accounts: Account[] = [];
  if (isRepair && (isOpen || depth === "content"))
    accounts = repairAccounts((await readRepairManifest(archive, identities)).manifest);
  else if (isOpen || depth === "content") {
    const { manifest } = await readSourceManifest(archive, identities);
    const { mysqlFolder = join(archive, MYSQL_FOLDER), mongodbFolder = join(archive, MONGODB_FOLDER) } =
      options;
    const mysql = contents.mysql === undefined ? undefined : await readMysqlManifest(mysqlFolder, identities);
    const mongodb =
      contents.mongodb === undefined ? undefined : await readMongodbManifest(mongodbFolder, identities);
    accounts = accountsOf(manifest, mysql?.manifest, mongodb?.manifest.namespaces ?? []);
  }
  const totalBytes = contents.files.reduce((sum, f) => sum + f.entry.bytes, 0);
  let bytes = 0;
  const checking: Checking = { depth, identities, count: (n) => void (bytes += n) };
  for await (const outcome of eachPart(contents.files, jobs, (file) => check(file, checking)))
    if (outcome.kind === "tick")
      yield { kind: "progress", stage: "verify", items: bytes, bytes, totalItems: totalBytes };
  yield { kind: "account", accounts };
}

function accountsOf(
  source: SourceManifest,
  mysql: MysqlManifest | undefined,
  forMongodb: readonly MysqlNamespace[],
): Account[] {
  return source.namespaces.map((n) => {
    // Where both were made of it, the one that set more aside is the one to know of.
    const [mapped] = [...(mysql?.namespaces ?? []), ...forMongodb]
      .filter((m) => m.namespace === n.namespace)
      .sort((a, b) => b.quarantinedCount - a.quarantinedCount);
    const tables = mysql?.tables.filter((t) => t.namespace === n.namespace) ?? [];
    return {
      namespace: n.namespace,
      documents: n.documentCount,
      lines: n.lineCount,
      ...(mapped === undefined ? {} : linesAccount(mapped)),
      ...(tables.length === 0
        ? {}
        : { tables: tables.map((t) => ({ table: t.table, rows: t.digest.rowCount })) }),
    };
  });
}

function repairAccounts({ tables }: RepairManifest): Account[] {
  return tables.map(({ table, rows }) => ({
    namespace: table.namespace,
    tables: [{ table: table.table, rows: rows?.lineCount ?? 0 }],
  }));
}

interface Checking extends Pick<VerifyOptions, "depth" | "identities"> {
  readonly count: (bytes: number) => void;
}

async function check({ name, path, entry }: ArchiveFile, checking: Checking): Promise<void> {
  if (checking.depth === "content" && "plainBytes" in entry)
    return DOCUMENTS.test(name) ? checkDocuments(path, entry, checking) : checkLines(path, entry, checking);
  return checkFile(path, entry, (block) => checking.count(block.length));
}

async function checkLines(path: string, entry: PartEntry, checking: Checking): Promise<void> {
  let lines = 0;
  await readWhole(path, entry, checking, (block) => {
    for (let at = block.indexOf(0x0a); at >= 0; at = block.indexOf(0x0a, at + 1)) lines++;
  });
  const isCsv = /\.csv\.zst(\.age)?$/.test(entry.file);
  if (!isCsv) refuseOtherCount(path, entry, lines);
}

/** A line's fault counts only once the bytes are known to be those that were sealed. */
async function checkDocuments(path: string, entry: PartEntry, checking: Checking): Promise<void> {
  const lines = new LineCheck();
  await readWhole(path, entry, checking, (block) => lines.take(block));
  lines.end();
  if (lines.unreadable !== undefined)
    throw archiveFault("line-unreadable", { file: path, ...lines.unreadable });
  refuseOtherCount(path, entry, lines.lineCount);
}

/** Gives a part's plaintext to `take`, and proves the part. */
async function readWhole(
  path: string,
  entry: PartEntry,
  { identities, count }: Checking,
  take: (block: Buffer) => void,
): Promise<void> {
  await checkSize(path, entry);
  const plainToFile = entry.plainBytes === 0 ? 0 : entry.bytes / entry.plainBytes;
  const fileHash = createHash("sha256");
  for await (const block of readPart(path, path, entry, { fileHash, identities })) {
    take(block);
    count(block.length * plainToFile);
  }
  refuseOtherHash(path, entry, fileHash.digest("hex"));
}

function refuseOtherCount(path: string, entry: PartEntry, lines: number): void {
  if (lines !== entry.lineCount)
    throw archiveFault("part-content", {
      file: path,
      what: "lines",
      expected: String(entry.lineCount),
      found: String(lines),
    });
}
