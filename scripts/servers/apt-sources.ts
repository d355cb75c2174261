import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** One repository of Debian packages: what one `deb` line of apt's sources.list says. */
export interface AptEntry {
  readonly uri: string;
  readonly suites: readonly string[];
  readonly components: readonly string[];
  /** Keyring that must have signed it; undefined: the ones apt trusts. */
  readonly signedBy?: string | undefined;
}

export interface OsRelease {
  /** "debian", "ubuntu"; empty on a system without /etc/os-release. */
  readonly id: string;
  readonly codename: string;
}

export async function readOsRelease(): Promise<OsRelease> {
  const text = await readFile("/etc/os-release", "utf8").catch(() => "");
  const value = (key: string) => new RegExp(`^${key}="?([^"\\n]*)"?$`, "m").exec(text)?.[1] ?? "";
  return { id: value("ID"), codename: value("VERSION_CODENAME") };
}

/**
 * The repository this system itself is from, as its administrator set it up (a mirror, a proxy).
 * Undefined where there is none, as on a system without apt.
 */
export async function distributionEntry(): Promise<AptEntry | undefined> {
  const { codename } = await readOsRelease();
  const entries = (await readSources()).filter(({ components }) => components.includes("main"));
  return entries.find(({ suites }) => suites.includes(codename)) ?? entries[0];
}

async function readSources(): Promise<AptEntry[]> {
  const folder = "/etc/apt/sources.list.d";
  const names = await readdir(folder).catch((): string[] => []);
  const files = names.toSorted().map((name) => join(folder, name));
  const entries: AptEntry[] = [];
  for (const file of ["/etc/apt/sources.list", ...files]) {
    const text = await readFile(file, "utf8").catch(() => "");
    if (file.endsWith(".list")) entries.push(...parseOneLineSources(text));
    if (file.endsWith(".sources")) entries.push(...parseDeb822Sources(text));
  }
  return entries;
}

/** sources.list(5), "one-line-style format". */
export function parseOneLineSources(text: string): AptEntry[] {
  const entries: AptEntry[] = [];
  for (const line of text.split("\n")) {
    const [, options = "", rest] = /^deb\s+(?:\[([^\]]*)\]\s*)?([^#]+)/.exec(line.trim()) ?? [];
    const [uri, suite, ...components] = rest?.trim().split(/\s+/) ?? [];
    if (uri === undefined || suite === undefined) continue;
    entries.push({
      uri,
      suites: [suite],
      components,
      signedBy: /signed-by=(\S+)/i.exec(options)?.[1],
    });
  }
  return entries;
}

/** sources.list(5), "deb822-style format"; a key written out in the file itself is left to apt's own trust. */
export function parseDeb822Sources(text: string): AptEntry[] {
  const entries: AptEntry[] = [];
  const withoutComments = text.replaceAll(/^#.*\n?/gm, "");
  for (const stanza of withoutComments.split(/\n\s*\n/)) {
    const words = (field: string) =>
      new RegExp(`^${field}:(.*(?:\\n[ \\t].*)*)`, "im").exec(stanza)?.[1]?.trim().split(/\s+/) ?? [];
    const [uri] = words("URIs");
    if (uri === undefined || !words("Types").includes("deb") || words("Enabled")[0]?.toLowerCase() === "no")
      continue;
    const signedBy = words("Signed-By").find((word) => word.startsWith("/"));
    entries.push({ uri, suites: words("Suites"), components: words("Components"), signedBy });
  }
  return entries;
}
