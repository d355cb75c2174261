import { SeededRandom } from "../../../fixtures/src/index.ts";
import type { SqlServer } from "@firebreak/testing/servers/databases";
import { generatedColumn, type GeneratedColumn } from "./generated-columns.ts";

interface GeneratedTable {
  readonly name: string;
  readonly columns: readonly GeneratedColumn[];
  /** A first column `id`, if it has one. */
  readonly hasId: boolean;
  readonly statements: readonly string[];
}

const ENGINES: Readonly<Record<SqlServer, readonly [string, ...string[]]>> = {
  mysql: ["InnoDB", "InnoDB", "InnoDB", "MyISAM", "MEMORY", "ARCHIVE", "CSV"],
  mariadb: ["InnoDB", "InnoDB", "InnoDB", "MyISAM", "MEMORY", "Aria", "CSV"],
};

const MODES = [
  "",
  "ANSI_QUOTES,PIPES_AS_CONCAT",
  "NO_BACKSLASH_ESCAPES,NO_ZERO_DATE",
  "IGNORE_SPACE,HIGH_NOT_PRECEDENCE",
  "STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO",
] as const;

/**
 * The statements of a database of all that a dump must carry, by chance: the same for the same
 * seed. A server does not take each of them; those that it refuses are to be passed over.
 */
export function generatedSchema(seed: number, server: SqlServer, database: string): string[] {
  const random = new SeededRandom(seed, `schema of ${server}`);
  const statements = [
    `ALTER DATABASE \`${database}\` CHARACTER SET ${random.pick(["utf8mb4", "latin1", "utf8mb3"])}`,
  ];
  if (server === "mariadb")
    statements.push(
      `CREATE SEQUENCE seq START WITH ${random.integer(1, 99)} INCREMENT BY ${random.integer(1, 9)}`,
    );
  const tables: GeneratedTable[] = [];
  for (let i = 0; i < 7; i++) {
    const table = generatedTable(random, server, random.pick([`t${i}`, `T ${i}`, `t\`${i}表`]), tables);
    tables.push(table);
    statements.push(...table.statements);
  }
  return [...statements, ...generatedObjects(random, tables)];
}

function generatedTable(
  random: SeededRandom,
  server: SqlServer,
  name: string,
  earlier: readonly GeneratedTable[],
): GeneratedTable {
  const quoted = quote(name);
  const engine = random.pick(ENGINES[server]);
  const hasId = random.chance(0.75);
  const isCounter = hasId && random.chance(0.5);
  const columns: GeneratedColumn[] = [];
  for (let i = 0; i < random.integer(1, 7); i++)
    columns.push(generatedColumn(random, server, random.pick([`c${i}`, `C ${i}`, `é\`${i}`]), columns));
  const lines = columns.map((c) => `${quote(c.name)} ${c.definition}`);
  if (hasId) lines.unshift(`id INT NOT NULL${isCounter ? " AUTO_INCREMENT" : ""}`);
  lines.push(
    ...generatedKeys(random, server, columns, hasId),
    ...generatedConstraints(random, columns, hasId, earlier),
  );
  const options = [
    `ENGINE=${engine}`,
    random.chance(0.3) ? `DEFAULT CHARSET=${random.pick(["latin1", "utf8mb4", "gbk", "ucs2"])}` : "",
    isCounter && engine !== "ARCHIVE" && random.chance(0.5)
      ? `AUTO_INCREMENT=${random.integer(50, 5000)}`
      : "",
    random.chance(0.2) ? `COMMENT='of ''${random.integer(1, 9)}'''` : "",
    random.chance(0.2) ? random.pick(["ROW_FORMAT=DYNAMIC", "STATS_PERSISTENT=0", "MAX_ROWS=1000"]) : "",
  ];
  const partition =
    hasId && random.chance(0.25)
      ? random.pick([
          "PARTITION BY HASH (id) PARTITIONS 3",
          "PARTITION BY KEY (id) PARTITIONS 2",
          "PARTITION BY RANGE (id) (PARTITION p0 VALUES LESS THAN (5), PARTITION p1 VALUES LESS THAN MAXVALUE)",
        ])
      : "";
  const filled = columns.filter((c) => !c.isGenerated);
  const rows = Array.from({ length: random.integer(0, 12) }, (_, i) => {
    const names = [...(hasId ? ["id"] : []), ...filled.map((c) => quote(c.name))];
    const values = [
      ...(hasId ? [String(i * 2 + 1)] : []),
      ...filled.map((c) => random.pick(c.values as [string])),
    ];
    return `INSERT INTO ${quoted} (${names.join(", ")}) VALUES (${values.join(", ")})`;
  });
  return {
    name,
    columns,
    hasId,
    statements: [`CREATE TABLE ${quoted} (${lines.join(", ")}) ${options.join(" ")} ${partition}`, ...rows],
  };
}

