import { Binary } from "bson";
import { RawValue, stringBytes } from "@firebreak/testing/documents/document-bytes";
import { json, same, TEXT, type KeyCase } from "./key-cases.ts";

/** Collections with documents that cannot become rows. */
export const QUARANTINE_CASES: readonly KeyCase[] = [
  {
    title: "a String id of 769 characters makes the ids text, and itself too long",
    type: TEXT,
    keys: [["x".repeat(769), undefined], json("x".repeat(766)), json("short")],
  },
  {
    title: "a nested id longer than 768 characters is too long",
    type: TEXT,
    keys: [
      [{ a: "y".repeat(800) }, undefined],
      [{ a: "z" }, '{"a":"z"}'],
    ],
  },
  {
    title: "a Binary id of 3,073 bytes is too long",
    type: TEXT,
    keys: [
      [new Binary(Buffer.alloc(3073)), undefined],
      [new Binary(Buffer.from("ff", "hex")), '{"$binary":{"base64":"/w==","subType":"00"}}'],
    ],
  },
  {
    title: "an id that is not valid UTF-8 cannot be a key",
    type: /^varchar/,
    keys: [
      [new RawValue(0x02, stringBytes(Buffer.from("ff", "hex"))), undefined],
      ["valid", "valid"],
    ],
  },
];

/** 768 characters are 3,072 bytes at most: what InnoDB takes for a key. */
export const WIDEST_CASES: readonly KeyCase[] = [
  {
    title: "Strings of 768 characters of four bytes fit a key of 3,072 bytes",
    type: TEXT,
    keys: ["😀".repeat(768), "a"].map(same),
  },
];
