import { KEYS, MYSQL_URL, WORK, type Command } from "../command.ts";

export const checksumCommand: Command = {
  name: "checksum",
  summary: "the archive's digests against the target's: equal, or the rows that differ",
  flags: { ...MYSQL_URL, ...WORK, ...KEYS },
  examples: [
    [
      "pnpm checksum --mysql-url mysql://root@127.0.0.1:3306/chat",
      "the archive in ./archive with database chat",
    ],
  ],
  run: async function* (settings) {
    const url = settings.mysqlUrl;
    const { checksumArchive } = await import("@firebreak/checksum");
    yield* checksumArchive({
      archive: settings.archive,
      folder: await settings.mysqlFolder(),
      url,
      jobs: settings.jobs,
      identities: await settings.identities(),
    });
  },
};
