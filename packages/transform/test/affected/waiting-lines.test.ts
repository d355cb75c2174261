import { expect, test } from "vitest";
import { WaitingLines } from "../../src/affected/waiting-lines.ts";

test.each([0, 1, 1023, 1024, 1025, 5000])("%i lines that wait come back with their keys", (count) => {
  const waiting = new WaitingLines<string>();
  const partOf = (i: number): string => `part ${Math.floor(i / 7)}`;
  for (let i = 0; i < count; i++)
    waiting.add(partOf(i), i + 1, Uint32Array.of(7, i, 0xffff_ffff - i, 7), 1, i * 2);
  expect([...waiting.lines()]).toEqual(
    Array.from({ length: count }, (_, i) => ({
      part: partOf(i),
      line: i + 1,
      number: i * 2,
      key: BigInt.asIntN(64, (BigInt(0xffff_ffff - i) << 32n) | BigInt(i)),
    })),
  );
});
