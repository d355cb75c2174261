import { join } from "node:path";
import { archiveFault, archiveReason } from "../archive-faults.ts";
import { FirebreakError } from "../errors.ts";
import type { PartEntry } from "../manifest/schema-parts.ts";
import { AGE_SUFFIX } from "../protection/age-file.ts";
import { LazyPart, type PartPlace } from "./lazy-part.ts";
import { readPart, refuseSealed } from "./part-reader.ts";
import { z } from "zod";

/** The folder below `--work` for rows and documents that targets refused. */
export const LOAD_QUARANTINE = "load-quarantine";

const NEWLINE = 0x0a;

/** The characters of a long text that are written at once. */
const PIECE = 1 << 15;

/**
 * Writes a part of JSON objects, one a line, in the quarantine of transform or of a target. Without lines
 * there is no file. The entry that `seal` returns finds and proves the part later.
 */
export class QuarantineWriter {
  readonly #part: LazyPart;

  /** @param place for age recipients the part is `FOLDER/FILE.age`. */
  constructor(place: PartPlace) {
    const { file, recipients } = place;
    const isNamed = recipients.length === 0 || file.endsWith(AGE_SUFFIX);
    this.#part = new LazyPart({ ...place, file: isNamed ? file : `${file}${AGE_SUFFIX}` }, 0);
  }

  async write(line: object): Promise<void> {
    await this.#part.write(Buffer.from(`${JSON.stringify(line)}\n`, "utf8"), 1);
  }

  /**
   * Writes a line whose last field is a document of up to 100 MB, in pieces.
   *
   * @param document in byte text.
   */
  async writeWith(line: object, document: string): Promise<void> {
    const head = JSON.stringify(line).slice(0, -1);
    await this.#part.write(Buffer.from(`${head},"document":"`), 0);
    for (let at = 0; at < document.length; at += PIECE)
      await this.#part.write(escaped(document.slice(at, at + PIECE)), 0);
    await this.#part.write(Buffer.from('"}\n'), 1);
  }

  async seal(): Promise<PartEntry | undefined> {
    return this.#part.seal();
  }

  async abandon(): Promise<void> {
    await this.#part.abandon();
  }
}

/** Escapes byte text for a JSON string. Only ASCII is escaped, so a piece may end inside a character. */
function escaped(text: string): Buffer {
  return Buffer.from(JSON.stringify(text).slice(1, -1), "latin1");
}

/**
 * Reads a part of quarantine.
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

const schema = z.object({
  collection: z.string(),
  part: z.string(),
  /** The line in the part, from 1. */
  line: z.number(),
  /** The fields that the server's reason is about, as far as it says. */
  fields: z.array(z.string()),
  /** The server's error code. */
  errno: z.number(),
  message: z.string(),
  namespace: z.string(),
  /** The line of the source that the document was made of. */
  source: z.object({ part: z.string(), line: z.number() }),
  /** The document's unchanged line in the part. */
  document: z.string(),
});

/** A document that the target refused, with the reason. */
export type RefusedDocument = Readonly<z.infer<typeof schema>>;

/** @throws {FirebreakError} `file-missing`, `part-content`, `line-unreadable`, … */
export function readRefusedDocuments(
  folder: string,
  entry: PartEntry,
  identities?: readonly string[],
): AsyncGenerator<RefusedDocument> {
  return readRefusedLines(folder, entry, identities, (value) => schema.parse(value));
}
