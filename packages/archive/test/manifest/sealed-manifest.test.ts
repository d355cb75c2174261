import { execFileSync } from "node:child_process";
import { generateKeyPairSync, createPublicKey } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { listFolder, readSourceManifest } from "../../src/manifest/manifest-file.ts";
import { manifestOf, namespaceOf } from "@firebreak/testing/archives/manifest-of";
import type { SourceManifest } from "../../src/manifest/source-manifest.ts";
import { writeManifest } from "../../src/manifest/write-manifest.ts";
import { checkSignature, readSigningKey, readTrustedKey } from "../../src/protection/signature.ts";

let folder: string;
beforeEach(async () => {
  const made = await mkdtemp(join(tmpdir(), "sealed-"));
  folder = made;
  onTestFinished(() => rm(made, { recursive: true }));
});

const zeros = "0".repeat(64);
const entry = { bytes: 1, sha256: zeros, plainBytes: 1, plainSha256: zeros, lineCount: 7 };
const manifest: SourceManifest = manifestOf(
  [
    {
      ...namespaceOf(7, {
        metadata: { file: "source/00000/collection.json.age", bytes: 2, sha256: zeros },
        parts: [{ file: "source/00000/00000.ndjson.zst.age", ...entry }],
      }),
      namespace: "secret.names",
      database: "secret",
      collection: "names",
      directory: "source/00000",
    },
  ],
  {
    settings: { include: ["secret.*"], exclude: [], partMib: 64 },
    run: { startedAt: "", finishedAt: "", host: "secret-host", firebreak: "", node: "" },
  },
);

async function sealed(names: "hidden" | "clear"): Promise<string> {
  const identity = await generateX25519Identity();
  const recipients = [await identityToRecipient(identity)];
  await writeManifest(folder, manifest, { encryption: { recipients, names } });
  return identity;
}

test("without a key sizes, counts and hashes are visible, and no name", async () => {
  const identity = await sealed("hidden");
  const text = await readFile(join(folder, "manifest.json"), "utf8");
  expect(text).not.toContain("secret");
  expect(await readFile(join(folder, "SHA256SUMS"), "utf8")).not.toContain("secret");
  const listing = await listFolder(folder, "firebreak-archive");
  expect(listing.files.map((f) => f.file)).toEqual([
    "contents.json.age",
    "source/00000/collection.json.age",
    "source/00000/00000.ndjson.zst.age",
  ]);
  expect(listing.files[2]).toMatchObject(entry);
  await expect(readSourceManifest(folder)).rejects.toMatchObject({ code: "key-missing", exitCode: 5 });
  const other = await generateX25519Identity();
  await expect(readSourceManifest(folder, [other])).rejects.toMatchObject({ code: "key-wrong", exitCode: 5 });
  expect((await readSourceManifest(folder, [other, identity])).manifest).toEqual(manifest);
});

test("names are visible where they were asked to be", async () => {
  await sealed("clear");
  const text = await readFile(join(folder, "manifest.json"), "utf8");
  expect(JSON.parse(text)).toMatchObject({ names: ["secret.names"], lineCount: 7 });
});

test("contents that were swapped for another archive's, or name other files, are refused", async () => {
  const identity = await sealed("hidden");
  const file = join(folder, "manifest.json");
  const text = await readFile(file, "utf8");
  await writeFile(file, text.replaceAll(zeros, "1".repeat(64)));
  await expect(readSourceManifest(folder, [identity])).rejects.toMatchObject({
    code: "manifest-unreadable",
    exitCode: 5,
  });
  await writeFile(file, text);
  await writeFile(join(folder, "contents.json.age"), "age-encryption.org/v1\n");
  await expect(readSourceManifest(folder, [identity])).rejects.toMatchObject({
    code: "file-hash",
    exitCode: 5,
  });
});

async function keyPair(): Promise<{ signing: string; trusted: string }> {
  const { privateKey } = generateKeyPairSync("ed25519");
  const [signing, trusted] = [join(folder, "sign.pem"), join(folder, "sign.pub")];
  await writeFile(signing, privateKey.export({ type: "pkcs8", format: "pem" }));
  await writeFile(trusted, createPublicKey(privateKey).export({ type: "spki", format: "pem" }));
  return { signing, trusted };
}

test("a signature is its key's, of these very bytes", async () => {
  const { signing, trusted } = await keyPair();
  await writeManifest(folder, manifest, { signingKey: await readSigningKey(signing) });
  const listing = await listFolder(folder, "firebreak-archive");
  const key = await readTrustedKey(trusted);
  await checkSignature(folder, listing, undefined);
  await checkSignature(folder, listing, key);
  const changed = { ...listing, content: Buffer.concat([listing.content, Buffer.from(" ")]) };
  await expect(checkSignature(folder, changed, key)).rejects.toMatchObject({
    code: "signature-wrong",
    exitCode: 5,
  });
  const { publicKey } = generateKeyPairSync("ed25519");
  await expect(checkSignature(folder, listing, publicKey)).rejects.toMatchObject({
    code: "signature-foreign",
    exitCode: 5,
  });
  const stripped = { ...listing, signedBy: undefined };
  await expect(checkSignature(folder, stripped, key)).rejects.toMatchObject({
    code: "signature-missing",
    exitCode: 5,
  });
  for (const signedBy of ["", "AAAA", "not base64 at all"])
    await expect(checkSignature(folder, { ...listing, signedBy }, undefined)).rejects.toMatchObject({
      code: "signature-wrong",
    });
  await rm(join(folder, "manifest.json.sig"));
  await expect(checkSignature(folder, listing, undefined)).rejects.toMatchObject({
    code: "signature-missing",
  });
});

const hasOpenssl = ((): boolean => {
  try {
    execFileSync("openssl", ["version"]);
    return true;
  } catch {
    return false;
  }
})();

test.skipIf(!hasOpenssl)("openssl checks the signature (skipped: openssl is not on PATH)", async () => {
  const { signing, trusted } = await keyPair();
  await writeManifest(folder, manifest, { signingKey: await readSigningKey(signing) });
  const check = `pkeyutl -verify -pubin -inkey ${trusted} -rawin -in ${folder}/manifest.json -sigfile ${folder}/manifest.json.sig`;
  expect(String(execFileSync("openssl", check.split(" ")))).toContain("Verified Successfully");
});

test("a key of another kind, or no key, is refused by name", async () => {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 1024 });
  const file = join(folder, "key.pem");
  for (const content of ["", "not a key", privateKey.export({ type: "pkcs8", format: "pem" })]) {
    await writeFile(file, content);
    for (const read of [readSigningKey, readTrustedKey])
      await expect(read(file)).rejects.toMatchObject({
        code: "signing-key-invalid",
        exitCode: 2,
        fields: { file },
      });
  }
});
