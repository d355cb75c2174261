import { LineDecoder } from "@firebreak/archive";
import { documentOf } from "../order/document-order.ts";
import { canBeBorder, documentsOfRange, MAX_BORDER_TRIES } from "./range-sizes.ts";

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
    const rangeDocuments = documentsOfRange(this.#partBytes, average);
    let range = 0;
    let documents = 0;
    let tries = 0;
    return {
      rangeOf: (keyLine) => {
        if (documents >= rangeDocuments && tries < MAX_BORDER_TRIES) {
          if (canBeBorder(documentOf(keyLine))) {
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

/** Assigns each line of a namespace to a range. */
export interface RangeCut {
  /** Returns the number of a line's range. It must be called for every line, in order. */
  rangeOf(keyLine: string): number;
}

/** Finds the borders of the ranges of a namespace. */
export interface RangePlan {
  /** Looks at all lines, in order, if the borders depend on them. */
  look?(line: string): void;
  /** Returns the ranges. Must be called after `look` got all lines. */
  cut(): RangeCut;
}
