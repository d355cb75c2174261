import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import { well } from "@firebreak/testing/recipes/outcome";
import { namespacesOf } from "@firebreak/testing/archives/manifest-entries";
import { exported } from "@firebreak/testing/recipes/exported";
import { restoredToDump } from "@firebreak/testing/recipes/restored";
import { linesOf } from "@firebreak/testing/archives/read-lines";
import { writeDump } from "@firebreak/testing/dumps/small-dump";
import { documentOfLine } from "@firebreak/testing/documents/document-of-line";

const corpus = join(import.meta.dirname, "..", "..", "..", "..", "..", "shared", "data", "bson-corpus");
const hasCorpus = existsSync(corpus);

interface Case {
  readonly description: string;
  readonly canonical_bson: string;
  readonly canonical_extjson: string;
}

/** By file, the valid cases of the BSON corpus. */
function casesByFile(): Map<string, readonly Case[]> {
  return new Map(
    readdirSync(corpus)
      .filter((file) => file.endsWith(".json"))
      .map((file) => {
        const { valid = [] } = JSON.parse(readFileSync(join(corpus, file), "utf8")) as { valid?: Case[] };
        return [basename(file, ".json"), valid];
      }),
  );
}

describe.skipIf(!hasCorpus)(
  `the BSON corpus as a dump${hasCorpus ? "" : ` (skipped: ${corpus} is not there)`}`,
  () => {
    test("is in the archive and in a dump made of it, each document byte for byte", async () => {
      await using place = await folder();
      const cases = casesByFile();
      const dump = join(place.path, "dump");
      await writeDump(
        dump,
        [...cases].map(([collection, of]) => ({
          namespace: `corpus.${collection}`,
          database: "corpus",
          collection,
          kind: "collection",
          optionsText: "{}",
          indexTexts: [],
          documents: of.map((c) => c.canonical_bson.toLowerCase()),
        })),
      );
      const archive = join(place.path, "archive");
      await well(exported(archive, dump));
      const again = join(place.path, "again");
      await well(restoredToDump(archive, again));
      for (const collection of cases.keys()) {
        const file = join("corpus", `${collection}.bson`);
        expect([file, readFileSync(join(again, file)).equals(readFileSync(join(dump, file)))]).toEqual([
          file,
          true,
        ]);
      }
      let count = 0;
      for (const { namespace, lineCount } of await namespacesOf(archive)) {
        const expected = cases.get(namespace.slice("corpus.".length))!;
        expect([namespace, lineCount]).toEqual([namespace, expected.length]);
        for (const [i, line] of (await linesOf(archive, namespace)).entries()) {
          const { description, canonical_bson: bson, canonical_extjson: text } = expected[i]!;
          count++;
          // bson has no classes for these two types; their text is plain enough to be compared itself.
          if (/"\$(?:dbPointer|undefined)"/.test(line))
            expect([description, line]).toEqual([description, JSON.stringify(JSON.parse(text))]);
          else
            expect([namespace, description, documentOfLine(line).toString("hex")]).toEqual([
              namespace,
              description,
              bson.toLowerCase(),
            ]);
        }
      }
      expect(count).toBeGreaterThan(700);
    });
  },
);
