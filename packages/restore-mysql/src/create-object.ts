import { FirebreakError, type StoredObject } from "@firebreak/archive";
import { quoteIdentifier } from "@firebreak/mysql-format";
import { errnoOf, isRefusal, type MysqlSession } from "@firebreak/mysql";

/** The outcome of creating an object: how the target got it, or why it did not. */
export type Created =
  | { readonly kind: "as-it-was" }
  /**
   * The user of this restore became the definer. The user may not name the original one, or that
   * user does not exist.
   */
  | { readonly kind: "other-definer"; readonly definer: string }
  | { readonly kind: "refused"; readonly errno: number; readonly reason: string };

/** The settings of the session that created an object. A session that creates it again needs them, too. */
type Circumstances = Pick<StoredObject, "characterSet" | "collation" | "timeZone"> & {
  readonly sqlMode?: string;
};

/**
 * The errors about a definer: the user may not name another, or there is no such user (error
 * reference: ER_SPECIFIC_ACCESS_DENIED_ERROR, ER_NO_SUCH_USER).
 */
const DEFINER_REFUSED: ReadonlySet<number> = new Set([1227, 1449, 4006]);

/**
 * Returns the statement that selects the variables that the server reports to the driver. The
 * driver sends statements in the reported character set.
 */
function told(variables: "" | "character_set_client"): string {
  const set = `SET SESSION session_track_system_variables = '${variables}'`;
  return `/*!50704 ${set} */ /*M!100202 ${set} */`;
}

/** Matches letters that are one byte in latin1, for the driver and for the server. */
const OF_LATIN1 = /^[\u0000-\u007f\u00a0-\u00ff]*$/;

/** The SQL for a list of modes. MySQL lacks one mode of MariaDB and always does what that mode says. */
const MODES = "/*!80011 REPLACE( */ ? /*!80011 , 'NO_AUTO_CREATE_USER', '') */";

/** Character sets in which the server reads a statement as the UTF-8 that it is sent as. */
const UTF8: ReadonlySet<string> = new Set(["utf8mb4", "utf8mb3", "utf8"]);

/**
 * Creates an object by its statement, under the settings that it was first created under, and then
 * restores the session's usual settings. If the server refuses the definer, the user becomes the
 * definer.
 *
 * @throws {FirebreakError} any `mysql-…` code if the server is gone. A refusal is returned.
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

/** Matches the default completion of an event, which MySQL cannot parse in the mode HIGH_NOT_PRECEDENCE. */
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
  // In another character set the server would read other letters, unless the statement is ASCII only.
  const isAscii = !/[^\u0000-\u007f]/.test(statement);
  const isLatin1 = characterSet === "latin1" && OF_LATIN1.test(statement);
  if (characterSet !== "" && (isAscii || isLatin1 || UTF8.has(characterSet))) {
    // Told that the set is utf8mb3, the driver would turn an emoji into the six bytes of CESU-8.
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
    return { errno: errnoOf(error), reason: String(error.fields["reason"]) };
  }
}

/** Returns true if the server refuses only this statement and can take the next. */
function isOfObject(error: unknown): error is FirebreakError {
  return isRefusal(error) || (error instanceof FirebreakError && error.exitCode === 6);
}
