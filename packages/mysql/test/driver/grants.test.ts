import { expect, test } from "vitest";
import { Grants } from "../../src/driver/privileges.ts";
import { unseenObjects } from "../../src/source/unseen-objects.ts";

const MYSQL = { isMariadb: false, major: 9, minor: 7 };
const MARIADB = { isMariadb: true, major: 10, minor: 11 };

/** The kinds of objects of `shop` that a user with these grants may not see. */
function unseen(
  server: typeof MYSQL,
  grants: readonly string[],
  tables: readonly string[] = ["t"],
): string[] {
  const read = Grants.read(["GRANT USAGE ON *.* TO `u`@`%`", ...grants]);
  return unseenObjects(read, server, "shop", tables).map((n) => n.kind);
}

const ON_SHOP = "GRANT SELECT, LOCK TABLES, SHOW VIEW, EVENT, TRIGGER ON `shop`.* TO `u`@`%`";

test("a user with all that an export of tables needs does not see routines", () => {
  expect(unseen(MYSQL, [ON_SHOP])).toEqual(["routine", "library"]);
  expect(unseen({ ...MYSQL, minor: 1 }, [ON_SHOP])).toEqual(["routine"]);
  expect(unseen(MARIADB, [ON_SHOP])).toEqual(["routine"]);
});

test.each([
  [MYSQL, "GRANT SHOW_ROUTINE ON *.* TO `u`@`%`"],
  [MYSQL, "GRANT SELECT ON *.* TO `u`@`%`"],
  [MYSQL, "GRANT EXECUTE ON `shop`.* TO `u`@`%`"],
  [MARIADB, "GRANT SELECT ON `mysql`.`proc` TO `u`@`%`"],
  [MARIADB, "GRANT SHOW CREATE ROUTINE ON `sh%`.* TO `u`@`%`"],
  [MARIADB, "GRANT ALL PRIVILEGES ON *.* TO `u`@`%` WITH GRANT OPTION"],
])("of a server like %o, %s shows the rest", (server, grant) => {
  expect(unseen(server, [ON_SHOP, grant])).toEqual([]);
});

test("a grant on another database, on one table or on one routine shows nothing more", () => {
  const others = [
    "GRANT ALL PRIVILEGES ON `shop2`.* TO `u`@`%`",
    "GRANT EXECUTE ON PROCEDURE `shop`.`p` TO `u`@`%`",
    "GRANT SELECT, TRIGGER ON `shop`.`t` TO `u`@`%`",
    "GRANT PROXY ON ``@`` TO `u`@`%`",
  ];
  expect(unseen(MYSQL, others)).toEqual(["table", "view", "event", "routine", "library"]);
  expect(unseen(MYSQL, others, ["t", "u"])).toContain("trigger");
});

test("a role that is granted and not active shows nothing, one that is active what is listed of it", () => {
  expect(unseen(MYSQL, ["GRANT `reader`@`%` TO `u`@`%`"])).toContain("routine");
  expect(unseen(MYSQL, ["GRANT `reader`@`%` TO `u`@`%`", "GRANT SELECT ON *.* TO `u`@`%`"])).toEqual([
    "trigger",
    "event",
  ]);
});

test("a partial revoke takes a privilege away from the one database", () => {
  const all = "GRANT SELECT, SHOW VIEW, TRIGGER, EVENT, EXECUTE ON *.* TO `u`@`%`";
  const revoked = "REVOKE TRIGGER ON `shop`.* FROM `u`@`%`";
  expect(unseen(MYSQL, [all, revoked])).toEqual(["trigger"]);
  expect(unseen(MYSQL, [all, "REVOKE TRIGGER ON `other`.* FROM `u`@`%`"])).toEqual([]);
});
