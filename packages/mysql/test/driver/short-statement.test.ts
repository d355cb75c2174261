import { expect, test } from "vitest";
import { shortStatement } from "../../src/driver/mysql-faults.ts";

test("a statement is shown on one line, shortened, and without the values of rows", () => {
  expect(shortStatement("CREATE TABLE `t` (\n  `a` int\n)")).toBe("CREATE TABLE `t` ( `a` int )");
  expect(shortStatement("INSERT INTO `t` (`a`) VALUES ('secret'),('x')")).toBe(
    "INSERT INTO `t` (`a`) VALUES …",
  );
  expect(shortStatement(`SELECT '${"🦔".repeat(1000)}'`)).toBe(`SELECT '${"🦔".repeat(152)}…`);
});
