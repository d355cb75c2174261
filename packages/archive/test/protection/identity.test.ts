import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { afterAll, beforeAll, expect, test } from "vitest";
import { checkRecipient, identityOfPassphrase, readIdentities } from "../../src/protection/identity.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "identity-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function fileOf(content: string): Promise<string> {
  const file = join(folder, "key");
  await writeFile(file, content);
  return file;
}

test("identities are read as age-keygen writes them", async () => {
  const [a, b] = [await generateX25519Identity(), await generateX25519Identity()];
  const file = await fileOf(`# created: today\n# public key: age1…\n${a}\n\n  ${b}\r\n`);
  expect(await readIdentities(file)).toEqual([a, b]);
});

test.each(["", "# nothing\n", "AGE-SECRET-KEY-1WRONG\n", "age1public\n"])(
  "%j is no file of identities, and that is said",
  async (content) => {
    const file = await fileOf(content);
    await expect(readIdentities(file)).rejects.toMatchObject({
      code: "identity-invalid",
      exitCode: 2,
      fields: { file },
    });
  },
);

test("a recipient is checked before anything is encrypted to it", async () => {
  const recipient = await identityToRecipient(await generateX25519Identity());
  await checkRecipient(recipient);
  for (const wrong of ["", "age1", recipient.slice(0, -1), `${recipient}q`, "AGE-SECRET-KEY-1ABC"])
    await expect(checkRecipient(wrong)).rejects.toMatchObject({ code: "recipient-invalid", exitCode: 2 });
});

test("a passphrase makes the archive's identity once and opens it ever after; another does not", async () => {
  const passphrase = await fileOf("correct horse battery staple\n");
  await expect(identityOfPassphrase(folder, passphrase, false)).rejects.toMatchObject({
    code: "file-missing",
  });
  const made = await identityOfPassphrase(folder, passphrase, true);
  expect(await identityOfPassphrase(folder, passphrase, true)).toEqual(made);
  expect(await identityOfPassphrase(folder, passphrase, false)).toEqual(made);
  const other = await fileOf("wrong\n");
  await expect(identityOfPassphrase(folder, other, true)).rejects.toMatchObject({
    code: "key-wrong",
    exitCode: 5,
  });
  await expect(identityOfPassphrase(folder, await fileOf("\n"), true)).rejects.toMatchObject({
    code: "identity-invalid",
  });
});
