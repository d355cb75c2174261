import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { base64Length, canonicalBytes, RowHasher, type CellForm } from "../../src/digest/row-hash.ts";
import { toByteText } from "@firebreak/archive";

const sha256 = (bytes: Uint8Array | string): string => createHash("sha256").update(bytes).digest("hex");
const cell = fc.option(fc.string({ unit: "binary" }), { nil: null });
const byteTexts = (cells: readonly (string | null)[]): (string | null)[] =>
  cells.map((c) => (c === null ? null : toByteText(c)));

function framed(cells: readonly (string | null)[]): string {
  const parts = cells.map((c) => (c === null ? "-" : `${Buffer.byteLength(c)}:${c}`));
  return sha256(parts.join(""));
}

test("a row's hash is the SHA-256 of its values, each behind its length in bytes", () => {
  fc.assert(
    fc.property(fc.array(cell, { minLength: 1 }), (cells) => {
      const hasher = new RowHasher(
        cells.map(() => "text"),
        "values",
      );
      expect(hasher.hash(byteTexts(cells)).toString("hex")).toBe(framed(cells));
    }),
  );
});

test("a hasher gives the same after other rows, larger and smaller", () => {
  const hasher = new RowHasher(["text", "text"], "values");
  const rows: (string | null)[][] = [
    ["a", null],
    ["数".repeat(300_000), "x"],
    ["", "é"],
    [null, null],
  ];
  for (const row of [...rows, ...rows]) expect(hasher.hash(byteTexts(row)).toString("hex")).toBe(framed(row));
  expect(hasher.largestValueBytes).toBe(900_000);
});

test("NULL, an empty string and moved borders are different rows", () => {
  const hasher = new RowHasher(["text", "text"], "values");
  const rows = [
    [null, ""],
    ["", null],
    ["", ""],
    ["a", "b"],
    ["ab", ""],
    ["", "ab"],
    ["-", "-"],
    ["1:a", ""],
    [null, "-"],
  ];
  expect(new Set(rows.map((row) => hasher.hash(row).toString("hex"))).size).toBe(rows.length);
});

test("a binary cell counts by the bytes that its base64 stands for", () => {
  const hasher = new RowHasher(["binary"], "values");
  expect(hasher.hash(["AP8="]).toString("hex")).toBe(sha256(Buffer.from("323a00ff", "hex")));
});

test("a double cell counts by its eight bytes, however it is spelled", () => {
  const hasher = new RowHasher(["double"], "values");
  const hashes = ["1000000", "1e6", "1.0E6"].map((text) => hasher.hash([text]).toString("hex"));
  expect(new Set(hashes).size).toBe(1);
  expect(canonicalBytes("1.5", "double").toString("hex")).toBe("000000000000f83f");
});

test("hashes of values stand for values where rows are long", () => {
  const forms: CellForm[] = ["text", "text", "binary"];
  const hasher = new RowHasher(forms, "value-hashes");
  const expected = sha256(`${sha256("é")}-${sha256(Buffer.from([0]))}`);
  expect(hasher.hash(byteTexts(["é", null, "AA=="])).toString("hex")).toBe(expected);
});

test("a huge value has the hash that it has whole", () => {
  const bytes = Buffer.alloc(1_000_001, "some bytes \u00ff");
  const base64 = bytes.toString("base64");
  const hashed = (form: CellForm, cell: string) =>
    new RowHasher([form], "value-hashes").hash([cell]).toString("hex");
  expect(hashed("binary", base64)).toBe(sha256(sha256(bytes)));
  expect(hashed("text", bytes.toString("latin1"))).toBe(sha256(sha256(bytes)));
  expect(hashed("mixed", `b${base64}`)).toBe(sha256(sha256(Buffer.concat([Buffer.from("b"), bytes]))));
  expect(hashed("mixed", `t${bytes.toString("latin1")}`)).toBe(
    sha256(sha256(Buffer.concat([Buffer.from("t"), bytes]))),
  );
});

test("values of every length up to the loop's end and far beyond are framed alike", () => {
  const hasher = new RowHasher(["text"], "values");
  for (const length of [0, 9, 10, 39, 40, 41, 99, 100, 999, 1000, 65_536])
    expect(hasher.hash(["x".repeat(length)]).toString("hex")).toBe(framed(["x".repeat(length)]));
});

test("the length of base64 is known without decoding it", () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(base64Length(Buffer.from(bytes).toString("base64"))).toBe(bytes.length);
    }),
  );
});
