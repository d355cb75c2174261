import type { MysqlRestoreFinding, RestoreMysqlFaults } from "@firebreak/restore-mysql";
import { message, type Language, type SomeNotes } from "../language.ts";
import { findingLines, mysqlNameText } from "./findings.ts";
import { privilegesText } from "./preflight.ts";

/** Faults that stop a restore into MySQL, in English. */
export const restoreMysqlFaults: Pick<Language["faults"], keyof RestoreMysqlFaults> = {
  "mysql-restore-nothing": (f) =>
    message(
      `The archive ${f.archive} has nothing that matches ${f.include.length > 0 ? f.include.join(" ") : "*"}${f.exclude.length > 0 ? ` without ${f.exclude.join(" ")}` : ""}.`,
      "Check --include and --exclude: they are globs on the archive's database.table.",
    ),
  "mysql-rename-wrong": (f) =>
    f.why === "form"
      ? message(
          `--rename ${f.rename} is not of the form db=db.`,
          "Of an archive of MySQL databases can be renamed, tables cannot: views and foreign keys know them by name.",
        )
      : message(
          `--rename ${f.rename} names no database that is to be restored.`,
          "The left side is a database of the archive: pnpm inspect lists them.",
        ),
  "collation-map-wrong": (f) => {
    switch (f.why) {
      case "form":
        return message(
          `--collation-map ${f.pair} is not of the form FROM=TO.`,
          "Give two collations, as in utf8mb4_0900_ai_ci=utf8mb4_uca1400_ai_ci.",
        );
      case "character-set":
        return message(
          `--collation-map ${f.pair} names collations of two character sets.`,
          "Give one of the same character set: texts then stay as they are, byte for byte.",
        );
      case "unknown":
        return message(
          `--collation-map ${f.pair} names no collation of what is to be restored.`,
          "Correct the left side, or leave it out.",
        );
    }
  },
  "mysql-restore-refused": (f) =>
    message(
      `Nothing was written to MySQL at ${f.server}, for ${f.findings.length === 1 ? "a reason" : "reasons"} found beforehand:\n${findingLines(f.findings, finding)}`,
      "Mend what is listed, then run the same command again.",
    ),
  "mysql-restore-declined": (f) =>
    message(
      `Nothing was dropped and nothing was written to MySQL at ${f.server}.`,
      "Use --rename to restore beside what is there.",
    ),
};

/** Notes of a restore into MySQL, in English. */
export const restoreMysqlNotes = {
  "mysql-restore-resumed": () => "Going on with the unfinished restore of this archive.",
  "rows-unequal": (f) =>
    `The rows of ${f.tables.join(", ")} are not as the archive has them. ${f.waiting.length === 0 ? "Nothing else waits for them." : `Not made yet, for it would change these rows: ${f.waiting.join(", ")}.`} Put the rows right (pnpm checksum --repair DIR, then pnpm load of that), then run the same command again; or restore beside them with --rename.`,
  "collation-mapped": (f) =>
    `Put in the place of the collation ${f.from}: ${f.to} (${few(f.places)}). It may sort and compare differently; texts stay as they are.`,
  "definer-changed": (f) =>
    `The ${f.kind} ${f.name} is the user's of this restore now: the server does not take ${f.definer} as its definer. Create that user, or use one with SET_ANY_DEFINER (MariaDB: SET USER), and restore again.`,
  "statement-refused": (f) => `The server did not take the ${f.kind} ${f.name}: ${f.reason}.`,
  "statement-names-database": (f) =>
    `The ${f.kind} ${f.name} has ${f.source} in its text, which was not changed: see whether it means the database that was renamed.`,
  "statement-differs": (f) =>
    f.found === ""
      ? `The ${f.kind} ${f.name} is not in the target.`
      : `The ${f.kind} ${f.name} is another than in the archive:\n  expected ${f.expected}\n  found    ${f.found}`,
} satisfies SomeNotes;

function finding(f: MysqlRestoreFinding): string {
  switch (f.what) {
    case "taken":
      return `there is a ${f.kind} ${f.name} already, and --drop would replace it, with all that is in it: restore beside it with --rename.`;
    case "reserved":
      return `${f.database} is a database of the server's own: name another with --rename.`;
    case "privileges":
      return privilegesText(f);
    case "database-unfit":
      return `the name of the database ${f.database} ${mysqlNameText(f.why)}, so that none can be made: name another with --rename.`;
    case "collide":
      return `${f.sources.join(" and ")} would both become ${f.name}: name others with --rename, or leave the database out of the URL.`;
    case "collation-unknown": {
      if (f.isGiven)
        return `the server has no collation ${f.collation}, which --collation-map gives: name one that SHOW COLLATION lists${f.like === undefined ? "" : `, such as ${f.like}`}.`;
      const remedy =
        f.like === undefined
          ? "it has none of this character set, so leave these out with --exclude"
          : `--collation-map ${f.collation}=${f.like}`;
      return `the server has no collation ${f.collation} (${few(f.places)}): ${remedy}.`;
    }
    case "type-unknown":
      return `the server has no type ${f.type.toUpperCase()} (${few(f.places)}): leave these tables out with ${excludes(f.namespaces)}.`;
    case "kind-unknown":
      return `the server has no ${f.kind === "sequence" ? "sequences" : "libraries"}: leave out what is one or needs one, with ${excludes(f.namespaces)}.`;
    case "read-only":
      return `the server is read-only: use the primary's address. Only where this is no replica, turn ${f.settings.join(" and ")} off.`;
    case "other-restore":
      return `database ${f.database} has an unfinished restore of another archive or with other settings: finish that one, or restore into another database with --rename.`;
  }
}

/** The number of names to show. Lists of flags show all, because people copy them. */
const SHOWN = 8;

function few(names: readonly string[]): string {
  const rest = names.length - SHOWN;
  return rest > 0 ? `${names.slice(0, SHOWN).join(", ")} and ${rest} more` : names.join(", ");
}

function excludes(namespaces: readonly string[]): string {
  return namespaces.map((namespace) => `--exclude '${namespace}'`).join(" ");
}
