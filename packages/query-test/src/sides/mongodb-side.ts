import { EJSON, type Document } from "bson";
import { FirebreakError } from "@firebreak/archive";
import { connectMongodb, explainMongodb, serverCodeOf, type MongodbSource } from "@firebreak/mongodb";
import type { AskMongodb, Find, FoundDocuments, QueryCase } from "../tested-query.ts";
import { foundDocument, idText } from "./found-document.ts";
import { LIMIT_MS, type DocumentSide, type PlanFacts, type SideSession } from "./side.ts";
import { Stopwatch } from "./stopwatch.ts";
import { timedAnswer } from "./timed-answer.ts";

/** Returns true if the target is not to have a document, by its namespace and the text of its `_id`. */
export type IsLeftOut = (namespace: string, id: string) => boolean;

/** MaxTimeMSExpired in MongoDB's `error_codes.yml`. */
const TIMEOUT = 50;

/**
 * Makes the side of a MongoDB server, which only reads.
 *
 * @param limitMs the time limit of each read.
 */
export function mongodbSide(url: string, isLeftOut: IsLeftOut, limitMs: number = LIMIT_MS): DocumentSide {
  const open = async (): Promise<LimitedSource> => ({ ...(await connectMongodb(url)), limitMs });
  const asking = async <R>(work: (find: AskMongodb) => Promise<R>): Promise<R> => {
    const source = await open();
    try {
      return await work((find) => findIn(source, find, isLeftOut, new Stopwatch()));
    } finally {
      await source.client.close();
    }
  };
  return {
    kind: "mongodb",
    asking,
    async connect(): Promise<SideSession> {
      const source = await open();
      return {
        ask: (one) =>
          timedAnswer<Find>(
            (watch) => one.mongodb((find) => findIn(source, find, isLeftOut, watch)),
            refusalOf,
          ),
        time: async (one) => {
          const watch = new Stopwatch<Find>();
          const running = one.mongodb(async (find) => ({
            documents: [],
            count: (await bytesOf(source, find, watch)).length,
          }));
          await running.catch(passEnd);
          return watch.elapsedMs;
        },
        close: async () => source.client.close(),
      };
    },
    async plan(one: QueryCase): Promise<PlanFacts | undefined> {
      const source = await open();
      try {
        const watch = new Stopwatch<Find>();
        await one.mongodb((find) => findIn(source, find, isLeftOut, watch)).catch(passEnd);
        return watch.slowest && (await planOf(source, watch.slowest.statement, watch.statementCount));
      } finally {
        await source.client.close();
      }
    },
  };
}

/** A source with the time limit of each read. */
interface LimitedSource extends MongodbSource {
  readonly limitMs: number;
}

async function findIn(
  source: LimitedSource,
  find: Find,
  isLeftOut: IsLeftOut,
  watch: Stopwatch<Find>,
): Promise<FoundDocuments> {
  const namespace = `${find.database}.${find.collection}`;
  const found = await bytesOf(source, find, watch);
  const documents = found.flatMap((bytes) => (bytes instanceof Uint8Array ? [foundDocument(bytes)] : []));
  return {
    documents: documents.filter((document) => !isLeftOut(namespace, idText(document))),
    count: found.length,
  };
}

/** Returns documents as their bytes, which the driver's types do not show. */
async function bytesOf(
  source: LimitedSource,
  find: Find,
  watch: Stopwatch<Find>,
): Promise<readonly object[]> {
  try {
    return await watch.time(find, async () => cursorOf(source, find, true).toArray());
  } catch (error) {
    throw explainMongodb(error, source.server, `${find.database}.${find.collection}`);
  }
}

function cursorOf(source: LimitedSource, { database, collection, ...find }: Find, raw: boolean) {
  const { filter, sort, limit, projection } = find;
  return source.client
    .db(database)
    .collection(collection)
    .find(bsonOf(filter), {
      raw,
      maxTimeMS: source.limitMs,
      ...(sort === undefined ? {} : { sort: new Map(Object.entries(sort)) }),
      ...(limit === undefined ? {} : { limit }),
      ...(projection === undefined ? {} : { projection: bsonOf(projection) }),
    });
}

/** Reads Extended JSON, with each number in the type that it names. */
function bsonOf(value: object): Document {
  const read: unknown = EJSON.parse(JSON.stringify(value), { relaxed: false });
  return typeof read === "object" && read !== null ? { ...read } : {};
}

async function planOf(source: LimitedSource, find: Find, statementCount: number): Promise<PlanFacts> {
  const plan: unknown = await cursorOf(source, find, false).explain("queryPlanner");
  const winning = winningPlan(plan);
  const text = JSON.stringify(winning, undefined, 2);
  const { database, collection, ...asked } = find;
  return {
    text,
    statement: `${database}.${collection} ${JSON.stringify(asked)}`,
    statementCount,
    isIndexUsed: !/"COLLSCAN"/.test(text),
    examinedRows: undefined,
  };
}

function winningPlan(plan: unknown): object {
  if (typeof plan !== "object" || plan === null) return {};
  if ("queryPlanner" in plan) return winningPlan(plan.queryPlanner);
  if ("winningPlan" in plan && typeof plan.winningPlan === "object") return plan.winningPlan ?? {};
  return plan;
}

/** Returns the server's reason why it refused a statement, undefined for its time limit. Throws any other error. */
function refusalOf(error: unknown): string | undefined {
  if (serverCodeOf(error) === TIMEOUT) return undefined;
  if (error instanceof FirebreakError && error.code === "mongodb-failed")
    return String(error.fields["reason"]);
  throw error;
}

/** Throws any error but the end of the time limit. */
function passEnd(error: unknown): void {
  if (refusalOf(error) !== undefined) throw error;
}
