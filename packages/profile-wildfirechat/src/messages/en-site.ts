import type { Phrases } from "@firebreak/profile";
import type { SiteProblem } from "../planned/known-problems.ts";

type SiteTexts = {
  readonly [W in SiteProblem["what"]]: (finding: Extract<SiteProblem, { what: W }>) => string;
};

const STORES = { mysql: "MySQL", h2: "H2" } as const;

/** The texts of a site's known problems, in English. */
export function siteTexts({ foldedNames }: Phrases): SiteTexts {
  return {
    "store-elsewhere": (f) =>
      `wildfirechat.conf keeps messages in ${STORES[f.store]} (embed.db, db.save_messages_in_mongodb), and MongoDB has messages too. Make sure that the file is the one of the running server, and look where its newest messages are.`,
    "migration-newer": (f) =>
      `the target's database is at migration ${f.found}, and the profile was tried with ${f.known} (server 1.2.4). Give --target-facts, so that rows are made for its tables, and rehearse.`,
    "mid-repeats": (f) =>
      `${foldedNames(f.tables)} ${f.tables.length === 1 ? "has" : "have"} no unique key on _mid, as databases that were made before 2023-12-03. A message may be there twice. Servers from 1.2.6 on leave such copies out of the history, and the vendor has a repair.`,
    "collections-stay": (f) =>
      `these collections stay in MongoDB: ${foldedNames(f.collections)}. Moments are only there: keep it running if they are used.`,
  };
}
