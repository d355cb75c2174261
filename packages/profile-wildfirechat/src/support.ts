import type { GivenSettings, ProfileSupport } from "@firebreak/profile";
import { chatApplication } from "./target/application.ts";
import { DEFAULT_FIELD_NAMES, readFieldNames, type FieldNames } from "./documents/field-names.ts";
import { readProfileOptions, type ProfileOptions } from "./settings/profile-options.ts";
import { serverTable } from "./target/server-tables.ts";
import { settingsOfChain } from "./settings/settings-of-chain.ts";
import { readSite, type SiteSettings } from "./settings/site-settings.ts";
import { chatTargetFacts, type ChatTargetFacts } from "./target/target-facts.ts";
import type { Profile } from "@firebreak/transform";
import { beginToMongodb } from "./begin-to-mongodb.ts";
import { beginToMysql } from "./begin-to-mysql.ts";
import { conversationGroups } from "./documents/conversation-groups.ts";
import { saidSettings } from "./queries/queried-site.ts";
import { profileFault } from "./profile-faults.ts";
import type { WildfirechatSettings } from "./settings/decisions.ts";

/** Everything that the command line and its recipes ask of the profile. */
export const wildfirechatSupport: ProfileSupport = {
  application: chatApplication,
  databaseOf(namespaces) {
    for (const [database, collections] of Map.groupBy(namespaces, (n) => n.database)) {
      const kinds = new Set(collections.map(({ collection }) => serverTable(collection).kind));
      if (kinds.has("messages") && kinds.has("userMessages")) return database;
    }
    return undefined;
  },
  async chosen(given) {
    const { names = DEFAULT_FIELD_NAMES, ...said } = await readGiven(given);
    return wildfirechat({ ...said, names });
  },
  async ofChain({ to, facts, target }, given) {
    const said = await readGiven(given);
    const known = settingsOfChain(facts, { ...said, to, given: said.options.given });
    const profile = wildfirechat({ ...known, facts: said.facts ?? (target && chatTargetFacts(target)) });
    return { profile, options: known.options.given };
  },
  async queries(given) {
    const said = await saidSettings(given);
    const { siteQueries } = await import("./queries/site-queries.ts");
    return siteQueries(said);
  },
  async site(given) {
    const { names = DEFAULT_FIELD_NAMES, ...said } = await readGiven(given);
    const { plannedSite } = await import("./planned/planned-site.ts");
    return plannedSite({ ...said, names });
  },
  async groups(given) {
    const { names = DEFAULT_FIELD_NAMES } = await readGiven(given);
    return conversationGroups(names);
  },
};

/** The settings of a site that a person gave, in options and files. Undefined stands for a file not given. */
interface Given {
  readonly options: ProfileOptions;
  readonly names: FieldNames | undefined;
  readonly site: SiteSettings | undefined;
  readonly facts: ChatTargetFacts | undefined;
}

async function readGiven(given: GivenSettings): Promise<Given> {
  const options = readProfileOptions(given.options);
  const { fieldsFile } = options;
  const { site, target } = given;
  return {
    options,
    names: fieldsFile === undefined ? undefined : readFieldNames(await given.readText(fieldsFile)),
    site: site && (await readSite(site, options.jdbcZone !== undefined)),
    facts: target && chatTargetFacts(target),
  };
}

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
