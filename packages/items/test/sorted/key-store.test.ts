import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MessageChannel, receiveMessageOnPort } from "node:worker_threads";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { KeyStore, KeyStoreWriter, type KeyRun } from "../../src/index.ts";
import { counterAt, DATA_AT as ENTRY_BYTES, entriesOfBlock } from "../../src/sorted/key-run.ts";

const ENTRIES_OF_BLOCK = entriesOfBlock(ENTRY_BYTES);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "firebreak-keys-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const keyOf = (i: number): string => `{"_id":"key ${i} \u00e4\u00ff"}`;

/** Runs and memory so small that a few hundred keys go to the disk. */
const SMALL = { memoryBytes: 0, runBytes: 2000 };

async function sealed(count: number, settings = {}, valueOf = (i: number): number => i): Promise<KeyRun> {
  const writer = new KeyStoreWriter(join(folder, "keys"), settings);
  for (let i = 0; i < count; i++) await writer.add(keyOf((i * 7919) % count), valueOf((i * 7919) % count));
  return writer.seal();
}

function numbers(store: KeyStore, from: number, to: number): (number | undefined)[] {
  return Array.from({ length: to - from }, (_, i) => store.get(keyOf(from + i)));
}

describe.each([
  ["memory", {}],
  ["file", SMALL],
])("keys in %s", (kind, settings) => {
  test.each([0, 1, ENTRIES_OF_BLOCK - 1, ENTRIES_OF_BLOCK, ENTRIES_OF_BLOCK + 1, 5 * ENTRIES_OF_BLOCK])(
    "of which there are %i are found with their numbers, and no others",
    async (count) => {
      const keys = await sealed(count, settings);
      expect(keys).toMatchObject({ kind: count === 0 ? "memory" : kind, count });
      const store = new KeyStore(keys);
      expect(numbers(store, 0, count)).toEqual(Array.from({ length: count }, (_, i) => i));
      expect(numbers(store, count, count + 500)).toEqual(Array(500).fill(undefined));
      expect(store.has(keyOf(count))).toBe(false);
      store.close();
    },
  );

  test("have the greatest number that they were added with", async () => {
    const writer = new KeyStoreWriter(join(folder, "keys"), settings);
    for (let i = 0; i < 900; i++) await writer.add(keyOf(i % 300), (i * 31) % 900);
    const store = new KeyStore(await writer.seal());
    expect(store.count).toBe(300);
    expect(numbers(store, 0, 300)).toEqual(
      Array.from({ length: 300 }, (_, i) => Math.max(...[i, i + 300, i + 600].map((n) => (n * 31) % 900))),
    );
    store.close();
  });

  test.each([-1, 0, 1])("have data of 16 bytes each (a block and %i keys)", async (more) => {
    const writer = new KeyStoreWriter(join(folder, "keys"), { ...settings, dataBytes: 16 });
    const count = entriesOfBlock(ENTRY_BYTES + 16) + more;
    const dataOf = (i: number): Buffer => Buffer.alloc(32, `data ${i};`);
    for (const round of [0, 1])
      for (let i = 0; i < count; i++) await writer.add(keyOf(i), i * 2 + round, dataOf(i * 2 + round));
    const store = new KeyStore(await writer.seal());
    for (let i = 0; i < count; i++)
      expect(store.find(keyOf(i))).toEqual({ number: i * 2 + 1, data: dataOf(i * 2 + 1).subarray(0, 16) });
    expect(store.find(keyOf(count))).toBeUndefined();
    store.close();
  });

  test("take numbers of 32 bits", async () => {
    const keys = await sealed(3, settings, (i) => 2 ** 32 - 1 - i);
    const store = new KeyStore(keys);
    expect([0, 1, 2].map((i) => store.get(keyOf(i)))).toEqual([2 ** 32 - 1, 2 ** 32 - 2, 2 ** 32 - 3]);
    store.close();
  });

  test("can be looked up by another thread, and are gone when the writer is closed", async () => {
    const writer = new KeyStoreWriter(join(folder, "keys"), settings);
    for (let i = 0; i < 1000; i++) await writer.add(keyOf(i), i);
    const { port1, port2 } = new MessageChannel();
    port1.postMessage(await writer.seal());
    const { message } = receiveMessageOnPort(port2) as { message: KeyRun };
    port1.close();
    const store = new KeyStore(message);
    expect(numbers(store, 0, 1000)).toEqual(Array.from({ length: 1000 }, (_, i) => i));
    store.close();
    await writer.close();
    expect(await readdir(folder)).toEqual([]);
  });
});

test.each([-1, 0, 1])("keys are in memory up to the limit (and %i keys more)", async (more) => {
  const memoryBytes = 300 * ENTRY_BYTES;
  const { kind } = await sealed(300 + more, { memoryBytes });
  expect(kind).toBe(more > 0 ? "file" : "memory");
});

test("a file of keys tells nothing without its secret", async () => {
  const keys = await sealed(1000, SMALL);
  if (keys.kind !== "file") throw new Error("the keys are in memory");
  const bytes = await readFile(keys.file);
  expect(bytes).toHaveLength(1000 * ENTRY_BYTES);
  const store = new KeyStore({ ...keys, secret: Buffer.alloc(32) });
  expect(Array.from({ length: 1000 }, (_, i) => store.has(keyOf(i)))).not.toContain(true);
  store.close();
});

test("the counter of a block carries over its bytes", () => {
  const start = Buffer.alloc(16, 0xff);
  expect(counterAt(start, 0)).toEqual(start);
  const [low, high] = [255n * 70_000n, (1n << 128n) - 1n];
  const expected = ((high + low) % (1n << 128n)).toString(16).padStart(32, "0");
  expect(counterAt(start, 70_000 * 255 * 16).toString("hex")).toBe(expected);
});
