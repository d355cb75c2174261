import { Binary, Double, Int32, Long } from "bson";
import type { Document } from "mongodb";
import { makeArchive } from "@firebreak/testing/archives/make-archive";
import { ownName } from "@firebreak/testing/servers/databases";

/** Two collections of a few documents, of the types that a careless load would change. */
export async function smallArchive(parent: string, isTransformed = true): Promise<string> {
  return await makeArchive(parent, {
    database: ownName("small"),
    isTransformed,
    collections: { people: people(), places: [{ _id: 1, name: "Zürich" }] },
  });
}

function* people(): Generator<Document> {
  for (let n = 1; n <= 50; n++)
    yield {
      _id: new Int32(n),
      name: `Person ${n} "😀" \\ \t`,
      note: n % 5 === 0 ? "" : null,
      big: Long.fromString("9007199254740993").add(n),
      ratio: new Double(n / 3),
      picture: new Binary(Buffer.from([0, 255, n, 10, 13, 34])),
      born: new Date(n * 86_400_001),
    };
}
