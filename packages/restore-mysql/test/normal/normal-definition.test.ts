import { describe, expect, test } from "vitest";
import { normalDefinition, type Place } from "../../src/normal/normal-definition.ts";
import { plainModes } from "../../src/definition-differences.ts";
import type { ObjectKind } from "../../src/restore-mysql-faults.ts";

/** Two spellings of one thing, and what looks like them and is another. */
interface Spelling {
  readonly rule: string;
  readonly one: string;
  readonly same: string;
  readonly other: string;
  readonly isCrossing?: boolean;
  readonly target?: Place["target"];
}

function expectSpelling(kind: ObjectKind, wrap: (part: string) => string, spelling: Spelling): void {
  const { one, same, other, isCrossing = true, target = "mariadb" } = spelling;
  const form = (part: string): string =>
    normalDefinition(kind, wrap(part), { database: "d", target, isCrossing });
  expect(form(same)).toBe(form(one));
  expect(form(other)).not.toBe(form(one));
  expect(form(other)).not.toBe(form(same));
}

const CHARSET = "ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci";

describe("columns in two spellings are one, and others are others", () => {
  test.each<Spelling>([
    { rule: "the width of an integer", one: "int", same: "int(11)", other: "bigint(20)" },
    {
      rule: "its usual width, on servers of one kind",
      one: "int unsigned",
      same: "int(10) unsigned",
      other: "int(5) unsigned",
      isCrossing: false,
    },
    { rule: "the width of a boolean", one: "tinyint", same: "tinyint(4)", other: "tinyint(1)" },
    {
      rule: "the width of zeros",
      one: "int(5) unsigned zerofill",
      same: "int(5) UNSIGNED ZEROFILL",
      other: "int(6) unsigned zerofill",
    },
    { rule: "the width of years", one: "year", same: "year(4)", other: "date" },
    {
      rule: "the table's collation",
      one: "varchar(9)",
      same: "varchar(9) COLLATE utf8mb4_general_ci",
      other: "varchar(9) COLLATE utf8mb4_bin",
      isCrossing: false,
    },
    {
      rule: "a set's own collation",
      one: "char(3) CHARACTER SET latin1",
      same: "char(3) CHARACTER SET latin1 COLLATE latin1_swedish_ci",
      other: "char(3) CHARACTER SET latin1 COLLATE latin1_bin",
      isCrossing: false,
    },
    {
      rule: "utf8",
      one: "text CHARACTER SET utf8 COLLATE utf8_bin",
      same: "text CHARACTER SET utf8mb3 COLLATE utf8mb3_bin",
      other: "text CHARACTER SET utf8mb4 COLLATE utf8mb4_bin",
      isCrossing: false,
    },
    {
      rule: "numbers as defaults",
      one: "int DEFAULT '5'",
      same: "int(11) DEFAULT 5",
      other: "int DEFAULT '6'",
    },
    {
      rule: "texts as defaults",
      one: "varchar(3) DEFAULT '5'",
      same: "varchar(3) DEFAULT '5'",
      other: "varchar(3) DEFAULT '05'",
    },
    {
      rule: "a large column without default",
      one: "text",
      same: "text DEFAULT NULL",
      other: "text NOT NULL",
    },
    { rule: "no default and NULL", one: "int DEFAULT NULL", same: "int(11) DEFAULT NULL", other: "int" },
    {
      rule: "no default of a text, on servers of one kind",
      one: "text",
      same: "text",
      other: "text DEFAULT NULL",
      isCrossing: false,
    },
    {
      rule: "the time as default",
      one: "timestamp NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP",
      same: "timestamp NULL DEFAULT current_timestamp() ON UPDATE current_timestamp()",
      other: "timestamp NULL DEFAULT current_timestamp()",
    },
    {
      rule: "the time's decimals",
      one: "datetime(3) DEFAULT CURRENT_TIMESTAMP(3)",
      same: "datetime(3) DEFAULT current_timestamp(3)",
      other: "datetime(3) DEFAULT current_timestamp()",
    },
    {
      rule: "expressions as defaults",
      one: "int DEFAULT ((`a` + 1))",
      same: "int(11) DEFAULT (`a` + 1)",
      other: "int DEFAULT ((`a` - 1))",
    },
    {
      rule: "functions as defaults",
      one: "char(36) DEFAULT (uuid())",
      same: "char(36) DEFAULT uuid()",
      other: "char(36) DEFAULT 'uuid()'",
    },
    {
      rule: "JSON",
      one: "json DEFAULT NULL",
      same: "longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT NULL CHECK (json_valid(`x`))",
      other: "longtext CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT NULL",
    },
    {
      rule: "generated columns",
      one: "varchar(9) GENERATED ALWAYS AS (concat(`a`,_utf8mb4'x')) STORED",
      same: "varchar(9) GENERATED ALWAYS AS (concat(`a`,'x')) STORED",
      other: "varchar(9) GENERATED ALWAYS AS (concat(`a`,'x')) VIRTUAL",
    },
    {
      rule: "texts that are not ASCII",
      one: "varchar(9) GENERATED ALWAYS AS (_utf8mb4'é') STORED",
      same: "varchar(9) GENERATED ALWAYS AS ((_utf8mb4'é')) STORED",
      other: "varchar(9) GENERATED ALWAYS AS ('é') STORED",
    },
    {
      rule: "invisible columns",
      one: "int DEFAULT NULL /*!80023 INVISIBLE */",
      same: "int(11) INVISIBLE DEFAULT NULL",
      other: "int DEFAULT NULL",
    },
    {
      rule: "comments",
      one: "int COMMENT 'DEFAULT  5'",
      same: "int(11) COMMENT 'DEFAULT  5'",
      other: "int COMMENT 'DEFAULT 5'",
    },
  ])("$rule", (spelling) => {
    expectSpelling("table", (part) => `CREATE TABLE \`t\` (\n  \`x\` ${part}\n) ${CHARSET}`, spelling);
  });
});

