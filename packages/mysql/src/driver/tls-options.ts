import { readFile } from "node:fs/promises";
import { isIP } from "node:net";
import { isAbsolute } from "node:path";
import type { SslOptions } from "mysql2";
import { wordsOf } from "@firebreak/archive";
import { mysqlFault } from "./mysql-faults.ts";
import { mysqlReason } from "./mysql-reasons.ts";

/** The modes of the stock client, except PREFERRED: it is no protection, and the driver does not know it. */
const MODES = ["DISABLED", "REQUIRED", "VERIFY_CA", "VERIFY_IDENTITY"] as const;
type Mode = (typeof MODES)[number];

const FILES = ["ssl-ca", "ssl-cert", "ssl-key"] as const;

/** The options of a URL that concern TLS. */
export const TLS_OPTIONS: readonly string[] = ["ssl-mode", ...FILES];

/**
 * Takes the TLS options out of a URL, by the stock client's names: `ssl-mode`, and the PEM files
 * `ssl-ca`, `ssl-cert` and `ssl-key`. With a CA and no mode, the server must prove itself by that
 * CA. Only VERIFY_IDENTITY checks the server's name, since certificates that MySQL makes itself
 * have none.
 *
 * @throws {FirebreakError} `mysql-url`
 */
export async function tlsOptions(url: string): Promise<{ uri: string; ssl: SslOptions | undefined }> {
  const parsed = new URL(url);
  const mode = parsed.searchParams.get("ssl-mode")?.toUpperCase().replaceAll("-", "_");
  if (mode !== undefined && !isMode(mode))
    throw mysqlFault("mysql-url", { reason: mysqlReason("tls-mode", { known: MODES }) });
  // For a server that is called by its address, the driver would look for localhost in the certificate.
  if (mode === "VERIFY_IDENTITY" && isIP(parsed.hostname.replace(/^\[|\]$/g, "")) !== 0)
    throw mysqlFault("mysql-url", {
      reason: mysqlReason("tls-address"),
    });
  const [ca, cert, key] = await Promise.all(FILES.map((name) => fileOf(name, parsed.searchParams.get(name))));
  for (const name of TLS_OPTIONS) parsed.searchParams.delete(name);
  const uri = parsed.href;
  if (
    mode === "DISABLED" ||
    (mode === undefined && ca === undefined && cert === undefined && key === undefined)
  )
    return { uri, ssl: undefined };
  return {
    uri,
    ssl: {
      ...(ca === undefined ? {} : { ca }),
      ...(cert === undefined ? {} : { cert }),
      ...(key === undefined ? {} : { key }),
      rejectUnauthorized: mode !== "REQUIRED",
      verifyIdentity: mode === "VERIFY_IDENTITY",
    },
  };
}

function isMode(text: string): text is Mode {
  return (MODES as readonly string[]).includes(text);
}

async function fileOf(name: string, path: string | null): Promise<string | undefined> {
  if (path === null) return undefined;
  if (!isAbsolute(path))
    throw mysqlFault("mysql-url", { reason: mysqlReason("path-relative", { option: name, path }) });
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    throw mysqlFault(
      "mysql-url",
      { reason: mysqlReason("file-unreadable", { option: name, words: wordsOf(error) }) },
      error,
    );
  }
}
