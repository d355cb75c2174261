import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Messages of the sites of whole journeys; `pnpm soak` takes as many as size S has. */
export const JOURNEY_MESSAGES = Number(process.env["FIREBREAK_SITE_MESSAGES"] ?? 5000);

/** What a manifest says of a profile, as far as journeys look at it. */
export interface ProfileFacts {
  readonly decisions: readonly { readonly setting: string; readonly value: string; readonly by: string }[];
  readonly remarks: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly staying: readonly { readonly namespace: string; readonly lineCount: number }[];
}

/** A site's two files, with a TTL so long that no document of a test is too old for it. */
export async function writeSite(folder: string, mongodbDatabase?: string): Promise<string> {
  const site = join(folder, "site");
  await mkdir(site, { recursive: true });
  const database = mongodbDatabase === undefined ? "" : `mongodb.database ${mongodbDatabase}\n`;
  await writeFile(join(site, "wildfirechat.conf"), `embed.db 0\n${database}mongodb.data_expire_days 20000\n`);
  await writeFile(
    join(site, "c3p0-config.xml"),
    '<c><property name="jdbcUrl">jdbc:mysql://localhost/wfchat?serverTimezone=GMT+8</property></c>\n',
  );
  return site;
}

/** What a profile did, from the manifest of what transform made. */
export async function profileFacts(archive: string, target: "mysql" | "mongodb"): Promise<ProfileFacts> {
  const text = await readFile(join(archive, target, "manifest.json"), "utf8");
  return (JSON.parse(text) as { profileFacts: ProfileFacts }).profileFacts;
}

/** How often a rule was used, on messages and on users' rows. */
export function remarkCount({ remarks }: ProfileFacts, name: string): number {
  return Object.values(remarks).reduce((sum, counts) => sum + (counts[name] ?? 0), 0);
}
