import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { archiveFault, diskFault } from "../archive-faults.ts";
import { FirebreakError } from "../errors.ts";
import type { PartEntry } from "../manifest/schema-parts.ts";
import { AGE_SUFFIX } from "../protection/age-file.ts";
import { archiveReason } from "../archive-reasons.ts";
import { readPart, refuseSealed } from "./part-reader.ts";
import { PartWriter } from "./part-writer.ts";

/** The folder below `--work` for rows and documents that targets refused. */
export const LOAD_QUARANTINE = "load-quarantine";

const NEWLINE = 0x0a;

/**
 * Writes a part of JSON objects, one a line. The entry that `seal` returns finds and proves the part later.
 */
export class RefusedLinesWriter {
  readonly #name: string;
  readonly #writer: PartWriter;

  private constructor(name: string, writer: PartWriter) {
    this.#name = name;
    this.#writer = writer;
  }

  /** @param recipients age recipients, whose part is `FOLDER/FILE.age`; none for a part in clear. */
  static async open(
    folder: string,
    file: string,
    recipients: readonly string[],
  ): Promise<RefusedLinesWriter> {
    const name = recipients.length === 0 ? file : `${file}${AGE_SUFFIX}`;
    const path = join(folder, name);
    await mkdir(dirname(path), { recursive: true }).catch((error: unknown) => {
      throw diskFault(error, path);
    });
    return new RefusedLinesWriter(name, await PartWriter.open(path, recipients));
  }

  async write(line: object): Promise<void> {
    await this.#writer.write(Buffer.from(`${JSON.stringify(line)}\n`, "utf8"), 1);
  }

  async seal(): Promise<PartEntry> {
    return { file: this.#name, ...(await this.#writer.seal()) };
  }

  async abandon(): Promise<void> {
    await this.#writer.abandon();
  }
}

/**
 * Reads such a part.
 *
 * @param parse reads a line's value; if it throws, the line is unreadable.
 * @throws {FirebreakError} `file-missing`, `part-content`, `line-unreadable`, …
 */
export async function* readRefusedLines<R>(
  folder: string,
  entry: PartEntry,
  identities: readonly string[] | undefined,
  parse: (value: unknown) => R,
): AsyncGenerator<R> {
  const path = join(folder, entry.file);
  const pending: Buffer[] = [];
  let line = 0;
  const parsed = (text: string): R | FirebreakError => {
    line++;
    try {
      return parse(JSON.parse(text));
    } catch (error) {
      return archiveFault(
        "line-unreadable",
        { file: path, line, reason: archiveReason("not-refused") },
        error,
      );
    }
  };
  const blocks = readPart(path, path, entry, { identities });
  for await (const block of blocks) {
    let from = 0;
    for (let end = block.indexOf(NEWLINE); end >= 0; end = block.indexOf(NEWLINE, from)) {
      pending.push(block.subarray(from, end));
      const read = parsed(Buffer.concat(pending.splice(0)).toString("utf8"));
      if (read instanceof FirebreakError) await refuseSealed(blocks, read);
      else yield read;
      from = end + 1;
    }
    if (from < block.length) pending.push(block.subarray(from));
  }
}
