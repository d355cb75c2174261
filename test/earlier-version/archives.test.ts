import { readFile, rename } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chatFlags } from "../../fixtures/src/earlier-version/freeze-chat.ts";
import { LINKS } from "../../fixtures/src/earlier-version/freeze-task.ts";
import {
  readMongodbManifest,
  readMysqlManifest,
  type MongodbManifest,
  type MysqlManifest,
} from "../../packages/archive/src/index.ts";
import { firebreak, mustEndWell } from "@firebreak/testing/command-line/firebreak";
import { comparable, contentOfFolder, targetsOf } from "./content-of-folder.ts";
import { unpacked, type Unpacked } from "./unpacked.ts";

/** The output of transform for each chain, its arguments, and its exit code: 3 if it set something aside. */
const CHAINS = [
  { name: "documents", exitCode: 3, to: ["mysql"], flags: () => [] },
  { name: "rows", exitCode: 0, to: ["mysql", "mongodb"], flags: () => [] },
  {
    name: "chat-documents",
    exitCode: 3,
    to: ["mysql"],
    flags: (chain: Unpacked) => [
      ...chatFlags(chain.at("site")),
      "--target-facts",
      chain.at("target-facts.json"),
    ],
  },
  {
    name: "chat-rows",
    exitCode: 0,
    to: ["mongodb"],
    flags: (chain: Unpacked) => chatFlags(chain.at("site"), "scheme=mongodb"),
  },
] as const;

/** Six transforms, on a machine that others use too. */
const LONG_MS = 300_000;

async function manifestIn(
  folder: string,
  kind: "mysql" | "mongodb",
): Promise<MysqlManifest | MongodbManifest> {
  const { manifest } = kind === "mysql" ? await readMysqlManifest(folder) : await readMongodbManifest(folder);
  return manifest;
}

const isSource = (path: string): boolean => !/^(mysql|mongodb)\//.test(path);

for (const { name, exitCode, to, flags } of CHAINS)
  describe(`the chain ${name} of version 0.4.0`, () => {
    let chain: Unpacked;
    beforeAll(async () => {
      chain = await unpacked(name);
    });
    afterAll(() => chain[Symbol.asyncDispose]());

    test("is sound, and tells what it has", async () => {
      for (const link of LINKS) {
        const archive = ["--archive", chain.at("chain", link)];
        expect(await firebreak(["verify", ...archive])).toMatchObject({ exitCode });
        const { stdout } = await mustEndWell(["inspect", ...archive]);
        const { namespaces } = JSON.parse(
          await readFile(chain.at("chain", link, "manifest.json"), "utf8"),
        ) as {
          namespaces: { namespace: string }[];
        };
        expect(stdout).toContain(namespaces[0]!.namespace);
        for (const kind of to) await mustEndWell(["status", ...archive, "--to", kind]);
      }
    });

    const isChat = name.startsWith("chat");
    test(
      `is transformed as that version did, to the byte${isChat ? ", and its deltas to the same rows" : ""}`,
      async () => {
        for (const [i, link] of LINKS.entries())
          for (const kind of to) {
            const made = chain.at("chain", link, kind);
            const before = await contentOfFolder(made);
            const targets = targetsOf(await manifestIn(made, kind));
            await rename(made, chain.at(`${link}-${kind}`));
            const args = [
              "--archive",
              chain.at("chain", link),
              "--to",
              kind,
              ...(i === 0 ? flags(chain) : []),
            ];
            const ended = await firebreak(["transform", ...args]);
            expect(ended.exitCode, ended.output).toBe(exitCode);
            // A delta of that version had all that the chain ever set aside, because it mapped the whole chain again.
            if (isChat && i > 0) expect(targetsOf(await manifestIn(made, kind))).toEqual(targets);
            else expect(await contentOfFolder(made)).toEqual(before);
            // The next delta names this folder by its hash.
            await rename(made, chain.at(`${link}-${kind}-anew`));
            await rename(chain.at(`${link}-${kind}`), made);
          }
      },
      LONG_MS,
    );

    test.skipIf(isChat)("is compacted as that version did, to the byte", async () => {
      const out = chain.at("anew");
      await mustEndWell(["compact", "--archive", chain.at("chain", "delta-2"), "--out", out]);
      expect(await contentOfFolder(out, isSource)).toEqual(
        await contentOfFolder(chain.at("chain", "whole"), isSource),
      );
    });
  });

describe("what version 0.4.0 encrypted and signed", () => {
  let place: Unpacked;
  let key: readonly string[];
  beforeAll(async () => {
    place = await unpacked("protected");
    key = ["--identity", place.at("identity.txt")];
  });
  afterAll(() => place[Symbol.asyncDispose]());

  test("is sound, and of the one who signed it", async () => {
    for (const link of ["full", "delta-1"]) {
      const archive = ["--archive", place.at(link)];
      const verified = await firebreak(["verify", ...archive, ...key, "--trusted-key", place.at("sign.pub")]);
      expect(verified.exitCode, verified.output).toBe(3);
      expect((await mustEndWell(["inspect", ...archive, ...key])).stdout).toContain(
        "earlier_documents.people",
      );
    }
    const passphrase = ["--passphrase-file", place.at("passphrase.txt")];
    await mustEndWell(["verify", "--archive", place.at("passphrase"), ...passphrase]);
  });

  test("is transformed as that version did", async () => {
    const identities = [(await readFile(place.at("identity.txt"), "utf8")).trim()];
    const made = async (link: string) => {
      const { manifest, encryption } = await readMysqlManifest(place.at(link, "mysql"), identities);
      return { manifest: comparable(manifest), encryption };
    };
    for (const link of ["delta-1", "full"]) {
      const before = await made(link);
      const ended = await firebreak(["transform", "--archive", place.at(link), ...key]);
      expect(ended.exitCode, ended.output).toBe(3);
      expect(await made(link)).toEqual(before);
    }
  });

  test("comes out of its bundle", async () => {
    await mustEndWell(["bundle", "--extract", place.at("bundle"), "--archive", place.at("extracted")]);
    expect(await contentOfFolder(place.at("extracted"))).toEqual(
      await contentOfFolder(place.at("passphrase")),
    );
  });
});
