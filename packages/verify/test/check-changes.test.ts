import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  PartWriter,
  writeManifest,
  writeSmallFile,
  type PartEntry,
  type SourceManifest,
  type SourceNamespace,
} from "@firebreak/archive";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { worded } from "@firebreak/testing/command-line/worded";
import { manifestOf, namespaceOf } from "@firebreak/testing/archives/manifest-of";
import { verifyArchive } from "../src/index.ts";

let place: string;
beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), "firebreak-changes-"));
});
afterAll(() => rm(place, { recursive: true, force: true }));

const SHA = "0".repeat(64);
const DELTA: SourceManifest["delta"] = { baseSha256: SHA, chainSha256: SHA, number: 1, by: "comparison" };
const key = (n: number): string => `{"_id":{"$numberInt":"${n}"}}`;
const line = (n: number): string => `{"x":{"$numberInt":"7"},"_id":{"$numberInt":"${n}"}}`;

interface Changes {
  readonly parts?: readonly (readonly string[])[];
  readonly deletes?: readonly string[];
  readonly expired?: readonly string[];
  readonly namespace?: Partial<SourceNamespace>;
  readonly manifest?: Partial<SourceManifest>;
}

async function deltaOf({ parts = [], deletes, expired, namespace, manifest }: Changes): Promise<string> {
  const archive = await mkdtemp(join(place, "delta-"));
  await mkdir(join(archive, "source/d/c"), { recursive: true });
  const write = async (name: string, lines: readonly string[]): Promise<PartEntry> => {
    const file = `source/d/c/${name}.ndjson.zst`;
    const writer = await PartWriter.open(join(archive, file));
    await writer.write(Buffer.from(lines.map((l) => `${l}\n`).join("")), lines.length);
    return { file, ...(await writer.seal()) };
  };
  const metadata = await writeSmallFile(archive, "source/d/c/collection.json", "{}\n");
  const entries = await Promise.all(parts.map((lines, i) => write(`0000${i}`, lines)));
  const ns: SourceNamespace = {
    ...namespaceOf(parts.flat().length, { metadata, parts: entries }),
    change: "changed",
    ...(deletes === undefined ? {} : { deletes: [await write("deletes-00000", deletes)] }),
    ...(expired === undefined ? {} : { expired: [await write("expired-00000", expired)] }),
    ...namespace,
  };
  await writeManifest(archive, manifestOf([ns], { formatVersion: 2, delta: DELTA, ...manifest }));
  return archive;
}

async function verify(archive: string): Promise<unknown> {
  let last: unknown;
  for await (const event of verifyArchive({ archive, depth: "content", jobs: 1 })) last = event;
  return last;
}

describe("a delta", () => {
  test("whose keys are in order and each there once is whole, and the account says what changed", async () => {
    const archive = await deltaOf({
      parts: [[line(1), line(2)], [line(3)]],
      deletes: [key(4), key(5)],
      expired: [key(0)],
    });
    expect(await verify(archive)).toEqual({
      kind: "account",
      accounts: [{ namespace: "d.c", change: "changed", documents: 3, lines: 3, deletes: 3, expired: 1 }],
    });
  });

  const BEHIND = "its key does not come after that of the line before";
  test.each([
    ["a key that comes twice", { parts: [[line(1), line(1)]] }, "00000", 2, BEHIND],
    ["a part that goes back", { parts: [[line(2)], [line(1)]] }, "00001", 1, BEHIND],
    ["keys that are gone, out of order", { deletes: [key(2), key(1)] }, "deletes-00000", 2, BEHIND],
    ["a whole document among those gone", { deletes: [line(1)] }, "deletes-00000", 1, "it is no key line"],
    [
      "a key that is gone in two ways",
      { deletes: [key(1)], expired: [key(1)] },
      "expired-00000",
      1,
      "its key is gone in two ways",
    ],
    [
      "a key both there and gone",
      { parts: [[line(1)]], deletes: [key(1)] },
      "00000",
      1,
      "its key is among those that are gone",
    ],
    ["a document without key", { parts: [['{"x":null}']] }, "00000", 1, "it has no key"],
  ] as const)("with %s is refused", async (_, changes, file, number, reason) => {
    await expect(verify(await deltaOf(changes))).rejects.toMatchObject({
      code: "line-unreadable",
      exitCode: 5,
      fields: { file: `source/d/c/${file}.ndjson.zst`, line: number, reason: worded(reason) },
    });
  });

  test.each([
    ["deletes of what is whole", { deletes: [key(1)], namespace: { change: "whole" } }],
    ["parts of what is dropped", { parts: [[line(1)]], namespace: { change: "dropped" } }],
    ["the version of what is whole", { manifest: { formatVersion: 1 } }],
  ] as const)("with %s is refused", async (_, changes) => {
    await expect(verify(await deltaOf(changes))).rejects.toMatchObject({ code: "manifest-unreadable" });
  });
});
