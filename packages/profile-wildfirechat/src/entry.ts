import type { ProfileEntry } from "@firebreak/profile";
import { english } from "./messages/en.ts";

/** The profile of a WildfireChat server, as the command line's registry has it. */
export const wildfirechatEntry: ProfileEntry<"en"> = {
  name: "wildfirechat",
  texts: { en: english },
  load: async () => (await import("./support.ts")).wildfirechatSupport,
};
