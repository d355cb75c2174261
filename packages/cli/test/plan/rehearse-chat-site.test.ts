import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fillHybridSite, fillServer, type ChatSiteOptions } from "../../../../fixtures/src/index.ts";
import { folder } from "@firebreak/testing/archives/folder";
import type { Account } from "@firebreak/archive";
import type { QueryResult } from "@firebreak/query-test";
import { eventsOf, firebreak, type Ended } from "@firebreak/testing/command-line/firebreak";
import { lacking, mongodbDatabase, ownName, sqlDatabase, urlOf } from "@firebreak/testing/servers/databases";
import { parsedCommand } from "./parsed-command.ts";
import { planned } from "./planned.ts";

const SITE: ChatSiteOptions = { seed: 3, messageCount: 400, jvmZone: "Asia/Shanghai" };

const { isLacking, why } = lacking("mongodb", "mysql");
test.skipIf(isLacking)(
  `a chat site is planned and rehearsed in empty copies of the server's tables${why}`,
  async () => {
    await using place = await folder();
    await using mongodb = await mongodbDatabase(ownName("chat_plan"));
    await using ofSource = await sqlDatabase("mysql", ownName("chat_plan_source"));
    await fillHybridSite(ofSource.connection, mongodb.db, SITE);
    await using target = await sqlDatabase("mysql", ownName("chat_plan_target"));
    await fillServer(target.connection, SITE);
    const site = join(place.path, "site");
    await mkdir(site);
    const configuration = ["embed.db 0", `mongodb.database ${mongodb.db.databaseName}`];
    await writeFile(join(site, "wildfirechat.conf"), `${configuration.join("\n")}\n`);
    await writeFile(
      join(site, "c3p0-config.xml"),
      `<c><property name="jdbcUrl">jdbc:mysql://localhost/x?serverTimezone=GMT+8</property></c>\n`,
    );
    const facts = join(place.path, "facts.json");
    const urls = { mongodbUrl: urlOf("mongodb"), mysqlUrl: target.url };
    const looked = await firebreak(["inspect", "--target-facts", facts], urls);
    expect(looked.exitCode, looked.output).toBe(0);
    const options = ["zone=Asia/Shanghai", "sessionTimezone=UTC", "retention=all"];
    const of = ["--archive", join(place.path, "archive"), "--include", `${mongodb.db.databaseName}.*`];
    const profile = ["--profile", "wildfirechat", "--site", site, "--target-facts", facts];
    const how = [...of, ...profile, ...options.flatMap((option) => ["--profile-option", option])];
    const plan = await firebreak(["plan", "--json", ...how], urls);
    expect(plan.exitCode, plan.output).toBe(0);
    const record = planned(plan);
    expect(record.findings.filter(({ severity }) => severity === "stop")).toEqual([]);
    const commands = record.checklist.flatMap((step) => step.commands);
    const flagsOf = async (verb: string) =>
      (await parsedCommand(commands.find(([name]) => name === verb)!)).flags;
    for (const command of commands) await parsedCommand(command);
    const asGiven = { site, "profile-option": options };
    expect(await flagsOf("transform")).toMatchObject({
      ...asGiven,
      profile: "wildfirechat",
      "target-facts": facts,
    });
    expect(await flagsOf("query-test")).toMatchObject(asGiven);
    const messages = record.volumes.filter(({ name }) => /^t_messages_\d+$/.test(name));
    expect(messages.reduce((sum, { items }) => sum + items, 0)).toBeGreaterThanOrEqual(SITE.messageCount);
    const part = await firebreak(["rehearse", "--json", "--sample", "20%", ...how], urls);
    expect([0, 3], part.output).toContain(part.exitCode);
    const rehearsed = await firebreak(["rehearse", "--json", "--sample", "all", ...how], urls);
    // The dirt of the site is in quarantine.
    expect([0, 3], rehearsed.output).toContain(rehearsed.exitCode);
    const summary = eventsOf(rehearsed).at(-1)!;
    const tables = (summary["namespaces"] as { tables?: { loaded: number; equal: boolean }[] }[]).flatMap(
      (n) => n.tables ?? [],
    );
    expect(tables.length).toBeGreaterThan(100);
    expect(tables.every(({ equal }) => equal)).toBe(true);
    expect(tables.reduce((sum, { loaded }) => sum + loaded, 0)).toBeGreaterThan(SITE.messageCount);
    const counts = [part, rehearsed].map((ended) => countsOf(ended, mongodb.db.databaseName));
    const [ofPart, ofAll] = [counts[0]!, counts[1]!];
    expect(ofPart.messages).toBeGreaterThanOrEqual(ofAll.messages / 5);
    expect(ofPart.messages).toBeLessThan(ofAll.messages / 2);
    expect(ofPart.entries).toBeGreaterThan(ofPart.messages);
    // A part has no entry in quarantine that all documents do not have there.
    for (const [name, quarantined] of ofPart.quarantined)
      expect(quarantined, name).toBeLessThanOrEqual(ofAll.quarantined.get(name)!);
    for (const ended of [part, rehearsed]) {
      const { queries } = eventsOf(ended).at(-1) as unknown as { queries: QueryResult[] };
      expect(queries.map(({ name }) => name)).toEqual(
        expect.arrayContaining(["history page", "timeline from a sequence on", "unread messages"]),
      );
      expect(
        queries.every(({ answersEqual }) => answersEqual),
        ended.output,
      ).toBe(true);
    }
    expect(await target.value("SELECT COUNT(*) FROM t_messages_0")).toBe("0");
    const [left] = await target.connection.query("SHOW DATABASES LIKE 'firebreak\\_rehearsal\\_%'");
    expect(left).toEqual([]);
  },
  // Both rehearsals together ask ten queries of hundreds of tables.
  400_000,
);

/** Returns how many messages and entries a rehearsal moved, and the quarantined entries of each collection. */
function countsOf(ended: Ended, database: string) {
  const { namespaces } = eventsOf(ended).at(-1) as unknown as { namespaces: Account[] };
  const of = (start: string) => namespaces.filter((n) => n.namespace.startsWith(`${database}.${start}_`));
  const sum = (accounts: Account[]): number => accounts.reduce((total, a) => total + (a.documents ?? 0), 0);
  const entries = of("t_user_messages");
  return {
    messages: sum(of("t_messages")),
    entries: sum(entries),
    quarantined: new Map(entries.map((a) => [a.namespace, a.quarantined ?? 0])),
  };
}
