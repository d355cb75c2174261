import { checkRecipient, identityOfPassphrase, readSigningKey } from "@firebreak/archive";
import type { ExportEvent, ExportOptions, SourceOptions } from "@firebreak/export";
import { cliFault } from "../cli-faults.ts";
import { KEYS, MONGODB_URL, MYSQL_URL, type Command } from "../command.ts";
import type { Settings } from "../settings.ts";
import { VERSION } from "../version.ts";

const DEFAULT_PART_MIB = 64;
const DEFAULT_PATIENCE_MINUTES = 10;
const SOURCES = ["mongodb", "mysql", "dump"] as const satisfies SourceOptions["kind"][];

export const exportCommand: Command = {
  name: "export",
  // A delta is found anew, because the source has moved on.
  startsOver: (settings) => settings.path("delta-from") !== undefined,
  tellsNotCarried: true,
  summary: "MongoDB, MySQL, or what mongodump wrote, to an archive of NDJSON files",
  flags: {
    ...MONGODB_URL,
    identity: KEYS["identity"]!,
    "delta-from": {
      type: "string",
      describe: "only what changed since this archive, the last link of its chain",
    },
    "by-comparison": {
      type: "boolean",
      describe:
        "with --delta-from: find changes by comparing the source with the chain, not by change stream",
    },
    "mysql-url": {
      ...MYSQL_URL["mysql-url"],
      describe: "with --source mysql: the source, without a password; better from FIREBREAK_MYSQL_URL",
    },
    source: { choices: SOURCES, describe: "kind of the source (default: mongodb)" },
    dump: {
      type: "string",
      describe:
        "with --source dump: what mongodump wrote, also with --gzip: its folder, one database's folder in it, the .bson file of a collection, or an --archive file",
    },
    "no-oplog": {
      type: "boolean",
      describe: "with --source dump: leave documents as mongodump met them, although the dump has an oplog",
    },
    include: {
      type: "string",
      array: true,
      nargs: 1,
      describe: "only what matches this glob on db.collection or db.table (repeatable)",
    },
    exclude: { type: "string", array: true, nargs: 1, describe: "not what matches this glob (repeatable)" },
    "give-up-after": {
      type: "number",
      describe: `minutes that the server may fail before the export ends, to be gone on with (default: ${DEFAULT_PATIENCE_MINUTES})`,
    },
    recipient: {
      type: "string",
      array: true,
      nargs: 1,
      describe: "encrypt to this age recipient, age1… (repeatable)",
    },
    "passphrase-file": { type: "string", describe: "encrypt with the passphrase in this file" },
    "clear-names": { type: "boolean", describe: "show names of databases and collections without a key" },
    sign: { type: "string", describe: "sign with the Ed25519 private key (PEM) in this file" },
    "part-mib": {
      type: "number",
      describe: `size of a part before compression (default: ${DEFAULT_PART_MIB})`,
    },
  },
  withoutEffect: ["yes"],
  examples: [
    ["pnpm export --mongodb-url mongodb://127.0.0.1:27017", "every database, into ./archive"],
    [
      "pnpm export --include 'chat.*' --exclude '*.tmp_*' --archive /backup/chat",
      "one database without its temporary collections",
    ],
    [
      "pnpm export --recipient age1… --sign office.key",
      "encrypted to the holder of a key, signed by the office",
    ],
    [
      "pnpm export --source mysql --mysql-url mysql://backup@db1",
      "every database of a MySQL, all as of one moment",
    ],
    ["pnpm export --source mysql --include 'shop.*' --jobs 4", "one database, over four connections"],
    ["pnpm export --source dump --dump /backup/dump", "the folder of mongodump --out, with no server"],
    [
      "pnpm export --delta-from /backup/chat --archive /backup/chat-1",
      "only what changed since that export; the next one goes on from chat-1",
    ],
    [
      "pnpm export --source dump --dump chat.archive.gz --include 'chat.*'",
      "one database of mongodump --archive",
    ],
  ],
  run: async function* (settings) {
    const deltaFrom = settings.path("delta-from");
    if (deltaFrom !== undefined) {
      return yield* runDelta(settings, deltaFrom);
    }
    for (const flag of ["by-comparison", "identity"])
      if (settings.text(flag) !== undefined || settings.isOn(flag))
        throw usage(`--${flag} goes with --delta-from`);
    const options = {
      source: sourceOf(settings),
      archive: settings.archive,
      jobs: settings.jobs,
      include: settings.list("include"),
      exclude: settings.list("exclude"),
      partMib: settings.number("part-mib") ?? DEFAULT_PART_MIB,
      giveUpAfterMs: (settings.number("give-up-after") ?? DEFAULT_PATIENCE_MINUTES) * 60_000,
      ...(await protectionOf(settings)),
      version: VERSION,
    };
    const { exportArchive } = await import("@firebreak/export");
    yield* exportArchive(options);
  },
};

