import { describe, expect, test } from "vitest";
import { saying } from "@firebreak/testing/command-line/worded";
import { metadataText, NO_METADATA, readMetadata } from "../src/metadata.ts";
import { SMALL } from "@firebreak/testing/dumps/small-dump";

describe("metadata.json", () => {
  test("says again what was read from it", () => {
    for (const collection of SMALL) {
      const { kind, optionsText, indexTexts } = collection;
      expect(readMetadata(metadataText(collection))).toEqual({
        collectionName: collection.collection,
        kind,
        optionsText,
        indexTexts,
      });
    }
  });

  test("is written in mongodump's order, without options where there are none", () => {
    expect(metadataText(SMALL.find((c) => c.collection === "view")!)).toBe(
      '{"options":{"viewOn":"many","pipeline":[]},"indexes":[],"collectionName":"view","type":"view"}',
    );
    expect(metadataText({ ...SMALL[0]!, indexTexts: [] })).toBe(
      '{"indexes":[],"collectionName":"things","type":"collection"}',
    );
  });

  test("of an old dump has neither name nor type, and plain numbers", () => {
    const text =
      '{"options":{"capped":true,"size":4096},"indexes":[{"v":1,"key":{"_id":1},"name":"_id_","ns":"db.c"}]}';
    expect(readMetadata(text)).toEqual({
      collectionName: undefined,
      kind: "capped",
      optionsText: '{"capped":true,"size":{"$numberInt":"4096"}}',
      indexTexts: ['{"v":{"$numberInt":"1"},"key":{"_id":{"$numberInt":"1"}},"name":"_id_","ns":"db.c"}'],
    });
  });

  test("of a view that was dumped as a collection tells of a collection", () => {
    expect(readMetadata('{"options":{},"indexes":[],"collectionName":"v","type":"view"}').kind).toBe(
      "collection",
    );
  });

  test("without any of its fields tells of a plain collection", () => {
    expect(readMetadata("{}")).toEqual(NO_METADATA);
  });

  test("whose options or indexes are none is refused", () => {
    expect(() => readMetadata('{"options":1}')).toThrow(saying("options is no document"));
    expect(() => readMetadata('{"indexes":[1]}')).toThrow(saying("0 is no document"));
  });

  test("cannot say options that Extended JSON cannot", () => {
    const raw = '{"$firebreak":{"bson":"BQAAAAA="}}';
    for (const spoilt of [{ optionsText: raw }, { indexTexts: [raw] }])
      expect(() => metadataText({ ...SMALL[0]!, ...spoilt })).toThrow(
        expect.objectContaining({ code: "dump-unsayable", fields: { namespace: "other.things" } }),
      );
  });
});
