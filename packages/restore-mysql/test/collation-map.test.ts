import { describe, expect, test } from "vitest";
import { collationMapOf, collationsIn, likeCollation, mapStatement } from "../src/collation-map.ts";

const map = new Map([["utf8mb4_0900_ai_ci", "utf8mb4_bin"]]);

describe("a statement", () => {
  test.each([
    ["a text COLLATE utf8mb4_0900_ai_ci", "a text COLLATE utf8mb4_bin"],
    ["DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci", "DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin"],
    ["/*!40100 COLLATE utf8mb4_0900_ai_ci */", "/*!40100 COLLATE utf8mb4_bin */"],
    ["(`a` collate utf8mb4_0900_ai_ci)", "(`a` collate utf8mb4_bin)"],
    ["COLLATE utf8mb4_0900_ai_ci_x", "COLLATE utf8mb4_0900_ai_ci_x"],
    ["COMMENT 'it''s \\' COLLATE utf8mb4_0900_ai_ci'", "COMMENT 'it''s \\' COLLATE utf8mb4_0900_ai_ci'"],
    ["`COLLATE utf8mb4_0900_ai_ci`", "`COLLATE utf8mb4_0900_ai_ci`"],
    ["-- COLLATE utf8mb4_0900_ai_ci", "-- COLLATE utf8mb4_0900_ai_ci"],
    ["/* COLLATE utf8mb4_0900_ai_ci */", "/* COLLATE utf8mb4_0900_ai_ci */"],
  ])("%s", (statement, expected) => {
    expect(mapStatement(statement, map)).toBe(expected);
    expect(collationsIn(statement).includes("utf8mb4_0900_ai_ci")).toBe(statement !== expected);
  });
});

describe("--collation-map", () => {
  test("takes several, also with commas between them", () => {
    expect([
      ...collationMapOf(["latin1_bin=latin1_swedish_ci,utf8_bin=utf8mb3_general_ci", "a_b=a_c"]),
    ]).toEqual([
      ["latin1_bin", "latin1_swedish_ci"],
      ["utf8_bin", "utf8mb3_general_ci"],
      ["a_b", "a_c"],
    ]);
  });

  test.each([
    ["utf8mb4_bin", "form"],
    ["utf8mb4_bin=", "form"],
    ["a=b;c=d", "form"],
    ["utf8mb4_bin=latin1_bin", "character-set"],
  ])("%s is wrong: %s", (pair, why) => {
    expect(() => collationMapOf([pair])).toThrowError(
      expect.objectContaining({ code: "collation-map-wrong", fields: { pair, why } }) as Error,
    );
  });
});

test.each([
  [
    "utf8mb4_0900_ai_ci",
    "utf8mb4_uca1400_nopad_ai_ci",
    ["utf8mb4_uca1400_ai_ci", "utf8mb4_uca1400_nopad_ai_ci"],
  ],
  ["utf8mb4_de_pb_0900_as_cs", "utf8mb4_uca1400_nopad_as_cs", ["utf8mb4_uca1400_nopad_as_cs", "utf8mb4_bin"]],
  ["utf8mb4_0900_bin", "utf8mb4_nopad_bin", ["utf8mb4_bin", "utf8mb4_nopad_bin"]],
  ["utf8mb4_uca1400_ai_ci", "utf8mb4_0900_ai_ci", ["utf8mb4_0900_ai_ci", "utf8mb4_bin"]],
  ["utf8mb4_uca1400_nopad_ai_cs", "utf8mb4_0900_as_cs", ["utf8mb4_0900_ai_ci", "utf8mb4_0900_as_cs"]],
  ["latin1_swedish_nopad_ci", "latin1_swedish_ci", ["latin1_bin", "latin1_swedish_ci"]],
  [
    "utf8mb3_uca1400_ai_ci",
    "utf8mb3_unicode_ci",
    ["utf8mb4_0900_ai_ci", "utf8mb3_unicode_ci", "utf8mb3_bin"],
  ],
  ["gb18030_chinese_ci", undefined, ["utf8mb4_bin"]],
])("most like %s is %s", (collation, like, known) => {
  expect(likeCollation(collation, known)).toBe(like);
});
