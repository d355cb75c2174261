import type { InspectNotes } from "@firebreak/inspect";
import type { CliFaults } from "../../cli-faults.ts";
import type { HelpTexts } from "../help-texts.ts";
import { message, type FaultTexts, type Language, type SomeNotes } from "../language.ts";

const DATABASES = { mysql: "MySQL", mongodb: "MongoDB" } as const;

const EXAMPLES = {
  mysql: "mysql://USER@HOST:3306/DATABASE",
  mongodb: "mongodb://USER@HOST:27017/",
} as const;

/** The help of `firebreak init`, in English. */
export const initHelp: HelpTexts["commands"]["init"] = {
  summary: "asks for the settings, tries them and writes firebreak.yaml; run it as pnpm firebreak init",
  flags: {
    config: "the file to write (default: firebreak.yaml)",
    yes: "ask only for what has no default, and write a file anew that is there",
    source: "kind of the source (default: mongodb)",
    dump: "with --source dump: the folder or file that mongodump wrote",
    "mongodb-url": "URL of MongoDB, without a password; better from FIREBREAK_MONGODB_URL",
    "mysql-url": "URL of MySQL, without a password; better from FIREBREAK_MYSQL_URL",
    to: "kind of the target (default: the other kind than the source, if its URL is given)",
    include: "what to export, as a glob on db.collection or db.table (repeatable)",
    recipient: "encrypt to this age recipient, age1… (repeatable)",
  },
  examples: [
    ["pnpm firebreak init", "asks for everything and writes ./firebreak.yaml"],
    [
      "pnpm firebreak init --yes --mongodb-url mongodb://127.0.0.1:27017 --mysql-url mysql://root@127.0.0.1:3306/shop",
      "asks nothing, but tries both servers",
    ],
  ],
};

/** Faults of `firebreak init`, in English. */
export const initFaults: Pick<FaultTexts<CliFaults>, "init-unasked" | "settings-exist"> = {
  "init-unasked": () =>
    message(
      "init asks for the settings, and there is no terminal to ask on.",
      "Give the settings as flags or variables, and --yes; see pnpm firebreak init --help.",
    ),
  "settings-exist": (f) =>
    message(
      `${f.file} is there already.`,
      "Name another file with --config, or add --yes to write this one anew.",
    ),
};

/** Notes of `firebreak init`, in English. */
export const initNotes = {
  "server-found": serverFound,
  "globs-idle": (f) =>
    f.globs
      .map(
        ({ glob, nearest }) =>
          `${glob} matches nothing at the source${nearest === undefined ? "" : `; the nearest name is ${nearest}`}. An export refuses it as long as that is so.`,
      )
      .join("\n"),
  "settings-written": (f) =>
    [
      `${f.file} has the settings: give it to a command with --config, or set FIREBREAK_CONFIG.`,
      ...f.secrets.map((file) => `${file} has a URL with its password, and only you can read it.`),
    ].join("\n"),
} satisfies SomeNotes;

function serverFound(f: InspectNotes["server-found"]): string {
  const counted = (count: number, noun: string): string =>
    `${count.toLocaleString("en-US")} ${noun}${count === 1 ? "" : "s"}`;
  const name = f.kind === "mysql" && /mariadb/i.test(f.version) ? "MariaDB" : DATABASES[f.kind];
  const form = f.kind === "mysql" ? "" : f.isReplicaSet ? ", a replica set" : ", no replica set";
  const items = counted(f.itemCount, f.kind === "mysql" ? "table" : "collection");
  const where =
    f.database === undefined
      ? `${counted(f.databaseCount, "database")} with ${items}`
      : `the database ${f.database} has ${items}`;
  return `${name} ${f.version} at ${f.server}${form}: ${where}.`;
}

/** The questions of `firebreak init`, in English. What stands in brackets is the answer if the person gives none. */
export const initPrompts: Omit<Language["prompts"], "password"> = {
  "init-source": ({ choices }) => `Source: ${choices.join(", ")} [${choices[0]}]:`,
  "init-dump": () => "Folder or file that mongodump wrote:",
  "init-target": ({ choices }) => `Target: ${choices.join(", ")} [${choices[0]}]:`,
  "init-url": ({ kind, role }) =>
    `URL of the ${role}, ${DATABASES[kind]}, without a password (${EXAMPLES[kind]}):`,
  "init-password": () => "Password [none]:",
  "init-keep": ({ file }) =>
    `Keep the URL with its password in ${file}, which only you can read? If not, each command asks for the password. [Y/n]`,
  "init-archive": ({ fallback }) => `Folder of the archive [${fallback}]:`,
  "init-include": () =>
    "Globs on db.collection or db.table to export, with spaces between them [everything]:",
  "init-recipient": () => "age recipients to encrypt to, age1… [no encryption]:",
};
