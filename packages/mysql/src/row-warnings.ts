import { sqlFamily, type Column } from "@firebreak/archive";
import type { MysqlSession } from "./connect.ts";

/** The warnings of a statement that are about its rows, and the first of them. */
export interface RowWarnings {
  readonly warnings: number;
  readonly firstWarning?: { readonly errno: number; readonly message: string };
}

interface Warning {
  readonly Code: number | string;
  readonly Message: string;
}

/** About what a statement names, a character set for one, and not about rows (error reference: ER_WARN_DEPRECATED_…). */
const DEPRECATIONS: ReadonlySet<number> = new Set([1287, 1681, 3719, 3778]);

/** WARN_DATA_TRUNCATED: what a session that is not strict says of an ENUM's error value. */
const TRUNCATED = 1265;

/**
 * What a session's last statement, which wrote rows, had warnings about. Where a
 * session may write the error value 0 of ENUMs it warns of each; these do not count.
 * A server lists no more than max_error_count of those it counted: what is not listed counts.
 *
 * @param count what the statement's result says.
 * @throws {FirebreakError} of mysql.
 */
export async function rowWarnings(
  session: MysqlSession,
  to: { readonly columns: readonly Column[]; readonly hasEnumZeros?: boolean },
  count: number,
): Promise<RowWarnings> {
  if (count === 0) return { warnings: 0 };
  const zeros = to.hasEnumZeros === true ? to.columns.filter(isEnum) : [];
  const ofZero = new Set(zeros.map(({ name }) => `Data truncated for column '${name}' at row `));
  const isHarmless = ({ Code, Message }: Warning): boolean =>
    DEPRECATIONS.has(Number(Code)) || (Number(Code) === TRUNCATED && ofZero.has(Message.replace(/\d+$/, "")));
  const listed = await session.rows<Warning>("SHOW WARNINGS");
  const first = listed.find((warning) => !isHarmless(warning));
  return {
    warnings: count - listed.filter(isHarmless).length,
    ...(first === undefined ? {} : { firstWarning: { errno: Number(first.Code), message: first.Message } }),
  };
}

function isEnum({ sqlType }: Column): boolean {
  return sqlFamily(sqlType) === "choice" && /^enum\b/i.test(sqlType);
}
