import { cliFault } from "../cli-faults.ts";
import { KEYS, TARGET_URLS, WORK, type Command } from "../command.ts";
import { DEFAULTS, type FlagKinds } from "../flags.ts";
import { givenSettings } from "../profile-settings.ts";
import type { Profiles } from "../profiles.ts";
import { readText } from "../read-text.ts";

const flags = {
  ...TARGET_URLS,
  ...WORK,
  ...KEYS,
  connections: { type: "number" },
  file: { type: "string" },
  include: { type: "string", array: true, nargs: 1 },
  exclude: { type: "string", array: true, nargs: 1 },
  "profile-option": { type: "string", array: true },
  site: { type: "string" },
} satisfies FlagKinds;

export function queryTestCommand(profiles: Profiles): Command<keyof typeof flags> {
  return {
    name: "query-test",
    startsOver: () => true,
    writesWith: [],
    flags,
    withoutEffect: ["jobs", "yes"],
    hasOwnReport: true,
    run: async function* (settings) {
      const { archive } = settings;
      const [mongodbUrl, mysqlUrl] = [await settings.mongodbUrl, await settings.mysqlUrl];
      const connectionCount = settings.whole("connections") ?? DEFAULTS.connections;
      if (!(await settings.isTransformed("mysql"))) throw cliFault("not-transformed", { archive });
      const { queryTest, readQueries } = await import("@firebreak/query-test");
      const file = settings.path("file");
      const custom = file === undefined ? [] : readQueries(file, await readText(file));
      yield* queryTest({
        archive,
        folder: await settings.mysqlFolder(),
        mongodbUrl,
        mysqlUrl,
        connectionCount,
        include: settings.list("include"),
        exclude: settings.list("exclude"),
        identities: await settings.identities(),
        custom,
        applicationQueries: async (name) => {
          const entry = profiles.find((profile) => profile.name === name);
          const support = await entry?.load();
          return entry && support?.queries?.(await givenSettings(settings, entry));
        },
      });
    },
  };
}
