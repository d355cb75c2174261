import { HUGE_BYTES, HugeLine, type HugeTurn } from "@firebreak/archive";

const NEWLINE = 0x0a;

/** Facts about lines before they are read. */
export interface LinesToCut {
  /** Bytes of all lines together. */
  readonly plainBytes: number;
  readonly hugeTurn?: HugeTurn | undefined;
  /** Makes the error for a line that is longer than memory allows. */
  readonly unreadable?: (reason: unknown) => unknown;
}

/** Some whole lines. `bytes` are valid until they are released or the next lines are asked for. */
export interface WholeLines {
  readonly bytes: Buffer;
  /** Frees the memory of a huge line. Callers call it before long work that no longer needs the bytes. */
  release(this: void): void;
}

const NOTHING_TO_RELEASE = (): void => undefined;

/**
 * Cuts a part's plaintext into blocks of whole lines. If the part does not end with a newline, its last line
 * has none.
 *
 * A huge line, up to 94 MB long, comes alone. This thread holds the turn until the next lines are asked for.
 */
export async function* wholeLines(
  blocks: AsyncIterable<Buffer>,
  { plainBytes, hugeTurn, unreadable = (reason) => reason }: LinesToCut,
): AsyncGenerator<WholeLines> {
  let begun: Buffer[] = [];
  let begunBytes = 0;
  let bytesLeft = plainBytes;
  let huge: HugeLine | undefined;
  let hasTurn = false;
  const add = (line: HugeLine, bytes: Buffer): void => {
    try {
      line.add(bytes);
    } catch (error) {
      throw unreadable(error);
    }
  };
  const finish = (): void => {
    huge?.release();
    huge = undefined;
    if (hasTurn) hugeTurn?.give();
    hasTurn = false;
  };
  try {
    for await (const block of blocks) {
      let from = 0;
      if (huge !== undefined) {
        from = block.indexOf(NEWLINE) + 1;
        add(huge, from === 0 ? block : block.subarray(0, from));
        if (from > 0) {
          yield wholeLine(huge);
          finish();
        }
      }
      bytesLeft -= block.length;
      if (huge !== undefined) continue;
      const end = block.lastIndexOf(NEWLINE) + 1;
      if (end > from) {
        const ended = block.subarray(from, end);
        const bytes = begun.length === 0 ? ended : Buffer.concat([...begun, ended]);
        yield { bytes, release: NOTHING_TO_RELEASE };
        begun = [];
        begunBytes = 0;
        from = end;
      }
      if (from < block.length) begun.push(block.subarray(from));
      begunBytes += block.length - from;
      if (begunBytes < HUGE_BYTES) continue;
      await hugeTurn?.take();
      hasTurn = true;
      huge = new HugeLine(begunBytes + bytesLeft);
      for (const piece of begun) add(huge, piece);
      begun = [];
      begunBytes = 0;
    }
    if (huge !== undefined) yield wholeLine(huge);
    else if (begun.length > 0) yield { bytes: Buffer.concat(begun), release: NOTHING_TO_RELEASE };
  } finally {
    finish();
  }
}

function wholeLine(line: HugeLine): WholeLines {
  return { bytes: line.bytes(), release: () => line.release() };
}
