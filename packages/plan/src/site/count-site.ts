import type { Reason } from "@firebreak/archive";
import type { MongodbSource, Namespace } from "@firebreak/mongodb";
import type { ApplicationSite, Counting, Place, SiteCounter } from "@firebreak/profile";
import { countGroups } from "./count-groups.ts";
import { DAY_MS, dayHours, recentDays } from "./day-hours.ts";
import type { SiteBudget } from "./site-budget.ts";
import type { DayHours, SiteVolume } from "./site-volume.ts";

export interface CountedSite {
  readonly site: SiteVolume;
  /** Missing if the site is not a day old, or shows no times. */
  readonly hours: DayHours | undefined;
  /** The new documents of a day, by namespace. */
  readonly perDay: ReadonlyMap<string, number>;
  /** The first reason why a collection was not counted. */
  readonly reason: Reason | undefined;
}

interface CountedPlace {
  readonly ns: Namespace;
  readonly place: Place;
  readonly counting: Counting;
}

/**
 * Counts an application's documents by table and by the time at which they were written. The server does it, in one
 * read of each collection and another one of what is recent.
 *
 * @throws {FirebreakError} any error of mongodb, apart from those of the aggregations themselves.
 */
export async function countSite(
  source: MongodbSource,
  application: ApplicationSite,
  namespaces: readonly Namespace[],
  nowMs: number,
  budget: SiteBudget,
): Promise<CountedSite | undefined> {
  const places = placesOf(application, namespaces);
  if (places.length === 0) return undefined;
  const counter = application.begin();
  const uncounted = new Set<string>();
  let reason: Reason | undefined;
  const countEach = async (
    matchOf: (counting: Counting) => Readonly<Record<string, unknown>>,
    add: SiteCounter["add"],
  ): Promise<void> => {
    for (const { ns, place, counting } of places) {
      if (uncounted.has(ns.namespace)) continue;
      const by = { match: matchOf(counting), groupBy: counting.groupBy };
      const counted = await countGroups(source, ns, by, budget);
      if ("groups" in counted) for (const group of counted.groups) add(place, group);
      else {
        reason ??= counted.reason;
        uncounted.add(ns.namespace);
      }
    }
  };
  await countEach(
    () => ({}),
    (place, group) => counter.add(place, group),
  );
  const perDay = new Map<string, number>();
  const span = counter.span(nowMs);
  const days = span && recentDays(span);
  if (span !== undefined && days !== undefined) {
    for (const { ns } of places) perDay.set(ns.namespace, 0);
    await countEach(
      (counting) => counting.between(span.untilMs - days * DAY_MS, span.untilMs),
      (place, group) => {
        const namespace = `${place.database}.${place.collection}`;
        perDay.set(namespace, (perDay.get(namespace) ?? 0) + group.documents / days);
        counter.addRecent(place, group);
      },
    );
    for (const namespace of uncounted) perDay.delete(namespace);
  }
  const until = new Date(span?.untilMs ?? 0).toISOString();
  const count = counter.finish();
  const { tables, unplaced, zone, times } = count;
  const growth = days === undefined ? {} : { growth: { until, days } };
  return {
    site: {
      zone,
      tables: tables.map(({ recentDocuments, ...table }) => ({
        ...table,
        ...(days === undefined ? {} : { documentsPerDay: recentDocuments / days }),
      })),
      unplaced,
      ...growth,
      uncounted: [...uncounted],
    },
    hours: days === undefined ? undefined : dayHours(times, (ms) => count.hourOf(ms), { zone, until, days }),
    perDay,
    reason,
  };
}

function placesOf(application: ApplicationSite, namespaces: readonly Namespace[]): CountedPlace[] {
  return namespaces.flatMap((ns) => {
    const place = { database: ns.database, collection: ns.collection };
    const counting = ns.kind === "collection" ? application.countingOf(place) : undefined;
    return counting === undefined ? [] : [{ ns, place, counting }];
  });
}
