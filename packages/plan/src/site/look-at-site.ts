import type { MongodbSource, Namespace } from "@firebreak/mongodb";
import type { MysqlSession } from "@firebreak/mysql";
import type { PlanFinding, Unseen } from "../plan-record.ts";
import type { ApplicationSite } from "@firebreak/profile";
import { countSite } from "./count-site.ts";
import { objectIdHours } from "./object-id-hours.ts";
import { SiteBudget } from "./site-budget.ts";
import type { DayHours, SiteVolume } from "./site-volume.ts";

/** The parts of a plan that say what a site has, and when it is used. */
export interface SiteLooks {
  readonly record: { readonly site?: SiteVolume; readonly hours?: DayHours };
  /** The new documents of a day, by namespace, as far as an application knows their times. */
  readonly perDay: ReadonlyMap<string, number>;
  readonly findings: readonly PlanFinding[];
  readonly unseen: readonly Unseen[];
}

/**
 * Looks at an application's documents, and at the hours in which documents are written. Without an application, or if
 * it has no documents here, ObjectIds tell the hours.
 *
 * @throws {FirebreakError} any error of mongodb or mysql.
 */
export async function lookAtSite(
  source: MongodbSource,
  session: MysqlSession,
  namespaces: readonly Namespace[],
  application: ApplicationSite | undefined,
  nowMs: number,
): Promise<SiteLooks> {
  const budget = new SiteBudget();
  const counted = application && (await countSite(source, application, namespaces, nowMs, budget));
  const hours =
    counted === undefined ? await objectIdHours(source, namespaces, nowMs, budget) : counted.hours;
  const found = (await application?.problems({ session, collections: namespaces })) ?? [];
  const isLacking = counted !== undefined && counted.site.uncounted.length > 0;
  const { site, reason } = counted ?? {};
  return {
    record: { ...(site === undefined ? {} : { site }), ...(hours === undefined ? {} : { hours }) },
    perDay: counted?.perDay ?? new Map(),
    findings: found.map(({ severity, finding }) => ({ code: "application", severity, fields: finding })),
    unseen: [
      ...(isLacking ? [{ what: "site" as const, ...(reason === undefined ? {} : { reason }) }] : []),
      ...(hours === undefined ? [{ what: "hours" as const }] : []),
    ],
  };
}
