import { TARGET_URLS, WORK, type Command } from "../command.ts";
import type { FlagKinds } from "../flags.ts";
import { profileFlags } from "../profile-settings.ts";
import { profileToPlan } from "../profile-to-plan.ts";
import type { Profiles } from "../profiles.ts";
import { VERSION } from "../version.ts";

const ownFlags = {
  include: { type: "string", array: true, nargs: 1 },
  exclude: { type: "string", array: true, nargs: 1 },
  watch: { type: "number" },
  probe: { type: "string" },
} satisfies FlagKinds;

type Flag =
  | keyof typeof TARGET_URLS
  | keyof typeof WORK
  | keyof ReturnType<typeof profileFlags>
  | keyof typeof ownFlags;

export function planCommand(profiles: Profiles): Command<Flag> {
  return {
    name: "plan",
    startsOver: () => true,
    flags: { ...TARGET_URLS, ...WORK, ...profileFlags(profiles), ...ownFlags },
    withoutEffect: ["yes"],
    hasOwnReport: true,
    onlyLooks: true,
    run: async function* (settings) {
      const [mongodbUrl, mysqlUrl] = [await settings.mongodbUrl, await settings.mysqlUrl];
      const { planMove } = await import("@firebreak/plan");
      yield* planMove({
        mongodbUrl,
        mysqlUrl,
        jobs: settings.jobs,
        version: VERSION,
        work: settings.work,
        include: settings.list("include"),
        exclude: settings.list("exclude"),
        watchSeconds: settings.count("watch") ?? 0,
        scratch: settings.text("probe"),
        ...(await profileToPlan(settings, profiles)),
      });
    },
  };
}
