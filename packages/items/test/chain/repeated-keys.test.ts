import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { RepeatedKeys, type RepeatedKey } from "../../src/chain/repeated-keys.ts";
import { documentOrder } from "../../src/order/document-order.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "firebreak-test-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const int = (value: number): string => `{"_id":{"$numberInt":"${value}"}}`;
const double = (value: string): string => `{"_id":{"$numberDouble":"${value}"}}`;

async function repeated(
  lines: readonly string[],
  orderOf: (keyLine: string) => string | undefined = documentOrder,
): Promise<RepeatedKey[]> {
  const scratch = join(folder, "scratch");
  const keys = new RepeatedKeys(scratch, orderOf);
  for (const [i, line] of lines.entries()) await keys.add(line, { part: i >> 1, line: (i & 1) + 1 });
  const found: RepeatedKey[] = [];
  for await (const key of keys.repeated()) found.push(key);
  await keys.close();
  expect(await readdir(folder)).toEqual([]);
  return found.toSorted((a, b) => (a.keyLine < b.keyLine ? -1 : 1));
}

test("keys that are all different are none", async () => {
  expect(await repeated([])).toEqual([]);
  expect(await repeated([int(1), int(2), '{"_id":"1"}', '{"_id":null}'])).toEqual([]);
});

test("of lines with the same key the first is told from the later ones, in their order", async () => {
  expect(await repeated([int(1), int(2), int(1), int(3), int(2), int(1)])).toEqual([
    {
      keyLine: int(1),
      first: { part: 0, line: 1 },
      later: [
        { part: 1, line: 1 },
        { part: 2, line: 2 },
      ],
    },
    { keyLine: int(2), first: { part: 0, line: 2 }, later: [{ part: 2, line: 1 }] },
  ]);
});

test("keys that a server takes for one are one, where that is known", async () => {
  const lines = [double("1.0"), int(1)];
  expect(await repeated(lines)).toMatchObject([{ keyLine: double("1.0") }]);
  expect(await repeated(lines, () => undefined)).toEqual([]);
  expect(await repeated([int(1), int(1)], () => undefined)).toHaveLength(1);
});

test("more keys than memory takes are sorted on the disk", async () => {
  const text = "x".repeat(2000);
  const lines = Array.from({ length: 12_000 }, (_, i) => `{"_id":"${text}${i % 11_990}"}`);
  expect(await repeated(lines, (line) => line)).toHaveLength(10);
});
