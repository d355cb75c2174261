import { FirebreakError, quoteIdentifier, type StoredObject } from "@firebreak/archive";
import { isRefusal, type MysqlSession } from "@firebreak/mysql";

/** How something came to be in the target, or why it did not. */
export type Created =
  | { readonly kind: "as-it-was" }
  /** By the user of this restore, who may not make things in the other's name, or the other does not exist. */
  | { readonly kind: "other-definer"; readonly definer: string }
  | { readonly kind: "refused"; readonly errno: number; readonly reason: string };

/** What the session had when something was made, and must have when it is made again. */
type Circumstances = Pick<StoredObject, "characterSet" | "collation" | "timeZone"> & {
  readonly sqlMode?: string;
};

/** The user may not name another as the definer, or there is no such user (error reference: ER_SPECIFIC_ACCESS_DENIED_ERROR, ER_NO_SUCH_USER). */
const DEFINER_REFUSED: ReadonlySet<number> = new Set([1227, 1449, 4006]);

/** What the server tells the driver of a session, which sends statements in that set. */
function told(variables: "" | "character_set_client"): string {
  const set = `SET SESSION session_track_system_variables = '${variables}'`;
  return `/*!50704 ${set} */ /*M!100202 ${set} */`;
}

/** Letters that are one byte in latin1, for the driver and for the server. */
const OF_LATIN1 = /^[\u0000-\u007f\u00a0-\u00ff]*$/;

/** MySQL has one mode of MariaDB no more, and always does what it says. */
const MODES = "/*!80011 REPLACE( */ ? /*!80011 , 'NO_AUTO_CREATE_USER', '') */";

/** Character sets in which a statement is the UTF-8 that it is sent as. */
const UTF8: ReadonlySet<string> = new Set(["utf8mb4", "utf8mb3", "utf8"]);

/**
 * Makes something by its statement, in the circumstances that it was made in,
 * and leaves the session as all have it. A definer that the server does not take
 * gives way to the user.
 *
 * @throws {FirebreakError} of mysql where the server is gone; what it refuses is returned.
 */
export async function createObject(
  session: MysqlSession,
  database: string,
  statement: string,
  circumstances?: Circumstances,
): Promise<Created> {
  const [before] = await session.rows<Record<string, string>>(
    "SELECT @@SESSION.sql_mode AS mode, @@SESSION.time_zone AS zone",
  );
  await session.run(`USE ${quoteIdentifier(database)}`);
  try {
    const refused = await attempt(async () => {
      if (circumstances !== undefined) await enter(session, statement, circumstances);
      await session.run(withoutDefault(statement));
    });
    if (refused === undefined) return { kind: "as-it-was" };
    const definer =
      /^CREATE (?:OR REPLACE )?(?:ALGORITHM=\w+ )?DEFINER=(`(?:[^`]|``)*`(?:@`(?:[^`]|``)*`)?) /.exec(
        statement,
      )?.[1];
    if (definer === undefined || !DEFINER_REFUSED.has(refused.errno)) return { kind: "refused", ...refused };
    const again = await attempt(() =>
      session.run(withoutDefault(statement).replace(`DEFINER=${definer} `, "")),
    );
    return again === undefined ? { kind: "other-definer", definer } : { kind: "refused", ...again };
  } finally {
    await session.setBack("SET NAMES utf8mb4");
    await session.setBack("SET SESSION sql_mode = ?, SESSION time_zone = ?", [
      before!["mode"]!,
      before!["zone"]!,
    ]);
  }
}

/** What every event does unless told otherwise, and what MySQL cannot read in the mode HIGH_NOT_PRECEDENCE. */
const NOT_PRESERVED =
  /^(CREATE DEFINER=\S+ EVENT `(?:[^`]|``)*` ON SCHEDULE [^\n]*?) ON COMPLETION NOT PRESERVE(?= )/;

function withoutDefault(statement: string): string {
  return statement.replace(NOT_PRESERVED, "$1");
}

async function enter(
  session: MysqlSession,
  statement: string,
  { sqlMode, characterSet, collation, timeZone }: Circumstances,
): Promise<void> {
  // Of another set the server would read other letters, unless there are none but ASCII's.
  const isAscii = !/[^\u0000-\u007f]/.test(statement);
  const isLatin1 = characterSet === "latin1" && OF_LATIN1.test(statement);
  if (characterSet !== "" && (isAscii || isLatin1 || UTF8.has(characterSet))) {
    // Told that the set is utf8mb3, the driver would make of an emoji the six bytes of CESU-8.
    await session.run(told(isLatin1 ? "character_set_client" : ""));
    await session.run("SET SESSION character_set_client = ?, SESSION collation_connection = ?", [
      characterSet,
      collation,
    ]);
  }
  if (sqlMode !== undefined) await session.run(`SET SESSION sql_mode = ${MODES}`, [sqlMode]);
  if (timeZone !== undefined) await session.run("SET SESSION time_zone = ?", [timeZone]);
}

async function attempt(work: () => Promise<unknown>): Promise<{ errno: number; reason: string } | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (!isOfObject(error)) throw error;
    const { cause } = error;
    const errno = cause instanceof Error && "errno" in cause ? Number(cause.errno) : 0;
    return { errno, reason: String(error.fields["reason"]) };
  }
}

/** Whether the server refuses this one statement, and is good for the next. */
function isOfObject(error: unknown): error is FirebreakError {
  return isRefusal(error) || (error instanceof FirebreakError && error.exitCode === 6);
}
