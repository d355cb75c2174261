// @module-tag slow
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { contentOf, namespacesOf } from "@firebreak/testing/archives/manifest-entries";
import { well } from "@firebreak/testing/recipes/outcome";
import { folder } from "@firebreak/testing/archives/folder";
import { mustEndWell } from "@firebreak/testing/command-line/firebreak";
import { verified } from "@firebreak/testing/recipes/verified";
import { transformed } from "@firebreak/testing/recipes/transformed";
import { linesOf } from "@firebreak/testing/archives/read-lines";
import { fixturePath, FORMS, lacksFixture, whyNoFixture } from "@firebreak/testing/dumps/fixture";
import { readDump, type ReadCollection } from "@firebreak/testing/dumps/read-dump";
import { SMALL } from "@firebreak/testing/dumps/small-dump";
import { writeForms } from "@firebreak/testing/dumps/small-forms";
import { documentOfLine } from "@firebreak/testing/documents/document-of-line";

/** Small parts, so that collections have many of them and their borders can differ. */
const SETTINGS = ["--part-mib", "0.002"];

let place: Awaited<ReturnType<typeof folder>>;
beforeAll(async () => {
  place = await folder();
});
afterAll(() => place[Symbol.asyncDispose]());

let archiveCount = 0;
async function exported(dump: string, ...args: string[]): Promise<string> {
  const archive = join(place.path, `archive-${archiveCount++}`);
  await mustEndWell(["export", "--source", "dump", "--dump", dump, "--archive", archive, ...args]);
  return archive;
}

/** That an archive has these collections as they are, each document byte for byte. */
async function expectToHold(archive: string, collections: readonly ReadCollection[]): Promise<void> {
  const namespaces = await namespacesOf(archive);
  expect(namespaces.map((n) => [n.namespace, n.kind, n.documentCount, n.lineCount])).toEqual(
    collections.map((c) => [c.namespace, c.kind, c.documents.length, c.documents.length]),
  );
  for (const [i, { namespace, kind, optionsText, indexTexts, documents }] of collections.entries()) {
    const lines = await linesOf(archive, namespace);
    expect([namespace, lines.map((line) => documentOfLine(line).toString("hex"))]).toEqual([
      namespace,
      documents,
    ]);
    const metadata = await readFile(join(archive, namespaces[i]!.metadata.file), "utf8");
    expect(metadata).toBe(
      `{"namespace":${JSON.stringify(namespace)},"kind":"${kind}",\n"options":${optionsText},\n"indexes":[${indexTexts.map((t) => `\n${t}`).join(",")}]}\n`,
    );
  }
}

describe("an export from a dump", () => {
  let forms: readonly string[];
  beforeAll(async () => {
    forms = await writeForms(place.path, SMALL);
  });

  test("holds what the dump holds, and says where it came from", async () => {
    const archive = await exported(forms[0]!, ...SETTINGS);
    await expectToHold(archive, SMALL);
    const manifest = JSON.parse(await readFile(join(archive, "manifest.json"), "utf8")) as object;
    expect(manifest).toMatchObject({
      format: "firebreak-archive",
      source: { kind: "dump" },
      settings: { include: [], exclude: [], partMib: 0.002 },
    });
    await well(verified(archive));
    await well(transformed(archive));
  });

  test("is the same from every form of it, however many jobs there are", async () => {
    const contents = await Promise.all(
      forms.map(async (form, i) =>
        contentOf(await exported(form, ...SETTINGS, "--jobs", String(1 + (i % 2)))),
      ),
    );
    for (const content of contents) expect(content).toEqual(contents[0]);
  });

  test("is cut into parts by bytes, which are numbered", async () => {
    const [archive, partBytes] = [await exported(forms[3]!, ...SETTINGS), 0.002 * 1024 * 1024];
    const { parts } = (await namespacesOf(archive)).find((n) => n.namespace === "small.many")!;
    expect(parts.length).toBeGreaterThan(5);
    for (const [i, part] of parts.entries()) {
      expect(part.file).toBe(`source/small/many/${String(i).padStart(5, "0")}.ndjson.zst`);
      if (i < parts.length - 1) expect(part.plainBytes).toBeGreaterThanOrEqual(partBytes);
      const line = (await linesOf(archive, "small.many")).find((_, n) => n === 59)!;
      expect(part.plainBytes).toBeLessThan(partBytes + line.length + 1);
    }
  });

  test("takes what the globs let through, from either form", async () => {
    for (const form of forms) {
      const archive = await exported(
        form,
        "--include",
        "small.*",
        "--exclude",
        "*.?PPE?",
        "--exclude",
        "*.x*",
      );
      expect((await namespacesOf(archive)).map((n) => n.namespace)).toEqual(
        SMALL.map((c) => c.namespace).filter((n) => n.startsWith("small.") && !/\.(?:UPPER|x*)$/.test(n)),
      );
    }
  });
});

describe.skipIf(lacksFixture)(`an export from what mongodump 100.18 wrote${whyNoFixture}`, () => {
  test("has equal parts and metadata from each of its four forms", async () => {
    const collections = await readDump(fixturePath("folder"));
    const contents: unknown[] = [];
    for (const form of FORMS) {
      const archive = await exported(fixturePath(form), "--part-mib", "0.02");
      await expectToHold(archive, collections);
      contents.push(await contentOf(archive));
    }
    for (const content of contents) expect(content).toEqual(contents[0]);
  });
});
