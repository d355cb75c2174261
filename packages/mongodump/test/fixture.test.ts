import { BSON, EJSON } from "bson";
import { describe, expect, test } from "vitest";
import {
  expectedOfFixture,
  fixturePath,
  FORMS,
  lacksFixture,
  whyNoFixture,
  type Expected,
} from "@firebreak/testing/dumps/fixture";
import { readDump, type ReadCollection } from "@firebreak/testing/dumps/read-dump";

/** Numbers of any type as JavaScript's, as the server's answers were kept when the fixture was made. */
const plain = (value: string | object): unknown =>
  EJSON.parse(typeof value === "string" ? value : JSON.stringify(value), { relaxed: true });

describe.skipIf(lacksFixture)(`what mongodump 100.18 wrote${whyNoFixture}`, () => {
  const expected = (): Expected => expectedOfFixture();
  const named = (all: readonly ReadCollection[], name: string): ReadCollection =>
    all.find((c) => c.collection === name)!;

  describe.each(FORMS)("as %s", (form) => {
    test("has the collections of the server, but system ones, sorted", async () => {
      const found = await readDump(fixturePath(form));
      expect(found.map((c) => c.namespace)).toEqual(
        expected()
          .collections.filter(({ name }) => !name.startsWith("system."))
          .map(({ name }) => `fixture.${name}`),
      );
    });

    test("has their kinds and options", async () => {
      const found = await readDump(fixturePath(form));
      for (const { name, type, options } of expected().collections) {
        if (name.startsWith("system.")) continue;
        const { kind, optionsText } = named(found, name);
        expect([name, kind === "capped" ? "collection" : kind]).toEqual([name, type]);
        expect(kind === "capped").toBe("capped" in options);
        expect(plain(optionsText)).toEqual(plain(options));
      }
    });

    test("has their indexes", async () => {
      const found = await readDump(fixturePath(form));
      for (const { collection, kind, indexTexts } of found)
        expect([collection, indexTexts.map(plain)]).toEqual([
          collection,
          kind === "view" || kind === "timeseries" ? [] : expected().indexes[collection]!.map(plain),
        ]);
    });

    test("has their documents, byte for byte", async () => {
      const found = await readDump(fixturePath(form));
      for (const [name, documents] of Object.entries(expected().documents)) {
        const { kind, documents: read } = named(found, name);
        if (kind === "timeseries") continue;
        if (Array.isArray(documents)) expect([name, read]).toEqual([name, documents]);
        else expect(read).toHaveLength(Number((documents as { $numberInt: string }).$numberInt));
      }
    });

    test("has the buckets of a time-series collection, with all its measurements", async () => {
      const { documents } = named(await readDump(fixturePath(form)), "series");
      const counts = documents.map((hex) => {
        const { data } = BSON.deserialize(Buffer.from(hex, "hex")) as { data: { at: object } };
        return Object.keys(data.at).length;
      });
      expect(counts.reduce((sum, n) => sum + n, 0)).toBe((expected().documents["series"] as string[]).length);
    });
  });

  test("is the same in every form, to the last digit of options and indexes", async () => {
    const folder = await readDump(fixturePath("folder"));
    expect(named(folder, "indexes").indexTexts[5]).toContain('"min":{"$numberDouble":"-200.0"}');
    for (const form of FORMS) expect(await readDump(fixturePath(form))).toEqual(folder);
  });
});
