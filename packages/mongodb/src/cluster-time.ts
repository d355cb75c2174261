import { Timestamp } from "mongodb";
import type { MongodbSource } from "./connect.ts";
import { explainMongodb } from "./mongodb-faults.ts";

/** A moment of a replica set as its operations are numbered: `SECONDS,INCREMENT`, as manifests have it. */
export type ClusterTime = string;

export function clusterTimeOf(seconds: number, increment: number): ClusterTime {
  return `${seconds},${increment}`;
}

export function secondsOf(time: ClusterTime): number {
  return Number(time.split(",")[0]);
}

/** Below 0 where `a` is before `b`. */
export function compareTimes(a: ClusterTime, b: ClusterTime): number {
  const [[aSeconds = 0, aIncrement = 0], [bSeconds = 0, bIncrement = 0]] = [partsOf(a), partsOf(b)];
  return aSeconds - bSeconds || aIncrement - bIncrement;
}

/** The next one that there could be. */
export function timeAfter(time: ClusterTime): ClusterTime {
  const [seconds = 0, increment = 0] = partsOf(time);
  return clusterTimeOf(seconds, increment + 1);
}

/** As commands take it. */
export function timestampOf(time: ClusterTime): Timestamp {
  const [t = 0, i = 0] = partsOf(time);
  return new Timestamp({ t, i });
}

/**
 * The newest moment that a majority of the replica set has, so that it cannot be
 * rolled back: a later read of what the majority has sees all of it. Undefined
 * where there is no replica set, and where there are several behind a mongos.
 *
 * @throws {FirebreakError} of mongodb.
 */
export async function majorityTime(source: MongodbSource): Promise<ClusterTime | undefined> {
  try {
    const { lastWrite } = (await source.client.db("admin").command({ hello: 1 })) as {
      lastWrite?: { majorityOpTime?: { ts?: Timestamp } };
    };
    const time = lastWrite?.majorityOpTime?.ts;
    return time === undefined
      ? undefined
      : clusterTimeOf(time.getHighBitsUnsigned(), time.getLowBitsUnsigned());
  } catch (error) {
    throw explainMongodb(error, source.server);
  }
}

/**
 * The newest moment that the server itself has: whatever it was asked before is not later.
 *
 * @throws {FirebreakError} of mongodb.
 */
export async function appliedTime(source: MongodbSource): Promise<ClusterTime> {
  try {
    const { operationTime } = (await source.client.db("admin").command({ hello: 1 })) as {
      operationTime?: Timestamp;
    };
    if (operationTime === undefined) throw new Error(`${source.server} tells no operationTime`);
    return clusterTimeOf(operationTime.getHighBitsUnsigned(), operationTime.getLowBitsUnsigned());
  } catch (error) {
    throw explainMongodb(error, source.server);
  }
}

function partsOf(time: ClusterTime): number[] {
  return time.split(",").map(Number);
}
