/** A table's statement for the time of its load, and the engine it is to have in the end. */
export interface LoadedTable {
  readonly createTable: string;
  readonly engine: string;
  /** The statement in that engine, where it is not InnoDB. */
  readonly createInEngine: string | undefined;
}

/**
 * The statement of SHOW CREATE TABLE as a load takes it, so that the table shows
 * the same statement again: in InnoDB, also where the table is of an engine that
 * could not take rows back; all else as it stands.
 */
export function loadedTable(createStatement: string): LoadedTable {
  const at = createStatement.lastIndexOf("\n)");
  const [definitions, options] = [createStatement.slice(0, at), createStatement.slice(at)];
  const engine = /^\n\) ENGINE=(\w+)/.exec(options)?.[1] ?? "InnoDB";
  // A partition names the engine too; a comment, which stands before the partitions, may.
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
    // An ARCHIVE table takes no number below the one that it is to give next.
    createInEngine:
      engine === "InnoDB"
        ? undefined
        : head + (engine === "ARCHIVE" ? options.replace(/ AUTO_INCREMENT=\d+/, "") : options),
  };
}

/** How an engine keeps rows: InnoDB refuses what others have, FIXED say. A comment comes after these. */
const ROW_OPTIONS = /(?<!COMMENT='.*) (?:ROW_FORMAT|KEY_BLOCK_SIZE)=\w+/gs;

/** A column that counts, up to the word that says so. */
const COUNTER = /^( {2}(`(?:[^`]|``)*`) [^'\n]*?) AUTO_INCREMENT/m;

/** The first column of each index. */
const FIRST_OF_INDEX = /^ {2}(?:PRIMARY KEY|(?:UNIQUE )?KEY `(?:[^`]|``)*`) \((`(?:[^`]|``)*`)/gm;

/**
 * InnoDB counts only in a column that an index begins with (manual, 5.6.9). The rows
 * have their numbers: for as long as they are loaded the column need not count.
 */
function withoutLaterCounter(definitions: string): string {
  const first = new Set([...definitions.matchAll(FIRST_OF_INDEX)].map((m) => m[1]));
  return definitions.replace(COUNTER, (whole, before: string, column: string) =>
    first.has(column) ? whole : before,
  );
}

/** A column's name and type, which may have brackets with quotes in them, and a collation without a character set. */
const INHERITING = /^( {2}`(?:[^`]|``)*` \w+(?:\((?:'(?:[^']|'')*'|[^')])*\))?) COLLATE (\w+)/gm;

/**
 * MySQL shows a collation without its character set of a column that has it from
 * its table; said again, it would be the column's own, and shown with the set (9.7, tried).
 */
function withoutInherited(definitions: string, collation: string | undefined): string {
  return definitions.replaceAll(INHERITING, (whole, column: string, own: string) =>
    own === collation ? column : whole,
  );
}
