// @module-tag slow
import { createHash, createPublicKey, generateKeyPairSync } from "node:crypto";
import { cp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { copyOf, folder } from "@firebreak/testing/archives/folder";
import { firebreak, mustEndWell } from "@firebreak/testing/command-line/firebreak";
import { readDump } from "@firebreak/testing/dumps/read-dump";
import { SMALL, writeDump } from "@firebreak/testing/dumps/small-dump";

/** Made by age-keygen for these tests alone. */
const IDENTITY = "AGE-SECRET-KEY-1DD0F7EGNYU7N0PQN9Y6V3MRJRD3PP25KEFFY5U6NUAPED9PXFMQQMYCU2L";
const recipient = "age1mpa6gpu6e43v8ytflyy79netk0pyegakzc9ne4872ap432eexdksvwj6fy";
const OTHER_IDENTITY = "AGE-SECRET-KEY-123S5XSDE8JESVLGF4G2UCMWJ503DQW8MC5QXKEAHL67DCY40DLCSNP5R9A";

let place: Awaited<ReturnType<typeof folder>>;
const at = (...names: string[]): string => join(place.path, ...names);

beforeAll(async () => {
  place = await folder();
  await writeDump(at("dump"), SMALL);
  await writeFile(at("key"), `# of the office\n${IDENTITY}\n`);
  await writeFile(at("other-key"), `${OTHER_IDENTITY}\n`);
  await writeFile(at("passphrase"), "correct horse battery staple\n");
  const { privateKey } = generateKeyPairSync("ed25519");
  await writeFile(at("sign.pem"), privateKey.export({ type: "pkcs8", format: "pem" }));
  await writeFile(at("sign.pub"), createPublicKey(privateKey).export({ type: "spki", format: "pem" }));
  const stranger = generateKeyPairSync("ed25519");
  await writeFile(at("stranger.pub"), stranger.publicKey.export({ type: "spki", format: "pem" }));
  await exported("encrypted", "--recipient", recipient, "--sign", at("sign.pem"));
  await mustEndWell(["transform", "--archive", at("encrypted"), "--identity", at("key")]);
  await exported("plain", "--sign", at("sign.pem"));
  await mustEndWell(["transform", "--archive", at("plain")]);
});
afterAll(() => place[Symbol.asyncDispose]());

async function exported(name: string, ...flags: string[]): Promise<void> {
  const source = ["--source", "dump", "--dump", at("dump"), "--part-mib", "0.002"];
  await mustEndWell(["export", ...source, "--archive", at(name), ...flags]);
}

async function filesBelow(path: string): Promise<string[]> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((e) => e.isFile())
    .map((e) => join(e.parentPath, e.name))
    .sort();
}

describe("an encrypted archive", () => {
  test("shows no name, neither in what export wrote nor in what transform made of it", async () => {
    for (const file of await filesBelow(at("encrypted"))) {
      const seen = `${relative(at("encrypted"), file)}\n${(await readFile(file)).toString("latin1")}`;
      for (const name of ["small", "many", "other", "things", "with space", "CREATE TABLE"])
        expect([file, seen.includes(name)]).toEqual([file, false]);
    }
  });

  test("gives its content to the holder of the key", async () => {
    await mustEndWell(["verify", "--archive", at("encrypted"), "--identity", at("key")]);
    const dump = at("from-encrypted");
    await mustEndWell(["restore", "--archive", at("encrypted"), "--identity", at("key"), "--to-dump", dump]);
    expect(await readDump(dump)).toEqual(SMALL);
    const { stdout } = await mustEndWell(["inspect", "--archive", at("encrypted"), "--identity", at("key")]);
    expect(stdout).toContain("small.many");
    expect(stdout).toContain(recipient);
  });

  test("is refused by name to who has no key, or another", async () => {
    for (const verb of ["transform", "inspect"]) {
      const without = await firebreak([verb, "--archive", at("encrypted")]);
      expect({ verb, code: without.exitCode }).toEqual({ verb, code: 5 });
      expect(without.output).toContain("--identity");
      const wrong = await firebreak([verb, "--archive", at("encrypted"), "--identity", at("other-key")]);
      expect({ verb, code: wrong.exitCode }).toEqual({ verb, code: 5 });
      expect(wrong.output).toContain("contents.json.age");
    }
    expect((await firebreak(["verify", "--archive", at("encrypted")])).exitCode).toBe(5);
    await mustEndWell(["verify", "--archive", at("encrypted"), "--depth", "files"]);
  });

  test("opens with a passphrase, where it was made with one", async () => {
    await exported("passphrase-archive", "--passphrase-file", at("passphrase"), "--clear-names");
    const archive = at("passphrase-archive");
    const key = ["--passphrase-file", at("passphrase")];
    await mustEndWell(["transform", "--archive", archive, ...key]);
    await mustEndWell(["verify", "--archive", archive, ...key]);
    const { names } = JSON.parse(await readFile(join(archive, "manifest.json"), "utf8")) as {
      names: string[];
    };
    expect(names).toEqual(SMALL.map((c) => c.namespace));
    await writeFile(at("wrong"), "wrong");
    const wrong = await firebreak(["verify", "--archive", archive, "--passphrase-file", at("wrong")]);
    expect(wrong).toMatchObject({ exitCode: 5, output: expect.stringContaining("identity.age") as string });
  });

  test("is packed and unpacked without a key", async () => {
    await mustEndWell(["bundle", "--archive", at("encrypted"), "--volume-mib", "1", "--out", at("volumes")]);
    await mustEndWell(["bundle", "--extract", at("volumes"), "--archive", at("unpacked")]);
    const names = (path: string): Promise<string[]> =>
      filesBelow(path).then((files) => files.map((f) => relative(path, f)));
    expect(await names(at("unpacked"))).toEqual(await names(at("encrypted")));
    await mustEndWell(["verify", "--archive", at("unpacked"), "--identity", at("key")]);
  });

  test("does not take a part of another archive", async () => {
    await exported("second", "--recipient", recipient);
    const mixed = await copyOf(at("encrypted"), place.path);
    const part = "source/00004/00000.ndjson.zst.age";
    await cp(join(at("second"), part), join(mixed, part));
    const { exitCode, output } = await firebreak(["verify", "--archive", mixed, "--identity", at("key")]);
    expect({ exitCode, isNamed: output.includes(part) }).toEqual({ exitCode: 5, isNamed: true });
  });
});

