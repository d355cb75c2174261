import type { ProfileEntry } from "@firebreak/profile";
import { english } from "./english.ts";

/** The profile of an invented ticket system. It shows that a profile needs a line of the registry, and no more. */
export const ticketEntry: ProfileEntry<"en"> = {
  name: "tickets",
  texts: { en: english },
  load: async () => (await import("./support.ts")).ticketSupport,
};
