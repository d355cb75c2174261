import type { ProfileDecision } from "@firebreak/archive";
import type {
  ChatFactsFound,
  ChatFinding,
  ProfileFaults,
  TargetRefusal,
} from "@firebreak/profile-wildfirechat";
import type { TransformNotes } from "@firebreak/transform";
import { foldedNames } from "../../screen/folded-names.ts";
import { message, type FaultTexts } from "../language.ts";
import { findingLines } from "./findings.ts";
import { ANEW } from "./preflight.ts";

type Evidence = NonNullable<ProfileDecision["evidence"]>;
type Report = TransformNotes["profile-report"];

export const profileFaults: FaultTexts<ProfileFaults> = {
  "zone-unknown": (f) =>
    message(
      `${f.zone} is no one time zone: there is none of that name, or there are several.`,
      "Name it as the IANA does (Asia/Shanghai), or by its offset (GMT+8, +08:00).",
    ),
  "profile-option-invalid": (f) =>
    message(`--profile-option ${f.option}=${f.value} is not known.`, `It is one of: ${f.allowed}.`),
  "profile-file-invalid": (f) =>
    message(
      `The ${f.what === "field-names" ? "file of --profile-option fields=" : "file of --target-facts"} is not what it should be: ${f.reason}.`,
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
  "profile-undecided": (f) =>
    message(
      `Nothing says for certain what ${f.setting} is${f.evidence === undefined ? "" : `: ${evidenceText(f.evidence)}${strayText(f.evidence)}`}.`,
      `Say it: --profile-option ${f.setting}=${exampleOf(f.setting)}. ${meaningOf(f.setting)}`,
    ),
  "profile-contradicted": (f) =>
    message(
      `${f.setting} ${originOf(f.by as ProfileDecision["by"], f.setting)} is ${f.value}, and what is there says otherwise: ${evidenceText(f.evidence)}${strayText(f.evidence)}.`,
      `Set --profile-option ${f.setting}= to what is right. ${meaningOf(f.setting)}`,
    ),
  "profile-target-unfit": (f) =>
    message(
      `The target's tables cannot take the rows:\n${findingLines(f.refusals, refusalText)}`,
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
      `The archive's tables are not those of a chat server after its migrations:\n${findingLines(f.refusals, refusalText)}`,
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

const FINDINGS: { readonly [W in ChatFinding["what"]]: (f: Extract<ChatFinding, { what: W }>) => string } = {
  "flyway-missing": (f) =>
    `database ${f.database} has no flyway_schema_history with a migration in it: the chat server would start there as if it were new, and show no messages, users or groups. Use the database that the server itself has made, or bring that table back from a backup.`,
  "flyway-changed": (f) =>
    `the database is at migration ${f.found}, and the rows were made for ${f.expected}: ${ANEW}.`,
  "zone-differs": (f) =>
    `the rows were made with ${f.setting}=${f.value}, and of ${count(f.sampleCount)} rows of the target that tell, ${count(f.agreeCount)} agree with it and ${count(f.otherCount)} with ${f.other}: transform again with --profile-option ${f.setting}=${f.other}.`,
  "private-differs": (f) =>
    `the rows name private chats in the form ${f.value}, and of those in the target ${count(f.plain)} are plain and ${count(f.pair)} pairs (t_messages, _target): ${ANEW}.`,
};

/** Describes a reason of the chat server against a load. Undefined if it is another reason. */
export function chatFinding(f: { readonly what: string }): string | undefined {
  if (!Object.hasOwn(FINDINGS, f.what)) return undefined;
  return (FINDINGS[f.what as ChatFinding["what"]] as (finding: object) => string)(f);
}

/** Describes the facts of a chat server's tables, or says that there are none. */
export function chatFactsLines(facts: object): string[] {
  const f = facts as ChatFactsFound;
  return [
    f.flywayVersion === undefined && !f.hasApplication
      ? "No chat server's tables are among them. The generic mapping keeps columns of tables that are there where they take all values: transform --target-facts does so."
      : f.flywayVersion === undefined
        ? "No migration is noted there (flyway_schema_history): is it the chat server's database? A load will be refused."
        : `Migration ${f.flywayVersion}${f.newestMid === undefined ? "; no messages" : `; the newest message is ${f.newestMid}`}.`,
    ...zoneTexts(f.evidence),
    ...(f.privateTargets.plain + f.privateTargets.pair === 0
      ? []
      : [
          `Of ${counted(f.privateTargets.plain + f.privateTargets.pair, "private message")} looked at, ${f.privateTargets.plain} name the receiver (plain) and ${f.privateTargets.pair} both people (pair).`,
        ]),
  ];
}

const ZONES = {
  jvm: ["the JVM's zone (zone=)", "tables of messages"],
  jdbc: ["serverTimezone", "dates of messages"],
  session: ["sessionTimezone", "dates of users' rows"],
} as const;

function zoneTexts(evidence: ChatFactsFound["evidence"]): string[] {
  return (["jvm", "jdbc", "session"] as const).flatMap((which) => {
    const rows = evidence[which];
    if (rows === undefined || rows.tellingCount === 0) return [];
    const [setting, what] = ZONES[which];
    const agreeing = rows.telling.map((t) => `${t.candidate} ${count(t.agreeCount)}`);
    return [
      `For ${setting}, ${counted(rows.tellingCount, "row")} tell by ${what}: ${agreeing.join(", ")} agree.`,
    ];
  });
}

function refusalText(refusal: TargetRefusal): string {
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

function evidenceText({ sampleCount, tellingCount, telling }: Evidence): string {
  if (tellingCount === 0) return `of ${count(sampleCount)} looked at none can tell`;
  const parts = telling.map(({ candidate, agreeCount }) => `${count(agreeCount)} agree with ${candidate}`);
  return `of ${count(tellingCount)} that can tell, among ${count(sampleCount)}, ${parts.join(", ")}`;
}

/** Counts the rows that agree with no candidate. They are the most if the right zone was not tried. */
function strayText({ sampleCount, tellingCount, candidates, telling }: Evidence): string {
  const withAll = (candidates[0]?.agreeCount ?? 0) - (telling[0]?.agreeCount ?? 0);
  const strayCount = sampleCount - tellingCount - withAll;
  return strayCount === 0 ? "" : `; ${count(strayCount)} agree with none of these`;
}

function originOf(by: ProfileDecision["by"], setting: string): string {
  switch (by) {
    case "option":
      return "(given)";
    case "site":
      return "(of the site's files)";
    case "rows":
      return setting === "zone" ? "(by the messages' places)" : "(by the rows)";
    case "facts":
      return "(by the target's facts)";
    case "default":
      return "(the default)";
  }
}

/** Describes a profile's decisions and their results. */
export function profileReport(report: Report): string {
  const { decisions, staying } = report;
  const lines = [
    `Profile ${report.profile}:`,
    ...decisions.map(
      ({ setting, value, by, evidence }) =>
        `  ${setting} = ${value} ${originOf(by, setting)}${evidence === undefined ? "" : `; ${evidenceText(evidence)}`}`,
    ),
    ...groupLines("What was found", report.counts, COUNT_TEXTS),
    ...groupLines("What was done by rule", withoutBodies(report.remarks), REMARK_TEXTS),
    ...groupLines("In quarantine", report.quarantined, {}),
  ];
  if (staying.length > 0) {
    const shown = staying.map(({ namespace, lineCount }) => `${namespace} (${count(lineCount)})`);
    lines.push(`  Stays where it is, and is needed there: ${shown.join(", ")}`);
  }
  return lines.join("\n");
}

/** Leaves out counts of bodies. The first pass counted them all, also those of lines not carried over. */
function withoutBodies(groups: Report["remarks"]): Report["remarks"] {
  return Object.fromEntries(
    Object.entries(groups).map(([group, counts]) => [
      group,
      Object.fromEntries(Object.entries(counts).filter(([name]) => !name.startsWith("body-"))),
    ]),
  );
}

function groupLines(
  title: string,
  groups: Report["remarks"],
  texts: Readonly<Record<string, string>>,
): string[] {
  const lines = Object.entries(groups).flatMap(([group, counts]) =>
    Object.entries(counts)
      .filter(([, number]) => number > 0)
      .map(
        ([name, number]) => `    ${GROUP_TEXTS[group] ?? group}: ${texts[name] ?? name}: ${count(number)}`,
      ),
  );
  return lines.length === 0 ? [] : [`  ${title}:`, ...lines];
}

const GROUP_TEXTS: Readonly<Record<string, string>> = { messages: "messages", userMessages: "users' rows" };

const COUNT_TEXTS: Readonly<Record<string, string>> = {
  "body-plain": "plain bodies",
  "body-xor": "encrypted (XOR-ed) bodies",
  "body-empty": "empty bodies",
  "body-other": "bodies of neither form",
  "content-type-missing": "without _content_type",
  "message-wanted": "without fields that stand in their message",
};

const REMARK_TEXTS: Readonly<Record<string, string>> = {
  moved: "lay in the wrong place, and go to the right table",
  collapsed: "copies of one that goes over",
  retention: "older than MySQL keeps, left out",
  "to-filled": "_to was missing, and is ''",
  "dt-from-id": "dated by their id",
  "dt-shown-twice": "dated in an hour that clocks showed twice: the first",
  "dt-never-shown": "dated in an hour that clocks left out",
  "milliseconds-lost": "dates rounded to the second",
  "number-type-changed": "a Double or Boolean where the server writes an integer, which it is now",
  "content-type-derived": "_content_type taken from the body",
  "content-type-differs": "_content_type is not the body's, and stays",
  "taken-from-message": "missing fields taken from their message",
  "directing-filled": "_directing was missing, and is 0",
  "message-absent": "of no message (orphans), carried over",
  "column-lacking": "values without a column that can be found again",
  "field-ignored": "fields left behind, as the mapping file says",
  "second-shifted": "dated a second from their id's time, which is what they have now",
  "beyond-expiry": "older than MongoDB's TTL keeps: it will remove them",
};

function count(number: number): string {
  return number.toLocaleString("en-US");
}

function counted(number: number, noun: string): string {
  return `${count(number)} ${noun}${number === 1 ? "" : "s"}`;
}
