import { describe, expect, test } from "vitest";
import { printable, visiblePair, visibleText, visibleValue } from "../../src/screen/visible-value.ts";

describe("a value on the screen", () => {
  test.each([
    [null, "varchar(9)", "NULL"],
    ["NULL", "varchar(9)", '"NULL"'],
    ["", "text", '""'],
    ["17", "int", "17"],
    ["0x00ff", "varbinary(9)", "0x00ff"],
    ["0x00ff", "varchar(9)", '"0x00ff"'],
    ["a ", "varchar(9)", '"a "'],
    ["a\u00a0b\u200b\u202e\u0007\n", "varchar(9)", '"a\\u{a0}b\\u{200b}\\u{202e}\\u{7}\\n"'],
    ["\u001b[31mred", "longtext", '"\\u{1b}[31mred"'],
    [null, "json", "nothing"],
    ["{}", "json", "{}"],
  ])("%j of %s is %s", (value, type, shown) => {
    expect(visibleValue(value, type)).toBe(shown);
  });

  test("of names nothing moves the cursor", () => {
    expect(visibleText("a\u001b[2Jb")).toBe("a\\u{1b}[2Jb");
  });
});

test("of a message the line ends stay, and what steers a terminal is written out", () => {
  expect(printable("Table a\u001b]0;title\u0007 …\nb\rc\u202ed\u009be\u0000 Zürich 数据 😀")).toBe(
    "Table a\\u{1b}]0;title\\u{7} …\nb\\rc\\u{202e}d\\u{9b}e\\u{0} Zürich 数据 😀",
  );
});

describe("two values that differ", () => {
  test("only by their Unicode form are written so that they look different", () => {
    expect(visiblePair("caf\u00e9", "cafe\u0301", "varchar(9)")).toEqual(['"caf\\u{e9}"', '"cafe\\u{301}"']);
  });

  test("that are long are shown from about where they differ, in the same places", () => {
    const [expected, found] = visiblePair(`${"a".repeat(100)}x`, `${"a".repeat(100)}y`, "text");
    expect(expected).toBe(`…"${"a".repeat(20)}x" (101 bytes)`);
    expect(found).toBe(`…"${"a".repeat(20)}y" (101 bytes)`);
  });

  test("of which only pieces are known say so, with the length of the whole", () => {
    const piece = { bytes: 3000, sha256: "", from: 1000, piece: `0x${"00".repeat(100)}` };
    expect(visiblePair(piece, { ...piece, piece: `0x01${"00".repeat(99)}` }, "blob")).toEqual([
      `0x…${"0".repeat(60)}… (3,000 bytes)`,
      `0x…01${"0".repeat(58)}… (3,000 bytes)`,
    ]);
    expect(visiblePair(piece, null, "blob")[1]).toBe("NULL");
  });
});
