import { documentOf, type RangeCut, type RangePlan } from "@firebreak/items";
import { LineDecoder, textFields, type CollectionTexts, type SourceNamespace } from "@firebreak/archive";
import { deserialize, serialize } from "bson";

/** The values that export uses (packages/export/src/plan-tasks.ts, packages/mongodb/src/key-ranges.ts). */
const TEXT_PER_BSON = 1.6;
const MAX_BORDER_TRIES = 100;

/** The first version that keeps buckets of time-series collections in the order of `_id`. */
const CLUSTERED_SINCE = [5, 3] as const;

/**
 * Cuts ranges of as many documents as an export takes for a part. An export divides by their average size,
 * which a server knows as a whole number of bytes.
 */
export class DocumentRanges implements RangePlan {
  readonly #partBytes: number;
  readonly #decoder = new LineDecoder();
  #count = 0;
  #bytes = 0;

  constructor(partBytes: number) {
    this.#partBytes = partBytes;
  }

  look(line: string): void {
    const { out } = this.#decoder;
    const bytes = Buffer.from(line, "latin1");
    out.clear();
    this.#decoder.decode(bytes, 0, bytes.length);
    this.#count++;
    this.#bytes += out.at;
  }

  cut(): RangeCut {
    const average = Math.max(1, Math.floor(this.#bytes / Math.max(1, this.#count)));
    const rangeDocuments = Math.max(1, Math.floor(this.#partBytes / (average * TEXT_PER_BSON)));
    let range = 0;
    let documents = 0;
    let tries = 0;
    return {
      rangeOf: (keyLine) => {
        if (documents >= rangeDocuments && tries < MAX_BORDER_TRIES) {
          if (canBeBorder(keyLine)) {
            range++;
            documents = 0;
            tries = 0;
          } else tries++;
        }
        documents++;
        return range;
      },
    };
  }
}

/** True if an export reads the collection in the order of `_id`. */
export function hasIdOrder(
  kind: SourceNamespace["kind"],
  { optionsText, indexTexts }: CollectionTexts,
  server: string | undefined,
): boolean {
  switch (kind) {
    case "collection":
      return (
        textFields(optionsText).has("clusteredIndex") ||
        indexTexts.some((index) => textFields(index).get("name") === '"_id_"')
      );
    case "timeseries": {
      const [major = 0, minor = 0] = (server ?? "").replace(/^\D+/, "").split(".").map(Number);
      return major > CLUSTERED_SINCE[0] || (major === CLUSTERED_SINCE[0] && minor >= CLUSTERED_SINCE[1]);
    }
    default:
      return false;
  }
}

/** True if a key can be a border. The driver takes borders as objects, which changes a few keys. */
function canBeBorder(keyLine: string): boolean {
  const key = documentOf(keyLine);
  try {
    return Buffer.from(serialize(deserialize(key, { promoteValues: false, bsonRegExp: true }))).equals(key);
  } catch {
    return false;
  }
}
