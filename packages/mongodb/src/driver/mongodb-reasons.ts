import { reasonsOf } from "@firebreak/archive";

/** The reasons in our own codes why something about MongoDB is not right, with their fields. */
export interface MongodbReasons {
  "oplog-begins": { begin: string };
  "no-words": undefined;
}

export const mongodbReason: ReturnType<typeof reasonsOf<MongodbReasons>> = reasonsOf<MongodbReasons>();
