import { archiveFault } from "../archive-faults.ts";
import { LineDecoder } from "./reading/decode-line.ts";
import { reasonOf } from "../reasons.ts";

/**
 * Proves lines that come from other parts or from scratch files before they are sealed again: each must
 * decode, in the one spelling that a document has.
 */
export class LineProof {
  readonly #decoder = new LineDecoder();

  /**
   * @param bytes contain the line in [start, end), without its newline.
   * @param place returns the part that the line goes to and its number there, for errors.
   * @throws {FirebreakError} `line-unproved`
   */
  prove(bytes: Buffer, start: number, end: number, place: () => { file: string; line: number }): void {
    this.#decoder.out.clear();
    try {
      this.#decoder.decode(bytes, start, end);
    } catch (error) {
      throw archiveFault("line-unproved", { ...place(), reason: reasonOf(error) }, error);
    }
  }
}
