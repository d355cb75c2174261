import { expect, test } from "vitest";
import { LineBuffer } from "../../src/line/line-buffer.ts";

const KEPT_BYTES = 8 << 20;

function filledWith(count: number): LineBuffer {
  const out = new LineBuffer();
  out.reserve(count);
  out.bytes.fill("x", 0, count);
  out.at = count;
  return out;
}

test("what is written stays when it grows, also beyond what it keeps", () => {
  const out = filledWith(KEPT_BYTES);
  out.ascii("y".repeat(100));
  const written = out.written();
  expect(written).toHaveLength(KEPT_BYTES + 100);
  expect(written.subarray(0, KEPT_BYTES).equals(Buffer.alloc(KEPT_BYTES, "x"))).toBe(true);
  expect(written.subarray(KEPT_BYTES).toString()).toBe("y".repeat(100));
});

test.each([
  ["a byte less than it keeps", KEPT_BYTES - 1, true],
  ["what it keeps", KEPT_BYTES, true],
  ["a byte more than it keeps", KEPT_BYTES + 1, false],
])("emptied after %s its memory is kept or given back at once", (_, count, isKept) => {
  const out = filledWith(count);
  const { bytes } = out;
  out.clear();
  expect(out.at).toBe(0);
  expect(out.bytes === bytes).toBe(isKept);
  expect(bytes.length > 0).toBe(isKept);
  out.ascii("next");
  expect(out.written().toString()).toBe("next");
});
