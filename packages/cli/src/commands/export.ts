import { checkRecipient, identityOfPassphrase, readSigningKey } from "@firebreak/archive";
import type { ExportEvent, ExportOptions, SourceOptions } from "@firebreak/export";
import { cliReason } from "../cli-faults.ts";
import { KEYS, MONGODB_URL, MYSQL_URL, type Command } from "../command.ts";
import { type FlagKinds, DEFAULTS } from "../flags.ts";
import type { Settings } from "../settings.ts";
import { VERSION } from "../version.ts";

const SOURCES = ["mongodb", "mysql", "dump"] as const satisfies SourceOptions["kind"][];

const flags = {
  ...MONGODB_URL,
  identity: KEYS.identity,
  "delta-from": { type: "string" },
  "by-comparison": { type: "boolean" },
  ...MYSQL_URL,
  source: { choices: SOURCES },
  dump: { type: "string" },
  "no-oplog": { type: "boolean" },
  include: { type: "string", array: true, nargs: 1 },
  exclude: { type: "string", array: true, nargs: 1 },
  "give-up-after": { type: "number" },
  recipient: { type: "string", array: true, nargs: 1 },
  "passphrase-file": { type: "string" },
  "clear-names": { type: "boolean" },
  sign: { type: "string" },
  "part-mib": { type: "number" },
} satisfies FlagKinds;

export const exportCommand: Command<keyof typeof flags> = {
  name: "export",
  // A delta is found anew, because the source has moved on.
  startsOver: (settings) => settings.path("delta-from") !== undefined,
  tellsNotCarried: true,
  flags,
  withoutEffect: ["yes"],
  run: async function* (settings) {
    const deltaFrom = settings.path("delta-from");
    if (deltaFrom !== undefined) {
      yield* runDelta(settings, deltaFrom);
      return;
    }
    for (const flag of ["by-comparison", "identity"])
      if (settings.text(flag) !== undefined || settings.isOn(flag))
        throw settings.usage(cliReason("flag-goes-with", { flag, with: "delta-from" }));
    const options = {
      source: await sourceOf(settings),
      archive: settings.archive,
      jobs: settings.jobs,
      include: settings.list("include"),
      exclude: settings.list("exclude"),
      partMib: settings.number("part-mib") ?? DEFAULTS.partMib,
      giveUpAfterMs: (settings.number("give-up-after") ?? DEFAULTS.giveUpAfterMinutes) * 60_000,
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
    source: await sourceOf(settings),
    archive: settings.archive,
    deltaFrom,
    isByComparison: settings.isOn("by-comparison"),
    jobs: settings.jobs,
    giveUpAfterMs: (settings.number("give-up-after") ?? DEFAULTS.giveUpAfterMinutes) * 60_000,
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
  if (recipients.length > 0 && hasPassphrase) throw settings.usage(cliReason("recipient-with-passphrase"));
  if (hasClearNames && recipients.length === 0 && !hasPassphrase && settings.path("delta-from") === undefined)
    throw settings.usage(cliReason("clear-names-unencrypted"));
  for (const recipient of recipients) await checkRecipient(recipient);
  return {
    recipients,
    hasPassphrase,
    passphraseFile,
    hasClearNames,
    signingKey: signingKey === undefined ? undefined : await readSigningKey(signingKey),
  };
}

/** @throws {FirebreakError} `usage` if --source and --dump do not fit; or a fault of a URL. */
async function sourceOf(settings: Settings): Promise<SourceOptions> {
  const kind = settings.choice("source", SOURCES) ?? "mongodb";
  const path = settings.path("dump");
  if (kind !== "mongodb")
    settings.refuse(["mongodb-url", "mongodb-url-file", "give-up-after"], (flag) =>
      cliReason("flag-of-mongodb-source", { flag, source: kind }),
    );
  if (kind !== "dump")
    settings.refuse(["no-oplog"], (flag) => cliReason("flag-goes-with", { flag, with: "source dump" }));
  if (kind !== "mysql")
    settings.refuse(["mysql-url", "mysql-url-file"], (flag) =>
      cliReason("flag-goes-with", { flag, with: "source mysql" }),
    );
  switch (kind) {
    case "mongodb":
      if (path !== undefined) throw settings.usage(cliReason("dump-of-server"));
      return { kind, url: await settings.mongodbUrl };
    case "mysql":
      if (path !== undefined) throw settings.usage(cliReason("dump-of-mysql"));
      return { kind, url: await settings.mysqlUrl };
    case "dump":
      if (path === undefined) throw settings.usage(cliReason("dump-missing"));
      return { kind, path, skipsOplog: settings.isOn("no-oplog") };
  }
}
