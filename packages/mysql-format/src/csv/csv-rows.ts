const QUOTE = 0x22;
const NEWLINE = 0x0a;

/**
 * Cuts CSV into rows, line ends included, also CSV of other dialects. A row ends at a line end outside
 * quotes, as a server finds it.
 */
export async function* csvRows(blocks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const pending: Buffer[] = [];
  let isQuoted = false;
  for await (const block of blocks) {
    let from = 0;
    for (let i = 0; i < block.length; i++)
      if (block[i] === QUOTE) isQuoted = !isQuoted;
      else if (block[i] === NEWLINE && !isQuoted) {
        pending.push(block.subarray(from, i + 1));
        yield Buffer.concat(pending.splice(0));
        from = i + 1;
      }
    // A copy, because the source of the blocks may use them again.
    if (from < block.length) pending.push(Buffer.from(block.subarray(from)));
  }
  if (pending.length > 0) yield Buffer.concat(pending);
}
