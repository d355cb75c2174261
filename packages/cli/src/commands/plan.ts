import type { Command } from "../command.ts";
import type { FlagKinds } from "../flags.ts";
import { moveFlags, moveSettings, profileToPlan } from "../move-settings.ts";
import { givenArguments, urlVariables } from "../plan-arguments.ts";
import type { Profiles } from "../profiles.ts";

const ownFlags = {
  watch: { type: "number" },
  survey: { choices: ["sample", "all"] },
  probe: { type: "string" },
} satisfies FlagKinds;

type Flag = keyof ReturnType<typeof moveFlags> | keyof typeof ownFlags;

export function planCommand(profiles: Profiles): Command<Flag> {
  return {
    name: "plan",
    startsOver: () => true,
    flags: { ...moveFlags(profiles), ...ownFlags },
    withoutEffect: ["yes"],
    hasOwnReport: true,
    onlyLooks: true,
    run: async function* (settings, _ask, _dialogue, texts) {
      const mongodbUrl = await settings.mongodbUrl;
      const move = await moveSettings(settings);
      const variables = await urlVariables(settings);
      const { planMove } = await import("@firebreak/plan");
      yield* planMove({
        ...move,
        ...(await profileToPlan(settings, profiles)),
        mongodbUrl,
        watchSeconds: settings.count("watch") ?? 0,
        surveysAll: settings.text("survey") === "all",
        scratch: settings.text("probe"),
        archive: settings.archive,
        given: givenArguments(settings),
        checklistText: (record) => texts.checklist(record, variables),
      });
    },
  };
}
