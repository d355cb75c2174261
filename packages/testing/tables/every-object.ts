import type { Connection } from "mysql2/promise";
import type { SqlServer } from "@firebreak/testing/servers/databases";

/** Fills a database with all that is neither a plain table nor a row, each thing in need of others. */
export async function makeEverything(
  connection: Connection,
  server: SqlServer,
  database: string,
): Promise<void> {
  const statements = [
    "CREATE TABLE parent (id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, name VARCHAR(50) NOT NULL, UNIQUE KEY by_name (name)) AUTO_INCREMENT = 4711",
    "INSERT INTO parent (id, name) VALUES (0, 'zero'), (1, 'one'), (17, 'max')",
    // Its rows, and the table itself, come before those it refers to.
    "CREATE TABLE child (id INT NOT NULL PRIMARY KEY, parent BIGINT UNSIGNED, other INT, CONSTRAINT of_parent FOREIGN KEY (parent) REFERENCES parent (id) ON DELETE CASCADE ON UPDATE SET NULL)",
    "ALTER TABLE child ADD CONSTRAINT of_child FOREIGN KEY (other) REFERENCES child (id)",
    "INSERT INTO child VALUES (3, 17, NULL), (2, 1, 3), (1, 0, 2)",
    "CREATE TABLE computed (a INT NOT NULL, b INT AS (a * 2) VIRTUAL, c VARCHAR(20) AS (CONCAT(a, '!')) STORED, KEY (a), UNIQUE KEY (b))",
    "INSERT INTO computed (a) VALUES (1), (2), (-3)",
    "CREATE TABLE keyless (a INT, b VARCHAR(10), c DOUBLE)",
    "INSERT INTO keyless VALUES (1, 'a', 0.1), (1, 'a', 0.1), (NULL, NULL, NULL)",
    "CREATE TABLE pairs (a VARCHAR(20) NOT NULL, b INT NOT NULL, v TEXT, PRIMARY KEY (b, a)) PARTITION BY HASH (b) PARTITIONS 3",
    "INSERT INTO pairs VALUES ('x', 1, 'one'), ('y', 1, 'two'), ('x', -2, NULL)",
    "CREATE TABLE ranges (d DATE NOT NULL DEFAULT '0000-00-00', n INT) PARTITION BY RANGE (TO_DAYS(d)) (PARTITION early VALUES LESS THAN (TO_DAYS('2020-01-01')), PARTITION late VALUES LESS THAN MAXVALUE)",
    "INSERT INTO ranges VALUES ('0000-00-00', 1), ('2019-12-31', 2), ('2024-02-29', 3)",
    "CREATE TABLE old_engine (id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, t TEXT, FULLTEXT KEY words (t)) ENGINE = MyISAM",
    "INSERT INTO old_engine (t) VALUES ('some words'), ('more')",
    "CREATE TABLE in_memory (id INT NOT NULL, v VARCHAR(10) COLLATE utf8mb4_bin, KEY (id) USING HASH) ENGINE = MEMORY",
    "INSERT INTO in_memory VALUES (1, 'a'), (1, 'b')",
    "CREATE TABLE as_csv (id INT NOT NULL, v VARCHAR(10) NOT NULL) ENGINE = CSV",
    "INSERT INTO as_csv VALUES (1, 'a,b')",
    "CREATE TABLE no_rows (id INT PRIMARY KEY, s SET('a','b') DEFAULT 'a,b') COMMENT = 'nothing; here'",
    "CREATE TABLE `odd ``name 表` (`a b` INT PRIMARY KEY, `select` INT)",
    "INSERT INTO `odd ``name 表` VALUES (1, 2)",
    "CREATE FUNCTION add_one (x INT) RETURNS INT DETERMINISTIC RETURN x + 1",
    "CREATE PROCEDURE count_all (OUT n INT) SELECT COUNT(*) INTO n FROM z_view",
    // Made of others that come later by name.
    "CREATE VIEW z_view AS SELECT id, name FROM parent WHERE name <> 'a`b'",
    "CREATE VIEW b_view AS SELECT z.name, add_one(z.id) AS next FROM z_view z JOIN child c ON c.parent = z.id",
    "CREATE ALGORITHM = MERGE SQL SECURITY INVOKER VIEW a_view AS SELECT name FROM b_view WITH CASCADED CHECK OPTION",
    // A load that went through them would not have the rows of the source.
    "CREATE TRIGGER first_trigger BEFORE INSERT ON child FOR EACH ROW SET NEW.id = NEW.id + 1000",
    "CREATE TRIGGER second_trigger BEFORE INSERT ON child FOR EACH ROW SET NEW.other = NULL",
    "CREATE EVENT later ON SCHEDULE EVERY 1 DAY STARTS '2035-01-01 00:00:00' COMMENT 'é' DO DELETE FROM child WHERE id < 0",
  ];
  if (server === "mysql")
    statements.push(
      "CREATE LIBRARY sums LANGUAGE JAVASCRIPT AS $$ export function twice(n) { return 2 * n; } $$",
      "CREATE FUNCTION twice_of (n INT) RETURNS INT DETERMINISTIC LANGUAGE JAVASCRIPT USING (sums AS s) AS $$ return s.twice(n); $$",
    );
  else
    statements.unshift(
      "CREATE SEQUENCE numbers START WITH 5 INCREMENT BY 3",
      "CREATE TABLE numbered (n BIGINT NOT NULL DEFAULT NEXTVAL(numbers) PRIMARY KEY, t TEXT)",
      "INSERT INTO numbered (t) VALUES ('a'), ('b')",
      "CREATE TABLE of_aria (id INT PRIMARY KEY, t TEXT) ENGINE = Aria",
      "INSERT INTO of_aria VALUES (1, 'a'), (2, NULL)",
    );
  await connection.query("SET SESSION sql_mode = 'NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES'");
  for (const statement of statements) await connection.query(statement);
  // Each with circumstances of its own.
  await connection.query(
    "SET SESSION sql_mode = 'ANSI_QUOTES,PIPES_AS_CONCAT,NO_BACKSLASH_ESCAPES', SESSION time_zone = '+05:30'",
  );
  await connection.query(`CREATE PROCEDURE "said otherwise" () SELECT "a" || '\\' FROM keyless`);
  await connection.query(
    "CREATE EVENT elsewhere ON SCHEDULE AT '2035-06-01 12:00:00' ON COMPLETION PRESERVE DISABLE DO SELECT 1",
  );
  await connection.query("SET NAMES latin1");
  await connection.query("CREATE FUNCTION of_latin1 () RETURNS INT DETERMINISTIC RETURN 1");
  await connection.query("SET NAMES utf8mb4");
  await connection.query("SET SESSION sql_mode = DEFAULT, SESSION time_zone = '+00:00'");
  await connection.query(`ALTER DATABASE \`${database}\` CHARACTER SET latin1 COLLATE latin1_german1_ci`);
}
