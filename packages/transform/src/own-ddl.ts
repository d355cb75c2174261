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
      head +
      (engine === "InnoDB"
        ? own
        : own.replace(`ENGINE=${engine}`, "ENGINE=InnoDB").replace(ROW_OPTIONS, "")) +
      partitions.replaceAll(`ENGINE = ${engine}`, "ENGINE = InnoDB"),
    engine,
    createInEngine: engine === "InnoDB" ? undefined : head + options,
  };
}

/** How an engine keeps rows: InnoDB refuses what others have, FIXED say. A comment comes after these. */
const ROW_OPTIONS = /(?<!COMMENT='.*) (?:ROW_FORMAT|KEY_BLOCK_SIZE)=\w+/gs;

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
