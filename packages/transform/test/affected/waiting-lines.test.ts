import { expect, test } from "vitest";
import { WaitingLines } from "../../src/affected/waiting-lines.ts";
import { KeyBlock } from "../../src/line-index/index-block.ts";

test.each([0, 1, 1023, 1024, 1025, 5000])("%i lines that wait come back with their keys", (count) => {
  const waiting = new WaitingLines<string>();
  const block = new KeyBlock(3);
  for (let i = 0; i < count; i++) {
    block.kinds[1] = i % 16;
    block.keys.set([i, 0xffff_ffff], 2);
    block.references.set([0x8000_0000, i], 2);
    waiting.add(`part ${Math.floor(i / 7)}`, i + 1, i * 2, block, 1);
  }
  const found = [...waiting.lines()].map(({ part, line, number, block: own }) => [
    part,
    line,
    number,
    own.count,
  ]);
  expect(found).toEqual(
    Array.from({ length: count }, (_, i) => [`part ${Math.floor(i / 7)}`, i + 1, i * 2, 1]),
  );
  let i = 0;
  for (const { block: own } of waiting.lines()) {
    expect([own.kinds[0], ...own.keys, ...own.references]).toEqual([i % 16, i, 0xffff_ffff, 0x8000_0000, i]);
    i++;
  }
});