describe("flags that protect an archive", () => {
  test.each([
    ["a recipient that is none", ["--recipient", "age1nobody"], /age1nobody/],
    [
      "a recipient and a passphrase",
      ["--recipient", "age1x", "--passphrase-file", "f"],
      /exclude each other/,
    ],
    ["clear names of a clear archive", ["--clear-names"], /--clear-names/],
    ["a signing key that is not there", ["--sign", "/no/such/key"], /no\/such\/key/],
  ])("%s are refused before anything is written", async (_, flags, message) => {
    const { exitCode, output } = await firebreak([
      "export",
      "--source",
      "dump",
      "--dump",
      at("dump"),
      "--archive",
      at("never"),
      ...flags,
    ]);
    expect([2, 7]).toContain(exitCode);
    expect(output).toMatch(message);
    await expect(stat(at("never"))).rejects.toThrow("ENOENT");
  });
});

describe("a signed archive", () => {
  test("is what the trusted key signed, and nobody else's", async () => {
    for (const name of ["plain", "encrypted"]) {
      const verify = ["verify", "--depth", "files", "--archive", at(name), "--trusted-key"];
      await mustEndWell([...verify, at("sign.pub")]);
      expect((await firebreak([...verify, at("stranger.pub")])).exitCode).toBe(5);
    }
    await exported("unsigned");
    const unsigned = await firebreak([
      "verify",
      "--archive",
      at("unsigned"),
      "--trusted-key",
      at("sign.pub"),
    ]);
    expect(unsigned).toMatchObject({ exitCode: 5, output: expect.stringContaining("signed") as string });
  });

  test("is refused when its manifest was changed and the checksums with it", async () => {
    const archive = await copyOf(at("plain"), place.path);
    await rm(join(archive, "mysql"), { recursive: true });
    const file = join(archive, "manifest.json");
    await writeFile(file, (await readFile(file, "utf8")).replace('"host": "', '"host": "x'));
    const sums = join(archive, "SHA256SUMS");
    const [first = "", ...rest] = (await readFile(sums, "utf8")).split("\n");
    const sum = createHash("sha256")
      .update(await readFile(file))
      .digest("hex");
    await writeFile(sums, [`${sum}${first.slice(64)}`, ...rest].join("\n"));
    const { exitCode, output } = await firebreak(["verify", "--archive", archive]);
    expect({ exitCode, isNamed: output.includes("manifest.json.sig") }).toEqual({
      exitCode: 5,
      isNamed: true,
    });
  });
});

const FLIPS = Number(process.env["FIREBREAK_FLIPS"] ?? 50);
/** One bit a file and process would take minutes: many copies are not needed, for each bit is flipped back. */
test.each(["plain", "encrypted"])(
  `verify finds each of ${FLIPS} flipped bits anywhere in the %s archive`,
  { timeout: 240_000 },
  async (name) => {
    const { verifyArchive } = await import("../../packages/verify/src/index.ts");
    const archive = await copyOf(at(name), place.path);
    const files = await filesBelow(archive);
    const verify = async (): Promise<unknown> => {
      const mysqlFolder = join(archive, "mysql");
      for await (const _ of verifyArchive({ archive, mysqlFolder, depth: "files", jobs: 2 }));
      return "sound";
    };
    expect(await verify()).toBe("sound");
    for (let i = 0; i < FLIPS; i++) {
      const file = files[i % files.length]!;
      const content = await readFile(file);
      const bit = Math.floor(Math.random() * content.length * 8);
      const flipped = Buffer.from(content);
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      await writeFile(file, flipped);
      const found = await verify().catch((error: unknown) => error);
      expect({ file, bit, found }).toMatchObject({ found: { exitCode: 5 } });
      await writeFile(file, content);
    }
    expect(await verify()).toBe("sound");
  },
);