function generatedKeys(
  random: SeededRandom,
  server: SqlServer,
  columns: readonly GeneratedColumn[],
  hasId: boolean,
): string[] {
  const keys = hasId ? [random.chance(0.85) ? "PRIMARY KEY (id)" : "UNIQUE KEY of_id (id)"] : [];
  for (const [i, { name, definition, family }] of columns.entries()) {
    if (!random.chance(0.35)) continue;
    const isLong = /^(?:TEXT|BLOB|JSON)/.test(definition);
    const part = quote(name) + (isLong ? "(9)" : "");
    keys.push(
      random.pick([
        `KEY k${i} (${part})`,
        `KEY k${i} (${part}${server === "mysql" ? " DESC" : ""})${hasId ? "" : ""} COMMENT 'of (${i})'`,
        `KEY k${i} (${part}${hasId ? ", id" : ""}) USING BTREE`,
        ...(hasId ? [`UNIQUE KEY u${i} (${part}, id)`] : []),
        ...(family === "text" ? [`FULLTEXT KEY f${i} (${quote(name)})`] : []),
        ...(server === "mysql" && family === "integer" ? [`KEY e${i} ((${quote(name)} + 1))`] : []),
      ] as [string, ...string[]]),
    );
  }
  return keys;
}

function generatedConstraints(
  random: SeededRandom,
  columns: readonly GeneratedColumn[],
  hasId: boolean,
  earlier: readonly GeneratedTable[],
): string[] {
  const constraints: string[] = [];
  for (const [i, { name, family, isGenerated }] of columns.entries())
    if (family === "integer" && !isGenerated && random.chance(0.3))
      constraints.push(
        random.pick([
          `CHECK (${quote(name)} <> 77)`,
          `CONSTRAINT \`check ${name} ${random.integer(0, 999)}\` CHECK (${quote(name)} IS NULL OR (${quote(name)} + ${i}) * 2 <> 9)`,
        ]),
      );
  const parents = earlier.filter((t) => t.hasId);
  if (hasId && parents.length > 0 && random.chance(0.4))
    constraints.push(
      `CONSTRAINT f${random.integer(0, 99_999)} FOREIGN KEY (id) REFERENCES ${quote(random.pick(parents as [GeneratedTable]).name)} (id) ${random.pick(["", "ON DELETE CASCADE", "ON UPDATE NO ACTION", "ON DELETE RESTRICT"])}`,
    );
  return constraints;
}

