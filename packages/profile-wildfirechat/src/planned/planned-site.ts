import type { ApplicationSite } from "@firebreak/profile";
import type { WildfirechatSettings } from "../settings/decisions.ts";
import { serverTable } from "../target/server-tables.ts";
import { ChatCounter } from "./chat-counter.ts";
import { messageCounting, userMessageCounting } from "./counting.ts";
import { knownProblems } from "./known-problems.ts";

/** Returns how a plan counts a hybrid's messages and its users' documents. */
export function plannedSite(settings: WildfirechatSettings): ApplicationSite {
  const { names, site } = settings;
  const counting = { messages: messageCounting(names), userMessages: userMessageCounting(names) };
  const database = site?.defaults.includes("mongodbDatabase") === false ? site.mongodbDatabase : undefined;
  return {
    countingOf(place) {
      if (database !== undefined && place.database !== database) return undefined;
      const { kind } = serverTable(place.collection);
      return kind === "messages" || kind === "userMessages" ? counting[kind] : undefined;
    },
    begin: () => new ChatCounter(settings),
    problems: (look) => knownProblems(settings, look),
  };
}