describe("keys, constraints and options in two spellings are one, and others are others", () => {
  test.each<Spelling>([
    {
      rule: "the order of keys",
      one: ", KEY `k` (`x`), UNIQUE KEY `u` (`y`,`x`)) ENGINE=InnoDB",
      same: ", UNIQUE KEY `u` (`y`,`x`), KEY `k` (`x`)) ENGINE=InnoDB",
      other: ", KEY `k` (`x`), UNIQUE KEY `u` (`x`,`y`)) ENGINE=InnoDB",
    },
    {
      rule: "keys of expressions",
      one: ", KEY `k` (((`x` + `y`)))) ENGINE=InnoDB",
      same: ", KEY `k` ((`x` + `y`))) ENGINE=InnoDB",
      other: ", KEY `k` (`x`,`y`)) ENGINE=InnoDB",
    },
    {
      rule: "what keys are made of",
      one: ", KEY `k` (`x`) USING BTREE) ENGINE=InnoDB",
      same: ",\n KEY `k`  (`x`) USING BTREE\n) ENGINE=InnoDB",
      other: ", KEY `k` (`x`)) ENGINE=InnoDB",
    },
    {
      rule: "what foreign keys do by themselves",
      one: ", CONSTRAINT `f` FOREIGN KEY (`x`) REFERENCES `d`.`p` (`id`) ON DELETE RESTRICT ON UPDATE CASCADE) ENGINE=InnoDB",
      same: ", CONSTRAINT `f` FOREIGN KEY (`x`) REFERENCES `p` (`id`) ON UPDATE CASCADE) ENGINE=InnoDB",
      other:
        ", CONSTRAINT `f` FOREIGN KEY (`x`) REFERENCES `p` (`id`) ON DELETE SET NULL ON UPDATE CASCADE) ENGINE=InnoDB",
      isCrossing: false,
    },
    {
      rule: "foreign keys to other databases",
      one: ", FOREIGN KEY (`x`) REFERENCES `e`.`p` (`id`) ON DELETE NO ACTION) ENGINE=InnoDB",
      same: ", FOREIGN KEY (`x`) REFERENCES `e`.`p` (`id`)) ENGINE=InnoDB",
      other: ", FOREIGN KEY (`x`) REFERENCES `p` (`id`)) ENGINE=InnoDB",
      isCrossing: false,
    },
    {
      rule: "checks without a name of their own",
      one: ", CONSTRAINT `t_chk_1` CHECK ((`x` > 0))) ENGINE=InnoDB",
      same: ", CONSTRAINT `CONSTRAINT_1` CHECK (`x` > 0)) ENGINE=InnoDB",
      other: ", CONSTRAINT `t_chk_1` CHECK ((`x` >= 0))) ENGINE=InnoDB",
    },
    {
      rule: "names of checks",
      one: ", CONSTRAINT `positive` CHECK ((`x` > 0))) ENGINE=InnoDB",
      same: ", CONSTRAINT `positive` CHECK (`x` > 0)) ENGINE=InnoDB",
      other: ", CONSTRAINT `t_chk_1` CHECK ((`x` > 0))) ENGINE=InnoDB",
    },
    {
      rule: "names of checks, on servers of one kind",
      one: ", CONSTRAINT `t_chk_1` CHECK ((`x` > 0))) ENGINE=InnoDB",
      same: ", CONSTRAINT `t_chk_1` CHECK ((`x` > 0))) ENGINE=InnoDB",
      other: ", CONSTRAINT `t_chk_2` CHECK ((`x` > 0))) ENGINE=InnoDB",
      isCrossing: false,
    },
    {
      rule: "the order of options",
      one: ") ENGINE=InnoDB DEFAULT CHARSET=latin1 COMMENT='a=b' ROW_FORMAT=DYNAMIC",
      same: ") ROW_FORMAT=DYNAMIC COMMENT='a=b' ENGINE=InnoDB DEFAULT CHARSET=latin1 COLLATE=latin1_swedish_ci",
      other: ") ENGINE=InnoDB DEFAULT CHARSET=latin1 COMMENT='a=b' ROW_FORMAT=COMPACT",
      isCrossing: false,
    },
    {
      rule: "the next number",
      one: ") ENGINE=InnoDB AUTO_INCREMENT=7 DEFAULT CHARSET=utf8",
      same: ") ENGINE=InnoDB AUTO_INCREMENT=7 DEFAULT CHARSET=utf8mb3 COLLATE=utf8mb3_general_ci",
      other: ") ENGINE=InnoDB AUTO_INCREMENT=8 DEFAULT CHARSET=utf8",
      isCrossing: false,
    },
    {
      rule: "where files are",
      one: ") ENGINE=InnoDB DATA DIRECTORY='/a' DEFAULT CHARSET=latin1",
      same: ") DATA DIRECTORY='/a' ENGINE=InnoDB DEFAULT CHARSET=latin1",
      other: ") ENGINE=InnoDB DATA DIRECTORY='/b' DEFAULT CHARSET=latin1",
      isCrossing: false,
    },
    {
      rule: "tablespaces",
      one: ") /*!50100 TABLESPACE `ts` */ ENGINE=InnoDB",
      same: ") TABLESPACE `ts` ENGINE=InnoDB",
      other: ") ENGINE=InnoDB",
      isCrossing: false,
    },
    {
      rule: "partitions",
      one: ") ENGINE=InnoDB\n/*!50100 PARTITION BY RANGE (`x`)\n(PARTITION p0 VALUES LESS THAN (10) COMMENT = 'P' ENGINE = InnoDB) */",
      same: ") ENGINE=InnoDB\n PARTITION BY RANGE (`x`)\n(PARTITION `p0` VALUES LESS THAN (10) COMMENT = 'P' ENGINE = InnoDB)",
      other:
        ") ENGINE=InnoDB\n PARTITION BY RANGE (`x`)\n(PARTITION `p0` VALUES LESS THAN (11) COMMENT = 'P' ENGINE = InnoDB)",
    },
    {
      rule: "the order of columns",
      one: ", `a` int, `b` int) ENGINE=InnoDB",
      same: ", `a` int(11), `b` int(11)) ENGINE=InnoDB",
      other: ", `b` int, `a` int) ENGINE=InnoDB",
    },
  ])("$rule", (spelling) => {
    const wrap = (part: string): string =>
      `CREATE TABLE \`t\` (\n  \`x\` int NOT NULL,\n  \`y\` int NOT NULL${part}`;
    expectSpelling("table", wrap, spelling);
  });
});

