import { open, readFile, type FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { diskFault, missingAs } from "../archive-faults.ts";
import { syncFolder } from "./durable-file.ts";

/** Returns the entries in a log's text, without a last line that is not completely written. */
export function entriesIn<Entry>(log: string): Entry[] {
  const lines = log.split("\n").slice(0, -1).filter(Boolean);
  // Only this program writes to its log, entries of one type.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return lines.map((line) => JSON.parse(line) as Entry);
}

/**
 * The finished work of a step, one JSON value a line, each durable before the next is begun. A process that
 * is killed while it writes leaves at most one torn last line. The next `open` cuts it off.
 */
export class ProgressLog<Entry> {
  readonly #file: string;
  readonly #handle: FileHandle;
  #last: Promise<void> = Promise.resolve();

  private constructor(file: string, handle: FileHandle) {
    this.#file = file;
    this.#handle = handle;
  }

  /** Opens the log, or makes it if it does not exist. `entries` are those that an earlier run left. */
  static async open<Entry>(file: string): Promise<{ log: ProgressLog<Entry>; entries: Entry[] }> {
    try {
      const content = await readFile(file).catch(missingAs(file, Buffer.alloc(0)));
      const whole = content.subarray(0, content.lastIndexOf(0x0a) + 1);
      const entries = entriesIn<Entry>(whole.toString("utf8"));
      const handle = await open(file, "a");
      await handle.truncate(whole.length);
      await syncFolder(dirname(file));
      return { log: new ProgressLog<Entry>(file, handle), entries };
    } catch (error) {
      throw diskFault(error, file);
    }
  }

  /** Appends an entry. Resolves when the entry would survive a power cut. */
  append(entry: Entry): Promise<void> {
    const line = `${JSON.stringify(entry)}\n`;
    this.#last = this.#last.then(async () => {
      await this.#handle.appendFile(line);
      await this.#handle.datasync();
    });
    return this.#last.catch((error: unknown) => {
      throw diskFault(error, this.#file);
    });
  }

  async close(): Promise<void> {
    await this.#last.catch(() => undefined);
    await this.#handle.close();
  }
}
