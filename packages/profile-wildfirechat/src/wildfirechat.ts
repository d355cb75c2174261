import type { Profile } from "@firebreak/transform";
import { beginToMongodb } from "./begin-to-mongodb.ts";
import { beginToMysql } from "./begin-to-mysql.ts";
import { profileFault } from "./profile-faults.ts";
import type { WildfirechatSettings } from "./settings/wildfirechat-settings.ts";

/** Makes the profile of a WildfireChat server, for transform. */
export function wildfirechat(settings: WildfirechatSettings): Profile {
  return {
    name: "wildfirechat",
    begin: (source) => {
      if (source.to === "mongodb") return beginToMongodb(source, settings);
      // Tables have a description, collections have none.
      if (source.namespaces.some(({ table }) => table !== undefined))
        throw profileFault("profile-direction", { to: source.to });
      return beginToMysql(source, settings);
    },
  };
}
