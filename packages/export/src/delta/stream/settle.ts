import { namespaceTest, type NamespaceFilter } from "@firebreak/archive";
import {
  appliedTime,
  compareTimes,
  listNamespaces,
  majorityTime,
  type ClusterTime,
  type MongodbSource,
  type Namespace,
} from "@firebreak/mongodb";
import type { ChangeLog, ChangesRead } from "./change-log.ts";

/** The number of looks at the collections; the last one is accepted as it is. */
const MAX_TRIES = 20;

/** The collections of a source, and the moment that they are of. */
export interface SettledMoment {
  readonly time: ClusterTime;
  readonly listed: readonly Namespace[];
  /** True if the collections are of exactly that moment; otherwise the moment is before the look at them. */
  readonly isExact: boolean;
}

/**
 * Reads the change stream up to a moment at which the collections are known. No command lists collections as
 * of a moment, so they are listed again until none was created, dropped or altered meanwhile.
 *
 * @param known the databases of the chain.
 */
export async function* settle(
  source: MongodbSource,
  log: ChangeLog,
  filter: NamespaceFilter,
  known: ReadonlySet<string>,
): AsyncGenerator<ChangesRead, SettledMoment> {
  const isWanted = namespaceTest(filter);
  for (let tries = 1; ; tries++) {
    const before = (await majorityTime(source))!;
    const listed = await listNamespaces(source, filter, known);
    const time = await appliedTime(source);
    yield* log.readTo(time);
    const isExact = !log.redefinitions.some(
      ({ time: at, database, collection }) =>
        (collection === undefined || isWanted(`${database}.${collection}`)) &&
        compareTimes(at, before) > 0 &&
        compareTimes(at, time) <= 0,
    );
    if (isExact) return { time, listed, isExact };
    if (tries === MAX_TRIES) return { time: before, listed, isExact };
  }
}
