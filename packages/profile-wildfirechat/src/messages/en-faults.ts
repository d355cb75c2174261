import { reasonWords, type ReasonTexts } from "@firebreak/archive";
import type { Phrases, ProfileFaultTexts } from "@firebreak/profile";
import type { ProfileFaults, ProfileReasons, TargetRefusal } from "../profile-faults.ts";

const reasons: ReasonTexts<ProfileReasons> = {
  "field-name-twice": (f) => `${f.part}: ${JSON.stringify(f.field)} is named twice`,
  "two-shapes": (f) => `${f.table} has two shapes`,
};

/** The texts of the profile's faults, in English. */
export function faultTexts({
  message,
  foldedNames,
  findingLines,
  evidence,
  strays,
  origin,
}: Phrases): ProfileFaultTexts<ProfileFaults> {
  const refusals = (found: readonly TargetRefusal[]): string =>
    findingLines(found, (one) => refusalText(one, foldedNames));
  return {
    "zone-unknown": (f) =>
      message(
        `${f.zone} is no one time zone: there is none of that name, or there are several.`,
        "Name it as the IANA does (Asia/Shanghai), or by its offset (GMT+8, +08:00).",
      ),
    "profile-option-invalid": (f) =>
      message(`--profile-option ${f.option}=${f.value} is not known.`, `It is one of: ${f.allowed}.`),
    "profile-file-invalid": (f) =>
      message(
        `The ${f.what === "field-names" ? "file of --profile-option fields=" : "file of --target-facts"} is not what it should be: ${reasonWords(reasons, f.reason)}.`,
        f.what === "field-names"
          ? 'It is JSON such as {"messages": {"dt": "_time"}} and names only the fields that differ.'
          : "Make it anew on the target's host: pnpm inspect --target-facts FILE --mysql-url …",
      ),
    "site-zones-differ": (f) =>
      message(
        `The JDBC urls of the site name several zones: ${f.zones.join(", ")}.`,
        "Say which one the chat server uses: --profile-option serverTimezone=…",
      ),
    "site-expiry-unfit": (f) =>
      message(
        `mongodb.data_expire_days in wildfirechat.conf is ${Number.isNaN(f.days) ? "no number" : f.days}, and MongoDB's index takes 1 to ${f.max} days: it would remove every message at once, or could not be made.`,
        "Set it there (1096 is the chat server's own), then run the same command again.",
      ),
    "site-empty": (f) =>
      message(
        `${f.folder} has neither wildfirechat.conf nor c3p0-config.xml, nor has its folder config.`,
        "Point --site at the chat server's folder, or at copies of these files.",
      ),
    "profile-undecided": (f) =>
      message(
        `Nothing says for certain what ${f.setting} is${f.evidence === undefined ? "" : `: ${evidence(f.evidence)}${strays(f.evidence)}`}.`,
        `Say it: --profile-option ${f.setting}=${exampleOf(f.setting)}. ${meaningOf(f.setting)}`,
      ),
    "profile-contradicted": (f) =>
      message(
        `${f.setting} ${origin(f.by)} is ${f.value}, and what is there says otherwise: ${evidence(f.evidence)}${strays(f.evidence)}.`,
        `Set --profile-option ${f.setting}= to what is right. ${meaningOf(f.setting)}`,
      ),
    "profile-target-unfit": (f) =>
      message(
        `The target's tables cannot take the rows:\n${refusals(f.refusals)}`,
        "Have the chat server finish its migrations there, mend what is listed, and make the facts file anew.",
      ),
    "profile-databases": (f) =>
      message(
        `Several databases of the archive have messages: ${f.databases.join(", ")}.`,
        "Give --site, whose wildfirechat.conf names the database, or export the right one alone.",
      ),
    "profile-foreign": (f) =>
      message(
        `The archive has no collection of messages (t_messages_N, t_user_messages_N)${f.database === undefined ? "" : ` in database ${f.database}`}.`,
        "Export the chat server's MongoDB, or leave --profile out for the generic mapping.",
      ),
    "profile-source-unfit": (f) =>
      message(
        `The archive's tables are not those of a chat server after its migrations:\n${refusals(f.refusals)}`,
        "Have the chat server finish its migrations there, and export again.",
      ),
    "profile-chain-conflict": (f) =>
      message(
        `The chain of this delta was transformed with ${f.setting}=${f.chain}, and ${f.by === "site" ? "the files of --site say" : "--profile-option says"} ${f.said}.`,
        `Leave ${f.by === "site" ? "--site" : "the option"} out: a delta takes its chain's settings. Where they are wrong, make a full archive with pnpm compact, transform it with the right ones and load it anew.`,
      ),
    "profile-chain-fields": (f) =>
      message(
        `The chain of this delta was transformed with the field names of ${f.file}, and its manifest does not have them.`,
        "Give the file again: --profile-option fields=FILE.",
      ),
    "flyway-moved": (f) =>
      message(
        f.after === undefined
          ? `All rows are in, but the table flyway_schema_history of ${f.database}, with migration ${f.before} when the load began, is gone or empty.`
          : `All rows are in, but database ${f.database} is at migration ${f.after} now, and was at ${f.before} when the load began.`,
        f.after === undefined
          ? "Do not start the chat server: it would take the database for a new one, and show no messages, users or groups. Bring that table back from a backup, then run the same command again."
          : "The chat server was started meanwhile, and goes on from users' sequences that it read before all rows were in. Stop it, and back the database up as it is now. Then bring back the backup from before the load, make the facts anew (pnpm inspect --target-facts), transform and load again.",
      ),
    "profile-direction": (f) =>
      message(
        `The profile has no mapping of this archive for ${f.to}.`,
        "Leave --to out, or --profile for the generic mapping.",
      ),
  };
}

function refusalText(refusal: TargetRefusal, foldedNames: Phrases["foldedNames"]): string {
  switch (refusal.what) {
    case "flyway-missing":
      return "there is no flyway_schema_history: the chat server would start there as if it were new, and nobody would see a message";
    case "table-missing":
      return `${refusal.table} is missing`;
    case "column-missing":
      return `${refusal.table}.${refusal.column} is missing`;
    case "column-type-unfit":
      return `${refusal.table}.${refusal.column} is of type ${refusal.type}`;
    case "column-unfillable":
      return `${refusal.table}.${refusal.column} wants a value, has no default, and no document has one for it`;
    case "tables-filled":
      return `these have rows already, which stay as they are only with load --merge: ${foldedNames(refusal.tables)}`;
  }
}

function exampleOf(setting: string): string {
  return setting === "privateTarget" ? "plain" : "Asia/Shanghai";
}

function meaningOf(setting: string): string {
  switch (setting) {
    case "zone":
      return "It is the zone of the chat server's process (its TZ, else its host's), and decides in which table a message lies.";
    case "serverTimezone":
      return "It is the zone in the JDBC url of c3p0-config.xml, in which messages are dated.";
    case "sessionTimezone":
      return "It is the zone of the MySQL server's sessions (SELECT @@global.time_zone, @@system_time_zone), in which users' rows are dated; pnpm inspect --target-facts finds it.";
    case "privateTarget":
      return "plain: private messages name the receiver; pair: both people, as a|b.";
    default:
      return "";
  }
}
