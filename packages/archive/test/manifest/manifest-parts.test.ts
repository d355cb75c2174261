import { expect, test } from "vitest";
import { manifestFiles } from "../../src/manifest/manifest-file.ts";
import { manifestParts } from "../../src/manifest/manifest-parts.ts";
import {
  emptyTable,
  mysqlManifestOf,
  partOf,
  sourceNamespace,
} from "@firebreak/testing/archives/made-manifest";
import { manifestOf } from "@firebreak/testing/archives/manifest-of";

const namesOf = (parts: readonly { readonly file: string }[]): string[] => parts.map((p) => p.file);

test("keys that are gone are no documents of a delta", () => {
  const manifest = manifestOf([
    sourceNamespace({ parts: [partOf("a", 3)], deletes: [partOf("d", 2)], expired: [partOf("e", 4)] }),
  ]);
  const { content, keys, quarantine } = manifestParts(manifest);
  expect([content, keys, quarantine].map(namesOf)).toEqual([["a"], ["d", "e"], []]);
});

test("neither keys, nor quarantine, nor lists of lines are rows", () => {
  const manifest = mysqlManifestOf({
    tables: [{ ...emptyTable, parts: [partOf("r", 3)], keys: [partOf("k", 2)] }],
    quarantine: [partOf("q", 4)],
    listed: [partOf("l", 5)],
  });
  const { content, keys, quarantine } = manifestParts(manifest);
  expect([content, keys, quarantine].map(namesOf)).toEqual([["r"], ["k"], ["q"]]);
  expect(namesOf(manifestFiles(manifest)).sort()).toEqual(["k", "l", "q", "r"]);
});
