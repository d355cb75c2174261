import { Long, type Document } from "mongodb";
import { expect, test } from "vitest";
import type { MongodbSource } from "../../src/driver/connect.ts";
import { readQuery } from "../../src/source/read-range.ts";

const LARGE = 4 << 20;

/** A server that has each list of documents as a reply, and notes what it is asked for. */
function serverOf(replies: readonly (readonly Buffer[])[]): { source: MongodbSource; asked: string[] } {
  const asked: string[] = [];
  const command = async (sent: Document): Promise<Document> => {
    const number = asked.push(Object.keys(sent)[0]!) - 1;
    const id = Long.fromNumber(number === replies.length - 1 ? 0 : 7);
    return { cursor: { id, [number === 0 ? "firstBatch" : "nextBatch"]: [...replies[number]!] } };
  };
  const client = { startSession: () => ({ endSession: async () => undefined }), db: () => ({ command }) };
  return { source: { client } as unknown as MongodbSource, asked };
}

const read = (source: MongodbSource) =>
  readQuery(source, { database: "d", storedIn: "c" }, { find: "c" }, 10);

test.each([
  ["one byte short of large", LARGE - 1, 2],
  ["just large", LARGE, 1],
  ["one byte beyond", LARGE + 1, 1],
])("while a reply that is %s (%i bytes) is worked on, %i have been asked for", async (_, bytes, count) => {
  const half = Buffer.alloc(bytes >> 1);
  const { source, asked } = serverOf([[half, Buffer.alloc(bytes - half.length)], [Buffer.from("last")]]);
  const batches = read(source);
  const first = await batches.next();
  expect(first.value?.reduce((sum: number, d: Buffer) => sum + d.length, 0)).toBe(bytes);
  expect(asked).toHaveLength(count);
  const last = await batches.next();
  expect(last.value?.map(String)).toEqual(["last"]);
  expect(asked).toEqual(["find", "getMore"]);
  expect((await batches.next()).done).toBe(true);
});

test("a reply is let go of when the next one is asked for, whoever still has its list", async () => {
  const { source } = serverOf([[Buffer.from("a"), Buffer.from("b")], [], [Buffer.from("c")]]);
  const sizes: number[] = [];
  let earlier: readonly Buffer[] = [];
  for await (const documents of read(source)) {
    expect(earlier).toHaveLength(0);
    sizes.push(documents.length);
    earlier = documents;
  }
  expect(sizes).toEqual([2, 0, 1]);
});
