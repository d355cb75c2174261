import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";

export interface Certificates {
  readonly ca: string;
  /** The file of the server's certificate, which is for the server's name. */
  readonly serverCert: string;
  readonly serverKey: string;
  readonly clientCert: string;
  readonly clientKey: string;
}

/** A certification authority of the test's own, and what it signed. */
export async function makeCertificates(
  folder: string,
  name: string,
  host = "localhost",
): Promise<Certificates> {
  const file = (suffix: string): string => join(folder, `${name}-${suffix}.pem`);
  const openssl = (args: string) => execa("openssl", args.split(" "));
  const newKey = "-newkey rsa:2048 -nodes -sha256";
  const authority = `-subj /CN=${name}-authority -keyout ${file("ca-key")} -out ${file("ca")}`;
  await openssl(`req -x509 ${newKey} -days 2 ${authority}`);
  for (const [part, extension] of [
    ["server", `subjectAltName=DNS:${host}`],
    ["client", "extendedKeyUsage=clientAuth"],
  ] as const) {
    const [key, request, extensions] = [
      file(`${part}-key`),
      file(`${part}-request`),
      file(`${part}-extension`),
    ];
    await openssl(`req ${newKey} -subj /CN=${name}-${part} -keyout ${key} -out ${request}`);
    await writeFile(extensions, extension);
    const signing = `-CA ${file("ca")} -CAkey ${file("ca-key")} -CAcreateserial -extfile ${extensions}`;
    await openssl(`x509 -req -days 2 -sha256 -in ${request} ${signing} -out ${file(part)}`);
    await chmod(file(`${part}-key`), 0o644);
  }
  return {
    ca: file("ca"),
    serverCert: file("server"),
    serverKey: file("server-key"),
    clientCert: file("client"),
    clientKey: file("client-key"),
  };
}
