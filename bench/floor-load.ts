import { spawn } from "node:child_process";
import { once } from "node:events";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { text } from "node:stream/consumers";
import { createZstdDecompress } from "node:zlib";
import { createConnection } from "mysql2/promise";
import { loadDataStatement, quoteIdentifier } from "../packages/archive/dist/index.js";
import type { MysqlManifest } from "../packages/archive/dist/index.js";

export interface LoadFloorOptions {
  readonly manifest: MysqlManifest;
  /** Where transform wrote. */
  readonly folder: string;
  /** Gets the parts as plain files; whoever calls removes it. */
  readonly plainFolder: string;
  readonly url: string;
  readonly database: string;
  /** The stock client: `…/bin/mysql`. */
  readonly client: string;
}

/**
 * Seconds that the stock client takes for the same CSV into the same tables, by
 * the same statements in the same order (rows, then indexes), as many clients at
 * once as there are cores. Decompressing the parts is done before and not counted.
 */
export async function loadFloorSeconds(options: LoadFloorOptions): Promise<number> {
  const { manifest, folder, plainFolder, url, database } = options;
  await mkdir(plainFolder, { recursive: true });
  const todo: string[] = [];
  for (const table of manifest.tables)
    for (const part of table.parts) {
      const plainFile = join(plainFolder, part.file.replaceAll("/", "_").replace(/\.zst$/, ""));
      await pipeline(
        createReadStream(join(folder, part.file)),
        createZstdDecompress(),
        createWriteStream(plainFile),
      );
      todo.push(loadDataStatement(quoteIdentifier(table.table), table.columns, plainFile));
    }
  const connection = await createConnection({ uri: url });
  try {
    await connection.query(`CREATE DATABASE ${quoteIdentifier(database)} CHARACTER SET utf8mb4`);
    await connection.changeUser({ database });
    for (const table of manifest.tables) await connection.query(table.createTable);
    const startedAt = performance.now();
    const lanes = Array.from({ length: availableParallelism() }, async () => {
      for (let statement = todo.shift(); statement !== undefined; statement = todo.shift())
        await runClient(options, statement);
    });
    await Promise.all(lanes);
    for (const table of manifest.tables)
      for (const index of table.indexes) await connection.query(index.statement);
    const seconds = (performance.now() - startedAt) / 1000;
    await connection.query(`DROP DATABASE ${quoteIdentifier(database)}`);
    return seconds;
  } finally {
    await connection.end();
  }
}

async function runClient({ client, url, database }: LoadFloorOptions, statement: string): Promise<void> {
  const { hostname, port, username } = new URL(url);
  const args = ["--no-defaults", `--host=${hostname}`, `--port=${port}`, `--user=${username}`];
  args.push(
    "--protocol=TCP",
    "--local-infile=1",
    "--default-character-set=utf8mb4",
    database,
    "-e",
    statement,
  );
  const child = spawn(client, args, { stdio: ["ignore", "ignore", "pipe"] });
  const [stderr, [code]] = await Promise.all([
    text(child.stderr),
    once(child, "close") as Promise<[number | null]>,
  ]);
  if (code !== 0) throw new Error(`the stock client ended with ${code}: ${stderr}`);
}
