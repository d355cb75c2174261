import { MongoServerError } from "mongodb";
import { exported } from "@firebreak/testing/recipes/exported";
import { expect, test } from "vitest";
import { lacking, urlOf } from "@firebreak/testing/servers/databases";
import { explainMongodb } from "../../src/driver/mongodb-faults.ts";

const COMMAND =
  '{ find: "orders", filter: {}, lsid: { id: UUID("b1") }, $clusterTime: { signature: { hash: BinData(0, AA==) } }, $db: "shop" }';

test("of a command that the server refuses its name is quoted, not its session and signature", () => {
  const message = `not authorized on shop to execute command ${COMMAND}`;
  expect(explainMongodb(new MongoServerError({ message, code: 13 }), "h:1")).toMatchObject({
    code: "mongodb-forbidden",
    fields: { server: "h:1", reason: "not authorized on shop to execute command find" },
  });
});

test("other reasons stay as they are", () => {
  const message = "Plan executor error during find :: caused by :: { a: 1 } is odd";
  expect(explainMongodb(new MongoServerError({ message, code: 2 }), "h:1")).toMatchObject({
    fields: { reason: message },
  });
});

const { isLacking, why } = lacking("mongodb");
test.skipIf(isLacking)(
  `a set without a secondary is not said to be away where the URL asks for one${why}`,
  async () => {
    const { host } = new URL(urlOf("mongodb"));
    const url = `mongodb://${host}/?readPreference=secondary&serverSelectionTimeoutMS=2000`;
    const { error, text } = await exported("/no/such", url);
    expect({ exitCode: error?.exitCode, text }).toEqual({
      exitCode: 6,
      text: expect.stringContaining("readPreference") as string,
    });
    expect(text).not.toContain("does not answer");
  },
);
