import { join } from "node:path";
import { collectionOrder, RepeatedKeys } from "@firebreak/items";
import { sha256Of, toByteText, type SourceCollection } from "@firebreak/archive";
import { documentKey, lineText } from "@firebreak/mongodb";

/** The folder, in an unfinished archive, for the files that find repeated `_id`s. */
export const DUMP_IDS_FOLDER = "export-ids.partial";

/** The number of `_id`s that a report names, and the characters it shows of each. */
const MAX_NAMED = 5;
const MAX_CHARACTERS = 200;

/** Documents whose `_id` an earlier document of their collection already has. */
export interface RepeatedIds {
  readonly count: number;
  readonly keyCount: number;
  /** A sample of these `_id`s, as lines of keys. */
  readonly ids: readonly string[];
}

/**
 * Watches the `_id`s of one collection of a dump. mongodump reads without a snapshot, so it meets a document
 * twice if the document moves meanwhile. Close it when done.
 */
export class DumpIds {
  readonly #keys: RepeatedKeys;
  #line = 0;

  constructor(archive: string, collection: SourceCollection) {
    const scratch = join(archive, DUMP_IDS_FOLDER, sha256Of(collection.namespace));
    this.#keys = new RepeatedKeys(scratch, collectionOrder(collection));
  }

  async add(document: Buffer): Promise<void> {
    const keyLine = keyLineIn(document);
    if (keyLine !== undefined) await this.#keys.add(keyLine, { part: 0, line: ++this.#line });
  }

  /** Returns undefined if every `_id` occurs once. */
  async repeated(): Promise<RepeatedIds | undefined> {
    let [count, keyCount] = [0, 0];
    const ids: string[] = [];
    for await (const { keyLine, later } of this.#keys.repeated()) {
      keyCount++;
      count += later.length;
      if (ids.length < MAX_NAMED) ids.push(shown(keyLine));
    }
    return count === 0 ? undefined : { count, keyCount, ids };
  }

  async close(): Promise<void> {
    await this.#keys.close();
  }
}

/** Returns undefined if the document has no key or is not valid BSON. */
function keyLineIn(document: Buffer): string | undefined {
  try {
    return toByteText(lineText(documentKey(document)));
  } catch {
    return undefined;
  }
}

function shown(keyLine: string): string {
  const text = Buffer.from(keyLine, "latin1").toString("utf8");
  return text.length > MAX_CHARACTERS ? `${text.slice(0, MAX_CHARACTERS)}…` : text;
}