/** Views on views, routines under odd modes, triggers and events. */
function generatedObjects(random: SeededRandom, tables: readonly GeneratedTable[]): string[] {
  const statements: string[] = [];
  const withModes = (statement: string): string[] => [
    `SET SESSION sql_mode = '${random.pick(MODES)}', SESSION time_zone = '${random.pick(["+00:00", "+05:30"])}'`,
    random.pick(["SET NAMES utf8mb4", "SET NAMES latin1", "SET NAMES utf8mb4 COLLATE utf8mb4_bin"]),
    statement,
    "SET NAMES utf8mb4",
    "SET SESSION sql_mode = DEFAULT, SESSION time_zone = '+00:00'",
  ];
  const [first, ...rest] = tables.filter((t) => t.hasId);
  if (first === undefined) return statements;
  statements.push(
    ...withModes("CREATE FUNCTION plus_one (x INT) RETURNS INT DETERMINISTIC RETURN x + 1"),
    ...withModes(
      "CREATE PROCEDURE pairs (IN a VARCHAR(9), OUT n INT) COMMENT 'it''s' READS SQL DATA SELECT LENGTH(a) INTO n",
    ),
    ...withModes(
      `CREATE VIEW z_view AS SELECT id, plus_one(id) AS n FROM ${quote(first.name)} WHERE id * 2 + 1 > 3 OR NOT id`,
    ),
    ...withModes(
      "CREATE ALGORITHM=MERGE SQL SECURITY INVOKER VIEW a_view AS SELECT n, CASE WHEN n > 1 THEN 'é' END AS w FROM z_view",
    ),
    ...withModes(
      `CREATE VIEW m_view AS SELECT a.n, COUNT(*) AS c FROM a_view a LEFT JOIN ${quote((rest[0] ?? first).name)} t ON t.id = a.n GROUP BY a.n`,
    ),
    ...withModes(
      `CREATE TRIGGER before_it BEFORE INSERT ON ${quote(first.name)} FOR EACH ROW SET NEW.id = NEW.id + 1000`,
    ),
    ...withModes(
      `CREATE TRIGGER after_it AFTER DELETE ON ${quote(first.name)} FOR EACH ROW BEGIN SET @x = 'é'; END`,
    ),
    ...withModes(
      "CREATE EVENT later ON SCHEDULE EVERY 2 HOUR STARTS '2035-01-01 00:00:00' DISABLE COMMENT 'x' DO SELECT 1",
    ),
  );
  return statements;
}

/** Objects that a dump does not carry by itself, each by the name that tells of it. */
export function awkwardObjects(
  seed: number,
  server: SqlServer,
): readonly (readonly [name: string, ...statements: string[]])[] {
  const columns = Array.from({ length: 1100 }, (_, i) => `c${i} SMALLINT`).join(", ");
  const all: [string, ...string[]][] = [
    ["on_gone", "CREATE TABLE gone (a INT)", "CREATE VIEW on_gone AS SELECT a FROM gone", "DROP TABLE gone"],
    ["of_nobody", "CREATE DEFINER=`nobody`@`nowhere` VIEW of_nobody AS SELECT 1 AS a"],
    [
      "very_wide",
      `CREATE TABLE very_wide (${columns}) ENGINE=MyISAM`,
      "INSERT INTO very_wide (c0, c1099) VALUES (1, 2)",
    ],
    [
      "writing",
      "CREATE TABLE written (n INT)",
      "CREATE FUNCTION writes () RETURNS INT DETERMINISTIC MODIFIES SQL DATA BEGIN INSERT INTO written VALUES (1); RETURN 1; END",
      "CREATE VIEW writing AS SELECT writes() AS n",
    ],
    ...(server === "mysql"
      ? ([
          [
            "kid",
            "SET SESSION restrict_fk_on_non_standard_key = OFF",
            "CREATE TABLE par (id INT PRIMARY KEY, g INT, KEY (g))",
            "CREATE TABLE kid (g INT, FOREIGN KEY (g) REFERENCES par (g))",
            "SET SESSION restrict_fk_on_non_standard_key = DEFAULT",
          ],
          [
            "unseen_key",
            "SET SESSION sql_generate_invisible_primary_key = ON",
            "CREATE TABLE unseen_key (a INT)",
            "INSERT INTO unseen_key VALUES (1), (1)",
            "SET SESSION sql_generate_invisible_primary_key = OFF",
          ],
        ] satisfies [string, ...string[]][])
      : ([
          ["drawing", "CREATE SEQUENCE drawn", "CREATE VIEW drawing AS SELECT NEXTVAL(drawn) AS n"],
          [
            "periods",
            "CREATE TABLE periods (id INT, s DATE, e DATE, PERIOD FOR p (s, e), UNIQUE (id, p WITHOUT OVERLAPS))",
            "INSERT INTO periods VALUES (1, '2020-01-01', '2021-01-01')",
          ],
        ] satisfies [string, ...string[]][])),
  ];
  const random = new SeededRandom(seed, "awkward");
  return all.filter(() => random.chance(0.4));
}

function quote(name: string): string {
  return `\`${name.replaceAll("`", "``")}\``;
}
