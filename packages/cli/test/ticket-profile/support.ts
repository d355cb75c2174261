import type { GivenSettings, ProfileSupport } from "@firebreak/profile";
import type { Profile, ProfileBeginning, ProfileSource } from "@firebreak/transform";
import type { TargetFacts } from "@firebreak/archive";
import { RELEASE, ticketApplication, TICKETS } from "./application.ts";
import { ticketFault } from "./ticket-faults.ts";

/** The collection of tickets in MongoDB. */
const COLLECTION = "tickets";

/** The letters before a ticket's number, by an option or by the site's `tickets.ini`. */
interface TicketSettings {
  readonly options: Readonly<Record<string, string>>;
  readonly prefix: string;
  readonly by: "option" | "site" | "default";
  readonly target: TargetFacts | undefined;
}

export const ticketSupport: ProfileSupport = {
  application: ticketApplication,
  databaseOf: (namespaces) => namespaces.find((n) => n.collection === COLLECTION)?.database,
  chosen: async (given) => ticketProfile(await settingsOf(given)),
  async ofChain({ facts, target }, given) {
    const said = await settingsOf(given);
    const { value: prefix, by } = facts.decisions.find(({ setting }) => setting === "prefix")!;
    const settings = { options: facts.options, prefix, by: by as "option", target: said.target ?? target };
    return { profile: ticketProfile(settings), options: facts.options };
  },
};

async function settingsOf({ options, site, target }: GivenSettings): Promise<TicketSettings> {
  const given: Record<string, string> = {};
  for (const option of options) {
    const [name = "", value = ""] = option.split("=");
    if (name !== "prefix") throw ticketFault("tickets-option-invalid", { option: name });
    given[name] = value;
  }
  const file = await site?.read("tickets.ini");
  if (site !== undefined && file === undefined)
    throw ticketFault("tickets-site-empty", { folder: site.path });
  const ofSite = /^prefix = (.*)$/m.exec(file ?? "")?.[1];
  const prefix = given["prefix"] ?? ofSite ?? "T-";
  const by = "prefix" in given ? "option" : ofSite === undefined ? "default" : "site";
  return { options: given, prefix, by, target };
}

function ticketProfile(settings: TicketSettings): Profile {
  return { name: "tickets", begin: (source) => begin(source, settings) };
}

function begin({ namespaces }: ProfileSource, settings: TicketSettings): ProfileBeginning {
  const { namespace, database } = namespaces.find((n) => n.collection === COLLECTION)!;
  const { options, prefix, by, target } = settings;
  return {
    module: new URL("./worker.ts", import.meta.url).href,
    groups: [{ name: "tickets", namespaces: [namespace] }],
    others: "stay",
    staying: [],
    surveyData: () => ({}),
    merge: (one, other) => ({ seen: seenOf(one) + seenOf(other) }),
    plan: (surveys) => ({
      data: { prefix },
      tables: [
        {
          table: TICKETS,
          database: target?.database ?? database,
          namespace,
          columns: [
            { name: "number", sqlType: "int", form: "text" },
            { name: "title", sqlType: "varchar(80)", form: "text" },
          ],
          keyColumns: ["number"],
          rowEncoding: "values",
        },
      ],
      collections: [],
      target,
      ownTablesCheck: `SELECT 1 FROM ${RELEASE}`,
      options,
      decisions: [{ setting: "prefix", value: prefix, by }],
      counts: { tickets: { seen: seenOf(surveys.get("tickets") ?? {}) } },
      listed: ["closed"],
      decideDuplicates: () => ({ kept: 0, others: { kind: "collapsed" } }),
      movedSince: (earlier: { prefix: string }) => (earlier.prefix === prefix ? [] : undefined),
      absentRemark: () => undefined,
    }),
  };
}

function seenOf(survey: object): number {
  return (survey as { readonly seen?: number }).seen ?? 0;
}
