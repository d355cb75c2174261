import { Timestamp } from "mongodb";
import type { MongodbSource } from "../driver/connect.ts";
import { explainMongodb } from "../driver/mongodb-faults.ts";

/** A moment of a replica set, `SECONDS,INCREMENT`, as operations are numbered and as manifests have it. */
export type ClusterTime = string;

export function clusterTimeOf(seconds: number, increment: number): ClusterTime {
  return `${seconds},${increment}`;
}

export function secondsOf(time: ClusterTime): number {
  return Number(time.split(",")[0]);
}

/** Returns a number below 0 if `a` is before `b`. */
export function compareTimes(a: ClusterTime, b: ClusterTime): number {
  const [[aSeconds = 0, aIncrement = 0], [bSeconds = 0, bIncrement = 0]] = [partsOf(a), partsOf(b)];
  return aSeconds - bSeconds || aIncrement - bIncrement;
}

/** Returns the next possible moment. */
export function timeAfter(time: ClusterTime): ClusterTime {
  const [seconds = 0, increment = 0] = partsOf(time);
  return clusterTimeOf(seconds, increment + 1);
}

/** Converts a moment to the form that commands take. */
export function timestampOf(time: ClusterTime): Timestamp {
  const [t = 0, i = 0] = partsOf(time);
  return new Timestamp({ t, i });
}

/**
 * Returns the newest moment that a majority of the replica set has, which cannot be rolled back.
 *
 * A later read with majority read concern sees everything up to it. Undefined if there is no replica set, and
 * behind a mongos, where there are several.
 *
 * @throws {FirebreakError} any error of mongodb.
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
 * Returns the newest moment that the server itself has. Every earlier request happened at or before it.
 *
 * @throws {FirebreakError} any error of mongodb.
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
