import { expect, test } from "vitest";
import {
  fromStored,
  toStored,
  type LedgerEntry,
  type StoredEntry,
} from "../../../src/target/ledger/ledger-entry.ts";

const digest = { rowCount: 1, sum: "0", sumHigh: "0" } as never;
const quarantine = { file: "q.ndjson.zst", lineCount: 1 } as never;

/** The entries as earlier versions stored them: the order of fields counts in an `_id`. */
const entries: readonly (readonly [StoredEntry, LedgerEntry])[] = [
  [
    { _id: "restore", manifestSha256: "aa", settings: "{}", isFinished: false },
    { kind: "restore", manifestSha256: "aa", settings: "{}", isFinished: false },
  ],
  [
    { _id: { collection: "c" }, source: "db.c", state: "begun" },
    { kind: "restored-collection", collection: "c", source: "db.c", state: "begun" },
  ],
  [
    { _id: { collection: "c", part: "db/c-0" }, plainSha256: "bb", digest, movedIds: 2 },
    { kind: "restored-part", collection: "c", file: "db/c-0", plainSha256: "bb", digest, movedIds: 2 },
  ],
  [
    { _id: { load: "c" }, contentSha256: "cc", state: "proved", chain: "dd" },
    { kind: "loaded-collection", collection: "c", contentSha256: "cc", state: "proved", chain: "dd" },
  ],
  [
    { _id: { load: "c", part: "db/c-0" }, plainSha256: "ee", digest, quarantine, isReplaying: true },
    {
      kind: "loaded-part",
      collection: "c",
      file: "db/c-0",
      plainSha256: "ee",
      digest,
      quarantine,
      isReplaying: true,
    },
  ],
  [
    { _id: { load: "c", part: "db/c-0", link: "ff" }, plainSha256: "ee", digest },
    { kind: "loaded-part", collection: "c", file: "db/c-0", link: "ff", plainSha256: "ee", digest },
  ],
  [
    { _id: { chain: "dd" }, links: ["dd", "ff"], begun: { archive: "gg", number: 2 } },
    { kind: "chain", chain: "dd", links: ["dd", "ff"], begun: { archive: "gg", number: 2 } },
  ],
];
for (const [stored, entry] of entries)
  test(`an entry with the _id ${JSON.stringify(stored._id)} is a ${entry.kind}`, () => {
    expect(fromStored(stored)).toEqual(entry);
    expect(JSON.stringify(toStored(entry))).toBe(JSON.stringify(stored));
  });

test("the lock is no entry of a load or restore", () => {
  expect(fromStored({ _id: "lock" })).toBeUndefined();
});

test("the time of a part is the server's, and fields without a value are not stored", () => {
  const loadedAt = new Date();
  const part = { collection: "c", file: "f", plainSha256: "ee", digest, isReplaying: false, loadedAt };
  expect(toStored({ kind: "loaded-part", ...part })).toStrictEqual({
    _id: { load: "c", part: "f" },
    plainSha256: "ee",
    digest,
  });
});
