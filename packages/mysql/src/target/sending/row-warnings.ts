import { sqlFamily } from "@firebreak/mysql-format";
import type { Column } from "@firebreak/archive";
import type { MysqlSession } from "../../driver/connect.ts";

/** The number of a statement's warnings about its rows, and the first of them. */
export interface RowWarnings {
  readonly warnings: number;
  readonly firstWarning?: { readonly errno: number; readonly message: string };
}

interface Warning {
  readonly Code: number | string;
  readonly Message: string;
}

/**
 * Warnings about something that a statement names, such as a character set, and not about rows
 * (error reference: ER_WARN_DEPRECATED_…).
 */
const DEPRECATIONS: ReadonlySet<number> = new Set([1287, 1681, 3719, 3778]);

/** WARN_DATA_TRUNCATED: the warning of a session that is not strict about an ENUM's error value. */
const TRUNCATED = 1265;

/**
 * Returns the warnings about rows of a session's last statement, which wrote rows. A session that
 * may write the error value 0 of ENUMs warns of each; these warnings do not count. A server lists
 * at most max_error_count of the warnings that it counted. The unlisted ones count.
 *
 * @param count the number of warnings in the statement's result.
 * @throws {FirebreakError} any `mysql-…` code.
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