describe("expressions in two spellings are one, and others are others", () => {
  test.each<Spelling>([
    {
      rule: "sums and products",
      one: "(`a` + (`b` * `c`))",
      same: "`a` + `b` * `c`",
      other: "((`a` + `b`) * `c`)",
    },
    {
      rule: "differences",
      one: "((`a` - `b`) - `c`)",
      same: "`a` - `b` - `c`",
      other: "(`a` - (`b` - `c`))",
    },
    { rule: "signs", one: "-((`a` + `b`))", same: "-(`a` + `b`)", other: "(-(`a`) + `b`)" },
    {
      rule: "AND and OR",
      one: "((`a` = 1) or ((`b` = 2) and (`c` = 3)))",
      same: "`a` = 1 or `b` = 2 and `c` = 3",
      other: "((`a` = 1 or `b` = 2) and `c` = 3)",
    },
    { rule: "NOT", one: "(not((`a` = `b`)))", same: "not `a` = `b`", other: "((not `a`) = `b`)" },
    {
      rule: "BETWEEN",
      one: "((`a` between (`b` + 1) and `c`) and `d`)",
      same: "`a` between `b` + 1 and `c` and `d`",
      other: "(`a` between (`b` + 1) and (`c` and `d`))",
    },
    {
      rule: "CASE",
      one: "((case when (`a` > 1) then (`b` + 1) end) * 2)",
      same: "case when `a` > 1 then `b` + 1 end * 2",
      other: "(case when (`a` > 1) then ((`b` + 1) * 2) end)",
    },
    {
      rule: "comparisons of comparisons",
      one: "((`a` > 1) = `b`)",
      same: "`a` > 1 = `b`",
      other: "(`a` > (1 = `b`))",
    },
    {
      rule: "intervals",
      one: "(`a` + interval (`b` + 1) day)",
      same: "`a` + interval `b` + 1 day",
      other: "((`a` + interval `b` day) + 1)",
    },
    {
      rule: "NOT LIKE",
      one: "(not((`a` like 'x')))",
      same: "`a`  not like 'x'",
      other: "(not(`a`) like 'x')",
    },
    { rule: "lists", one: "(`a` in (1,2))", same: "`a` in (1,2)", other: "(`a` in (12))" },
    {
      rule: "functions",
      one: "if((`a` > 1),ucase(`b`),now())",
      same: "if(`a` > 1,upper(`b`),current_timestamp())",
      other: "if(`a` > 1,lower(`b`),current_timestamp())",
    },
    { rule: "remainders", one: "(`a` % `b`)", same: "`a` MOD `b`", other: "(`b` % `a`)" },
    {
      rule: "truth",
      one: "((0 <> `a`) xor (0 <> (`b` + 1)))",
      same: "`a` xor `b` + 1",
      other: "((0 <> `a`) xor (1 <> (`b` + 1)))",
    },
    { rule: "values that are truths", one: "(0 <> `a`)", same: "0 <> `a`", other: "`a`" },
    {
      rule: "bounds that are 0",
      one: "(`a` between 1 and 0) <> `b`",
      same: "((`a` between 1 and 0) <> `b`)",
      other: "`a` between 1 and `b`",
    },
    { rule: "bytes, in MySQL", one: "X'4f'", same: "0x4F", other: "'4f'", target: "mysql" },
    { rule: "bytes, in MariaDB", one: "X'4f'", same: "x'4F'", other: "0x4f" },
    {
      rule: "EXISTS",
      one: "exists(select 1 from `t` where (`a` = 1))",
      same: "exists(select 1 from `t` where `a` = 1 limit 1)",
      other: "exists(select 1 from `t` where `a` = 1 limit 0)",
    },
    {
      rule: "the own database",
      one: "`d`.`f`(`d`.`t`.`a`)",
      same: "`f`(`t`.`a`)",
      other: "`e`.`f`(`t`.`a`)",
    },
    {
      rule: "texts",
      one: "concat(`a`,' (1)  x')",
      same: "concat( `a` , ' (1)  x')",
      other: "concat(`a`,' 1  x')",
    },
    { rule: "names in capitals", one: "(`A`)", same: "`A`", other: "`a`" },
  ])("$rule", (spelling) => {
    expectSpelling("view", (part) => `CREATE VIEW \`v\` AS select ${part} AS \`e\` from \`t\``, spelling);
  });

  test("joins, conditions, and tables in a WITH", () => {
    const wrap = (part: string): string => `CREATE VIEW \`v\` AS ${part}`;
    expectSpelling("view", wrap, {
      rule: "",
      one: "with `c` as (select 1 AS `n`) select `c`.`n` AS `n` from (`c` left join `t` on(((`c`.`n` = `t`.`n`) and (0 <> `t`.`x`)))) where (`c`.`n` > 1) order by (`c`.`n` + 1) desc",
      same: "with c as (select 1 AS `n`)select `c`.`n` AS `n` from (`c` left join `t` on(`c`.`n` = `t`.`n` and `t`.`x`)) where `c`.`n` > 1 order by `c`.`n` + 1 desc",
      other:
        "with c as (select 1 AS `n`)select `c`.`n` AS `n` from (`c` join `t` on(`c`.`n` = `t`.`n` and `t`.`x`)) where `c`.`n` > 1 order by `c`.`n` + 1 desc",
    });
  });

  test("a database that is an alias too is no qualifier", () => {
    expectSpelling("view", (part) => `CREATE VIEW \`v\` AS select ${part} from \`t\` \`d\``, {
      rule: "",
      one: "`d`.`a` AS `a`",
      same: "(`d`.`a`) AS `a`",
      other: "`a` AS `a`",
    });
  });
});

