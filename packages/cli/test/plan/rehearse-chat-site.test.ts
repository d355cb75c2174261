import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fillHybridSite, fillServer, type ChatSiteOptions } from "../../../../fixtures/src/index.ts";
import { folder } from "@firebreak/testing/archives/folder";
import { eventsOf, firebreak } from "@firebreak/testing/command-line/firebreak";
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
    expect(await target.value("SELECT COUNT(*) FROM t_messages_0")).toBe("0");
    const [left] = await target.connection.query("SHOW DATABASES LIKE 'firebreak\\_rehearsal\\_%'");
    expect(left).toEqual([]);
  },
);
