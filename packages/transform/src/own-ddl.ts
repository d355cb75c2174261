/** Engines that take back half a part, so that a load into their tables can be killed and go on. */
const ROLLING_BACK: ReadonlySet<string> = new Set(["innodb"]);

/** A table's statement for the time of its load, and the engine it is to have in the end. */
export interface LoadedTable {
  readonly createTable: string;
  readonly engine: string;
}

/**
 * The statement of SHOW CREATE TABLE as a load takes it: in InnoDB, also where
 * the table is of an engine that could not take rows back; all else as it stands.
 */
export function loadedTable(createStatement: string): LoadedTable {
  const options = createStatement.slice(createStatement.lastIndexOf("\n)"));
  const engine = /^\n\) ENGINE=(\w+)/.exec(options)?.[1] ?? "InnoDB";
  if (ROLLING_BACK.has(engine.toLowerCase())) return { createTable: createStatement, engine };
  const head = createStatement.slice(0, createStatement.length - options.length);
  // A partition names the engine too; a comment, which stands before the partitions, may.
  const partitions = /\n(?:\/\*!\d+ )? ?PARTITION BY.*$/s.exec(options)?.[0] ?? "";
  const own = options.slice(0, options.length - partitions.length);
  return {
    createTable:
      head +
      own.replace(`ENGINE=${engine}`, "ENGINE=InnoDB") +
      partitions.replaceAll(`ENGINE = ${engine}`, "ENGINE = InnoDB"),
    engine,
  };
}