/** Exports a delta. A setting that the person does not give is that of the link before. */
async function* runDelta(settings: Settings, deltaFrom: string): AsyncIterable<ExportEvent> {
  const { recipients, hasPassphrase, passphraseFile, hasClearNames, signingKey } =
    await protectionOf(settings);
  const listed = (name: string): string[] | undefined =>
    settings.list(name).length > 0 ? settings.list(name) : undefined;
  const options = {
    source: sourceOf(settings),
    archive: settings.archive,
    deltaFrom,
    isByComparison: settings.isOn("by-comparison"),
    jobs: settings.jobs,
    giveUpAfterMs: (settings.number("give-up-after") ?? DEFAULT_PATIENCE_MINUTES) * 60_000,
    identities:
      passphraseFile === undefined
        ? await settings.identities()
        : [(await identityOfPassphrase(deltaFrom, passphraseFile, false)).identity],
    said: {
      include: listed("include"),
      exclude: listed("exclude"),
      partMib: settings.number("part-mib"),
      recipients: recipients.length > 0 ? recipients : undefined,
      hasPassphrase: hasPassphrase || undefined,
      hasClearNames: hasClearNames || undefined,
    },
    signingKey,
    version: VERSION,
  };
  const { exportDelta } = await import("@firebreak/export");
  yield* exportDelta(options);
}

/** @throws {FirebreakError} `usage`, `recipient-invalid` or `signing-key-invalid`. */
async function protectionOf(
  settings: Settings,
): Promise<
  Pick<ExportOptions, "recipients" | "hasPassphrase" | "passphraseFile" | "hasClearNames" | "signingKey">
> {
  const recipients = settings.list("recipient");
  const passphraseFile = settings.path("passphrase-file");
  const hasPassphrase = passphraseFile !== undefined;
  const hasClearNames = settings.isOn("clear-names");
  const signingKey = settings.path("sign");
  if (recipients.length > 0 && hasPassphrase)
    throw usage("--recipient and --passphrase-file exclude each other: age allows a passphrase alone");
  if (hasClearNames && recipients.length === 0 && !hasPassphrase && settings.path("delta-from") === undefined)
    throw usage("--clear-names is for an encrypted archive; others show all names");
  for (const recipient of recipients) await checkRecipient(recipient);
  return {
    recipients,
    hasPassphrase,
    passphraseFile,
    hasClearNames,
    signingKey: signingKey === undefined ? undefined : await readSigningKey(signingKey),
  };
}

/** @throws {FirebreakError} `usage` if --source and --dump do not fit; `url-missing`, `password-in-flag`. */
function sourceOf(settings: Settings): SourceOptions {
  const kind = settings.choice("source", SOURCES) ?? "mongodb";
  const path = settings.path("dump");
  if (kind !== "mongodb")
    settings.refuse(["mongodb-url", "give-up-after"], `is for --source mongodb, not for --source ${kind}`);
  if (kind !== "dump") settings.refuse(["no-oplog"], "goes with --source dump");
  if (kind !== "mysql") settings.refuse(["mysql-url"], "goes with --source mysql");
  switch (kind) {
    case "mongodb":
      if (path !== undefined)
        throw usage("--dump names what to read only with --source dump; without that a server is read");
      return { kind, url: settings.mongodbUrl };
    case "mysql":
      if (path !== undefined) throw usage("--dump goes with --source dump, not with --source mysql");
      return { kind, url: settings.mysqlUrl };
    case "dump":
      if (path === undefined)
        throw usage("--source dump takes --dump PATH, the folder or archive file that mongodump wrote");
      return { kind, path, skipsOplog: settings.isOn("no-oplog") };
  }
}

function usage(reason: string): Error {
  return cliFault("usage", { reason, command: "export" });
}