describe("of what is stored, the server's part is compared by its meaning, and the person's as it is", () => {
  test.each<Spelling>([
    {
      rule: "what a function returns",
      one: "(x int(11)) RETURNS int\nRETURN x",
      same: "(x int(11)) RETURNS int(11)\nRETURN x",
      other: "(x int) RETURNS int\nRETURN x",
    },
    {
      rule: "its type",
      one: "(x INT) RETURNS varchar(9) CHARSET latin1\nRETURN x",
      same: "(x INT) RETURNS varchar(9) CHARSET latin1 COLLATE latin1_swedish_ci\nRETURN x",
      other: "(x INT) RETURNS varchar(9) CHARSET latin1 COLLATE latin1_bin\nRETURN x",
    },
    {
      rule: "its body",
      one: "() RETURNS int\nRETURN (1)",
      same: "() RETURNS int(11)\nRETURN (1)",
      other: "() RETURNS int\nRETURN 1",
    },
  ])("$rule", (spelling) => {
    expectSpelling("function", (part) => `CREATE DEFINER=\`a\`@\`%\` FUNCTION \`f\`${part}`, spelling);
  });

  test.each<Spelling>([
    {
      rule: "a trigger's names",
      one: "`d`.tr BEFORE INSERT ON d.t",
      same: "`tr` before  insert ON `t`",
      other: "`tr` BEFORE INSERT ON `T`",
    },
    {
      rule: "its moment",
      one: "tr BEFORE INSERT ON `d`.t",
      same: "`tr` BEFORE INSERT ON `t`",
      other: "`tr` AFTER INSERT ON `t`",
    },
  ])("$rule", (spelling) => {
    const wrap = (part: string): string =>
      `CREATE DEFINER=\`a\`@\`%\` TRIGGER ${part} FOR EACH ROW SET @x = (1)`;
    expectSpelling("trigger", wrap, spelling);
    const form = (body: string): string =>
      normalDefinition("trigger", wrap(spelling.one).replace("SET @x = (1)", body), {
        database: "d",
        target: "mysql",
        isCrossing: true,
      });
    expect(form("SET @x = 1")).not.toBe(form("SET @x = (1)"));
  });

  test("modes in any order, and without the one that MySQL has no more", () => {
    expect(plainModes("ANSI_QUOTES,NO_AUTO_CREATE_USER", "mysql")).toBe(plainModes("ANSI_QUOTES", "mysql"));
    expect(plainModes("A,B", "mariadb")).toBe(plainModes("B,A", "mariadb"));
    expect(plainModes("NO_AUTO_CREATE_USER", "mariadb")).not.toBe(plainModes("", "mariadb"));
  });
});

test("a statement that is not understood is compared as it is", () => {
  const place: Place = { database: "d", target: "mysql", isCrossing: true };
  for (const statement of [
    "CREATE TABLE `t` (`a` int",
    "CREATE TABLE `t` (`a` int))",
    "CREATE TABLE 't",
    "nothing",
  ])
    expect(normalDefinition("table", statement, place)).toBe(statement);
});
