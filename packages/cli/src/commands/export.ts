import { MONGODB_URL, type Command } from "../command.ts";
import { VERSION } from "../version.ts";

const DEFAULT_PART_MIB = 64;

export const exportCommand: Command = {
  name: "export",
  summary: "MongoDB to an archive of NDJSON files",
  flags: {
    ...MONGODB_URL,
    source: { choices: ["mongodb"], describe: "kind of the source (default: mongodb)" },
    include: {
      type: "string",
      array: true,
      nargs: 1,
      describe: "only what matches this glob on db.collection (repeatable)",
    },
    exclude: { type: "string", array: true, nargs: 1, describe: "not what matches this glob (repeatable)" },
    "part-mib": {
      type: "number",
      describe: `size of a part before compression (default: ${DEFAULT_PART_MIB})`,
    },
  },
  examples: [
    ["pnpm export --mongodb-url mongodb://127.0.0.1:27017", "every database, into ./archive"],
    [
      "pnpm export --include 'chat.*' --exclude '*.tmp_*' --archive /backup/chat",
      "one database without its temporary collections",
    ],
  ],
  run: async function* (settings) {
    const options = {
      url: settings.mongodbUrl,
      archive: settings.archive,
      jobs: settings.jobs,
      include: settings.list("include"),
      exclude: settings.list("exclude"),
      partMib: settings.number("part-mib") ?? DEFAULT_PART_MIB,
      version: VERSION,
    };
    const { exportArchive } = await import("@firebreak/export");
    yield* exportArchive(options);
  },
};
