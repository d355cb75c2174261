import { ObjectId } from "mongodb";
import { explainMongodb, type MongodbSource, type Namespace } from "@firebreak/mongodb";
import type { WrittenAt } from "@firebreak/profile";
import { countGroups } from "./count-groups.ts";
import { DAY_MS, dayHours, QUARTER_MS, RECENT_DAYS, recentDays } from "./day-hours.ts";
import type { SiteBudget } from "./site-budget.ts";
import type { DayHours } from "./site-volume.ts";

const BY_QUARTER = { $floor: { $divide: [{ $toLong: { $toDate: "$_id" } }, QUARTER_MS] } };

/**
 * Counts the documents of the last weeks by the hour of the day, in the zone of this machine. The times are those of
 * ObjectIds. Undefined if the collections have none, or if all are of one day.
 *
 * @throws {FirebreakError} any error of mongodb, apart from those of the aggregations themselves.
 */
export async function objectIdHours(
  source: MongodbSource,
  namespaces: readonly Namespace[],
  nowMs: number,
  budget: SiteBudget,
): Promise<DayHours | undefined> {
  const dated: Namespace[] = [];
  let untilMs = 0;
  for (const ns of namespaces) {
    const ms = ns.kind === "collection" ? await newestMs(source, ns, nowMs) : undefined;
    if (ms === undefined) continue;
    dated.push(ns);
    untilMs = Math.max(untilMs, Math.ceil((ms + 1) / QUARTER_MS) * QUARTER_MS);
  }
  const match = { _id: { $gte: idAt(untilMs - RECENT_DAYS * DAY_MS), $lt: idAt(untilMs) } };
  const times: WrittenAt[] = [];
  for (const ns of dated) {
    const counted = await countGroups(source, ns, { match, groupBy: BY_QUARTER }, budget);
    const groups = "groups" in counted ? counted.groups : [];
    times.push(...groups.map(({ key, documents }) => ({ ms: Number(key) * QUARTER_MS, documents })));
  }
  const fromMs = times.reduce((least, { ms }) => Math.min(least, ms), untilMs);
  const days = recentDays({ fromMs, untilMs });
  if (days === undefined) return undefined;
  const clock = new Intl.DateTimeFormat("en-US", { hour: "numeric", hourCycle: "h23" });
  const zone = clock.resolvedOptions().timeZone;
  return dayHours(times, (ms) => Number(clock.format(ms)), {
    zone,
    until: new Date(untilMs).toISOString(),
    days,
  });
}

function idAt(ms: number): ObjectId {
  return ObjectId.createFromTime(Math.max(0, Math.floor(ms / 1000)));
}

/** Returns the time of the newest ObjectId of a collection, without those of the future. */
async function newestMs(source: MongodbSource, ns: Namespace, nowMs: number): Promise<number | undefined> {
  try {
    const newest = await source.client
      .db(ns.database)
      .collection(ns.collection)
      .find({ _id: { $lt: idAt(nowMs + 1000) } }, { projection: { _id: 1 } })
      .sort({ _id: -1 })
      .limit(1)
      .next();
    return newest?._id.getTimestamp().getTime();
  } catch (error) {
    throw explainMongodb(error, source.server, ns.namespace);
  }
}
