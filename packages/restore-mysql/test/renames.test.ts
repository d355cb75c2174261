import { describe, expect, test } from "vitest";
import { hasName, renameDatabase, renameInTrigger, renamesOf, renameStored } from "../src/renames.ts";

describe("a statement in the server's own spelling", () => {
  test.each([
    ["select `a`.`t`.`x` from `a`.`t`", "select `b`.`t`.`x` from `b`.`t`"],
    ["REFERENCES `a`.`t` (`id`)", "REFERENCES `b`.`t` (`id`)"],
    ["select 'from `a`.`t`' AS `a`", "select 'from `a`.`t`' AS `a`"],
    ["select 'it''s \\' `a`.`t`' from `t`.`a`", "select 'it''s \\' `a`.`t`' from `t`.`a`"],
    ["CREATE TABLE `a` (`a` int)", "CREATE TABLE `a` (`a` int)"],
    ["select `aa`.`t`.`x`, `x`.`a`", "select `aa`.`t`.`x`, `x`.`a`"],
  ])("%s", (statement, expected) => {
    expect(renameDatabase(statement, "a", "b")).toBe(expected);
  });

  test("names with backticks and dots are one name", () => {
    expect(renameDatabase("from `a``.b`.`t`", "a`.b", "c`")).toBe("from `c```.`t`");
  });
});

test("a trigger's head means the new database, its body is left alone", () => {
  const trigger = (name: string) =>
    `CREATE TRIGGER ${name}.tr BEFORE INSERT ON ${name}.t FOR EACH ROW INSERT INTO a.log VALUES (1)`;
  expect(renameInTrigger(trigger("a"), "a", "b")).toBe(trigger("`b`").replace("INTO `b`", "INTO a"));
  expect(renameInTrigger(trigger("`a`"), "a", "b")).toBe(trigger("`b`"));
  expect(renameInTrigger(trigger("aa"), "a", "b")).toBe(trigger("aa"));
});

test("a routine's libraries are renamed in its head, and nothing in its body", () => {
  const routine = (database: string): string =>
    `CREATE DEFINER=\`a\`@\`%\` FUNCTION \`f\`(n int) RETURNS int\n    DETERMINISTIC\n    LANGUAGE JAVASCRIPT\n    COMMENT 'of \`a\`.'\n    USING (\`${database}\`.\`l\` AS \`a\`, \`other\`.\`a\`)\nAS $$ "\n    USING (\`a\`.\`l\`)\nAS " $$`;
  expect(renameStored("function", routine("a"), "a", "b")).toBe(routine("b"));
  const sql = "CREATE PROCEDURE `p`()\nBEGIN\n    USING (`a`.`l`)\nAS x; END";
  expect(renameStored("procedure", sql, "a", "b")).toBe(sql);
});

test("a name that is part of a longer one is not in a text", () => {
  expect(hasName("SELECT * FROM shop.t", "shop")).toBe(true);
  expect(hasName("SELECT * FROM `shop`.t", "shop")).toBe(true);
  expect(hasName("SELECT * FROM workshop.t, shop_copy.t, shops", "shop")).toBe(false);
});

describe("--rename", () => {
  test("takes databases that are known, also with an equals sign in them", () => {
    expect(renamesOf(["a=b", "x=y=z"], ["a", "x=y"])).toEqual(
      new Map([
        ["a", "b"],
        ["x=y", "z"],
      ]),
    );
  });

  test.each([
    ["a", "form"],
    ["a=", "form"],
    ["=b", "form"],
    ["c=d", "unknown"],
    ["a.t=b.t", "unknown"],
  ])("%s is wrong: %s", (rename, why) => {
    expect(() => renamesOf([rename], ["a"])).toThrowError(
      expect.objectContaining({ code: "mysql-rename-wrong", fields: { rename, why } }) as Error,
    );
  });
});
