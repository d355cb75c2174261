import { join } from "node:path";
import { FirebreakError } from "@firebreak/archive";
import {
  queryTest,
  type QueryResult,
  type QueryTestEvent,
  type QueryTestOptions,
} from "@firebreak/query-test";
import { PROFILES } from "../../cli/src/profiles.ts";

/** The outcome of a query test: its results by the queries' names, and its notes. */
export interface QueryTested {
  readonly results: ReadonlyMap<string, QueryResult>;
  readonly notes: readonly Extract<QueryTestEvent, { kind: "note" }>[];
  /** The names of the queries whose answers differ. */
  readonly differing: readonly string[];
}

type Urls = Pick<QueryTestOptions, "mongodbUrl" | "mysqlUrl">;

interface Testing extends Partial<QueryTestOptions> {
  /** Settings that the application has, `NAME=VALUE`. */
  readonly profileOptions?: readonly string[];
}

/** Runs the queries of an archive on its source and its target, with one connection more than usual. */
export async function queryTested(
  archive: string,
  urls: Urls,
  { profileOptions = [], ...options }: Testing = {},
): Promise<QueryTested> {
  const given = {
    options: profileOptions,
    site: undefined,
    target: undefined,
    readText: (file: string): never => {
      throw new FirebreakError("file-unreadable", 2, { file, reason: "no test has files" });
    },
  };
  const events: QueryTestEvent[] = [];
  const run = queryTest({
    archive,
    folder: join(archive, "mysql"),
    connectionCount: 2,
    include: [],
    exclude: [],
    applicationQueries: async (name) =>
      (await PROFILES.find((profile) => profile.name === name)?.load())?.queries?.(given),
    ...urls,
    ...options,
  });
  for await (const event of run) events.push(event);
  const results = events.filter((event) => event.kind === "query");
  return {
    results: new Map(results.map((result) => [result.name, result])),
    notes: events.filter((event) => event.kind === "note"),
    differing: results.filter(({ answersEqual }) => !answersEqual).map(({ name }) => name),
  };
}
