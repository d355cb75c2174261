const NEWLINE = 0x0a;

/** Cuts a part's plaintext into blocks of whole lines; the last lacks its newline where the part does. */
export async function* wholeLines(blocks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  // A line may be 94 MB long: its pieces are put together once, when it ends.
  let begun: Buffer[] = [];
  for await (const block of blocks) {
    const end = block.lastIndexOf(NEWLINE) + 1;
    if (end > 0) {
      const ended = block.subarray(0, end);
      yield begun.length === 0 ? ended : Buffer.concat([...begun, ended]);
      begun = [];
    }
    if (end < block.length) begun.push(block.subarray(end));
  }
  if (begun.length > 0) yield Buffer.concat(begun);
}
