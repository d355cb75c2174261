// @module-tag slow
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { identityOfPassphrase, readMysqlManifest, type MysqlManifest } from "@firebreak/archive";
import { expect, test } from "vitest";
import { chatSite, type SiteDocument } from "../../fixtures/src/index.ts";
import { folder } from "@firebreak/testing/archives/folder";
import { firebreak } from "@firebreak/testing/command-line/firebreak";
import { writeHybridArchive } from "../../packages/profile-wildfirechat/test/support/hybrid-archive.ts";

const settings = ["--profile", "wildfirechat", "--profile-option", "sessionTimezone=UTC"];

function digestsOf({ tables }: MysqlManifest): unknown {
  return tables.map(({ table, digest }) => [table, digest]);
}

test("an encrypted archive makes the same rows, and nothing that it made tells a name", async () => {
  await using place = await folder();
  const site = chatSite({ seed: 5, messageCount: 3000, jvmZone: "UTC" });
  const documents: SiteDocument[] = [...site.hybridMessages(), ...site.hybridUserMessages()];
  const passphraseFile = join(place.path, "passphrase");
  await writeFile(passphraseFile, "a passphrase of several words");
  const [clear, secret] = [join(place.path, "clear"), join(place.path, "secret")];
  await writeHybridArchive(clear, documents);
  await writeHybridArchive(secret, documents, { passphraseFile });
  const plain = await firebreak(["transform", "--archive", clear, ...settings]);
  const sealed = await firebreak([
    "transform",
    "--archive",
    secret,
    "--passphrase-file",
    passphraseFile,
    ...settings,
  ]);
  expect([plain.exitCode, sealed.exitCode], sealed.output).toEqual([3, 3]);

  const { identity } = await identityOfPassphrase(secret, passphraseFile, false);
  const made = await readMysqlManifest(join(secret, "mysql"), [identity]);
  const { manifest } = await readMysqlManifest(join(clear, "mysql"));
  expect(digestsOf(made.manifest)).toEqual(digestsOf(manifest));
  expect(made.manifest.profileFacts).toEqual(manifest.profileFacts);

  const files = await readdir(join(secret, "mysql"), { recursive: true });
  expect(files.filter((file) => file.includes("t_") || file.includes("runs"))).toEqual([]);
  const keyless = await firebreak(["transform", "--archive", secret, ...settings]);
  expect(keyless.exitCode).toBe(5);
  const verified = await firebreak(["verify", "--archive", secret, "--passphrase-file", passphraseFile]);
  expect(verified.exitCode, verified.output).toBe(3);
});
