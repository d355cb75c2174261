import { KEYS, MYSQL_URL, WORK, type Command } from "../command.ts";

export const statusCommand: Command = {
  name: "status",
  summary: "what is exported, transformed and loaded, what is left, and how fast it goes; writes nothing",
  flags: { ...MYSQL_URL, ...WORK, ...KEYS },
  examples: [
    ["pnpm status", "the archive in ./archive, and with FIREBREAK_MYSQL_URL the target too"],
    [
      "pnpm status --archive /mnt/usb/chat --mysql-url mysql://root@127.0.0.1:3306/chat",
      "how far a load is that runs elsewhere",
    ],
  ],
  hasOwnReport: true,
  onlyLooks: true,
  run: async function* (settings) {
    const url = settings.mysqlUrlIfAny;
    const { archiveStatus } = await import("@firebreak/status");
    const { archive } = settings;
    const folder = await settings.mysqlFolder();
    yield* archiveStatus({ archive, folder, url, identities: await settings.identities() });
  },
};
