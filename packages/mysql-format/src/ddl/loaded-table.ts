/** A table's statement for the load, and the engine that it gets in the end. */
export interface LoadedTable {
  readonly createTable: string;
  readonly engine: string;
  /** The statement in that engine. Undefined for InnoDB. */
  readonly createInEngine: string | undefined;
}

/**
 * Returns the statement of SHOW CREATE TABLE in the form that a load executes. The loaded table shows the
 * same statement again. During the load the engine is InnoDB, even if the table has an engine that could not
 * roll rows back. Everything else stays as it is.
 */
export function loadedTable(createStatement: string): LoadedTable {
  const at = createStatement.lastIndexOf("\n)");
  const [definitions, options] = [createStatement.slice(0, at), createStatement.slice(at)];
  const engine = /^\n\) ENGINE=(\w+)/.exec(options)?.[1] ?? "InnoDB";
  // Partitions name the engine too. A comment, which stands before the partitions, may name it as well.
  const partitions = /\n(?:\/\*!\d+ )? ?PARTITION BY.*$/s.exec(options)?.[0] ?? "";
  const own = options.slice(0, options.length - partitions.length);
  const head = withoutInherited(definitions, / COLLATE=(\w+)/.exec(own)?.[1]);
  return {
    createTable:
      (engine === "InnoDB" ? head : withoutLaterCounter(head)) +
      (engine === "InnoDB"
        ? own
        : own.replace(`ENGINE=${engine}`, "ENGINE=InnoDB").replace(ROW_OPTIONS, "")) +
      partitions.replaceAll(`ENGINE = ${engine}`, "ENGINE = InnoDB"),
    engine,
    // An ARCHIVE table accepts no number below its AUTO_INCREMENT.
    createInEngine:
      engine === "InnoDB"
        ? undefined
        : head + (engine === "ARCHIVE" ? options.replace(/ AUTO_INCREMENT=\d+/, "") : options),
  };
}

/** Options on how an engine stores rows. InnoDB refuses some, such as FIXED. A comment comes after them. */
const ROW_OPTIONS = /(?<!COMMENT='.*) (?:ROW_FORMAT|KEY_BLOCK_SIZE)=\w+/gs;

/** A column with AUTO_INCREMENT, up to that word. */
const COUNTER = /^( {2}(`(?:[^`]|``)*`) [^'\n]*?) AUTO_INCREMENT/m;

/** The first column of each index. */
const FIRST_OF_INDEX = /^ {2}(?:PRIMARY KEY|(?:UNIQUE )?KEY `(?:[^`]|``)*`) \((`(?:[^`]|``)*`)/gm;

/**
 * Removes AUTO_INCREMENT from a column that no index begins with, because InnoDB refuses it there (manual,
 * 5.6.9). The rows have their numbers, so the column need not count during the load.
 */
function withoutLaterCounter(definitions: string): string {
  const first = new Set([...definitions.matchAll(FIRST_OF_INDEX)].map((m) => m[1]));
  return definitions.replace(COUNTER, (whole, before: string, column: string) =>
    first.has(column) ? whole : before,
  );
}

/**
 * A column's name and type (maybe parentheses with quotes inside), and a collation without a character set.
 */
const INHERITING = /^( {2}`(?:[^`]|``)*` \w+(?:\((?:'(?:[^']|'')*'|[^')])*\))?) COLLATE (\w+)/gm;

/**
 * Removes the collation of columns that inherit it from their table. MySQL shows an inherited collation
 * without a character set. If the statement repeated it, it would become the column's own, and MySQL would
 * show the character set too (9.7, tried).
 */
function withoutInherited(definitions: string, collation: string | undefined): string {
  return definitions.replaceAll(INHERITING, (whole, column: string, own: string) =>
    own === collation ? column : whole,
  );
}
