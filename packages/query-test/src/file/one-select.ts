/** Quoted texts and names, and comments. A version comment (`/*!`) is SQL, so it is none. */
const QUOTED =
  /'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*"|`(?:[^`]|``)*`|\/\*(?![!M])[\s\S]*?\*\/|--\s.*|#.*/g;

/** Words that a query has only if it writes or locks. A file can be written even by a read-only transaction. */
const WRITES = /\b(?:INTO|INSERT|UPDATE|DELETE|SHARE|LOCK)\b|\/\*[!M]/i;

/** The facts of a text that is one query in SQL. */
export interface OneSelect {
  /** The query without a `;` at its end. */
  readonly sql: string;
  /** The number of `?` that are parameters. */
  readonly parameterCount: number;
}

/**
 * Returns the facts of a text that is exactly one SELECT which only reads. Undefined if it is anything else,
 * or if a quoted text has a `?`, which the driver would take for a parameter.
 */
export function oneSelect(text: string): OneSelect | undefined {
  const sql = text.trim().replace(/;$/, "").trimEnd();
  const bare = sql.replaceAll(QUOTED, " ").trim();
  if (!/^\(*\s*(?:SELECT|WITH)\b/i.test(bare) || bare.includes(";") || WRITES.test(bare)) return undefined;
  const marks = (of: string): number => of.split("?").length - 1;
  return marks(sql) === marks(bare) ? { sql, parameterCount: marks(bare) } : undefined;
}
