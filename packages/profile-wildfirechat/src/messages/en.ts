import type { Phrases, ProfileTexts } from "@firebreak/profile";
import type { ChatFactsFound, ChatFinding } from "../target/application.ts";
import { faultTexts } from "./en-faults.ts";
import { siteTexts } from "./en-site.ts";

/** The profile's section of the messages, in English. */
export function english(phrases: Phrases): ProfileTexts {
  return {
    application: "chat server",
    faults: faultTexts(phrases),
    findings: { ...findingTexts(phrases.factsAnew), ...siteTexts(phrases) },
    targetFacts: targetFactsLines,
    unsaid: (f) =>
      phrases.message(
        `The database ${f.database} of ${f.archive} has a chat server's messages (t_messages_N, t_user_messages_N), and nothing says how they are to go over.`,
        "Run pnpm transform --profile wildfirechat until it is done, then load. What --profile generic makes of them no chat server reads.",
      ),
    report: {
      groups: { messages: "messages", userMessages: "users' rows" },
      counts: COUNT_TEXTS,
      remarks: REMARK_TEXTS,
      shownBy: { zone: "the messages' places" },
    },
    examples: {
      transform: [
        [
          "pnpm transform --profile wildfirechat --site /opt/im --profile-option sessionTimezone=UTC",
          "a chat site's messages from MongoDB to the server's own tables in MySQL",
        ],
      ],
      load: [["pnpm load --merge", "a chat server's rows into its tables, which have rows already"]],
    },
  };
}

type FindingTexts = {
  readonly [W in ChatFinding["what"]]: (finding: Extract<ChatFinding, { what: W }>) => string;
};

function findingTexts(factsAnew: string): FindingTexts {
  return {
    "flyway-missing": (f) =>
      `database ${f.database} has no flyway_schema_history with a migration in it: the chat server would start there as if it were new, and show no messages, users or groups. Use the database that the server itself has made, or bring that table back from a backup.`,
    "flyway-changed": (f) =>
      `the database is at migration ${f.found}, and the rows were made for ${f.expected}: ${factsAnew}.`,
    "zone-differs": (f) =>
      `the rows were made with ${f.setting}=${f.value}, and of ${count(f.sampleCount)} rows of the target that tell, ${count(f.agreeCount)} agree with it and ${count(f.otherCount)} with ${f.other}: transform again with --profile-option ${f.setting}=${f.other}.`,
    "private-differs": (f) =>
      `the rows name private chats in the form ${f.value}, and of those in the target ${count(f.plain)} are plain and ${count(f.pair)} pairs (t_messages, _target): ${factsAnew}.`,
  };
}

function targetFactsLines(f: ChatFactsFound): string[] {
  if (f.flywayVersion === undefined && !f.hasApplication) return [];
  return [
    f.flywayVersion === undefined
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
  "message-absent": "of no message (orphans)",
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
