import { join } from "node:path";
import type { Document } from "bson";
import { expect, test } from "vitest";
import { chatSite } from "../../fixtures/src/index.ts";
import { folder } from "@firebreak/testing/archives/folder";
import { makeArchive } from "@firebreak/testing/archives/make-archive";
import { lacking, ownName, sqlDatabase, journeyServers } from "@firebreak/testing/servers/databases";
import { eventsOf, firebreak, mustEndWell } from "@firebreak/testing/command-line/firebreak";
import { chatTarget, MESSAGES, USER_MESSAGES } from "@firebreak/testing/tables/chat-target";

interface Counted {
  readonly rows?: number;
  readonly loaded?: number;
  readonly present?: number;
  readonly equal?: boolean;
}

for (const server of journeyServers("mysql")) {
  const { isLacking, why } = lacking("mongodb", server);
  test.skipIf(isLacking)(
    `a hybrid's messages go into the tables of a chat server on ${server}, once and once more${why}`,
    async () => {
      await using database = await sqlDatabase(server, ownName("chain"));
      await using place = await folder();
      await chatTarget(database.connection, "community");
      for (const [stem, model, count] of [
        ["t_messages_", MESSAGES, 36],
        ["t_user_messages_", USER_MESSAGES, 128],
      ] as const)
        for (let n = 0; n < count; n++)
          if (`${stem}${n}` !== model)
            await database.connection.query(`CREATE TABLE ${stem}${n} LIKE ${model}`);
      const site = chatSite({ seed: 11, messageCount: 400, jvmZone: "Asia/Shanghai" });
      const collections = new Map<string, Document[]>();
      for (const all of [site.hybridMessages("plain"), site.hybridUserMessages()])
        for (const { collection, document } of all)
          collections.set(collection, [...(collections.get(collection) ?? []), document]);
      const archive = await makeArchive(place.path, {
        database: ownName("chain"),
        collections: Object.fromEntries(collections),
        isTransformed: false,
      });
      const settings = { mysqlUrl: database.url };
      const facts = join(place.path, "facts.json");
      await mustEndWell(["inspect", "--target-facts", facts], settings);
      const zones = ["zone=Asia/Shanghai", "serverTimezone=Asia/Shanghai", "sessionTimezone=UTC"];
      const options = zones.flatMap((zone) => ["--profile-option", zone]);
      const made = await firebreak(
        ["transform", "--archive", archive, "--profile", "wildfirechat", "--target-facts", facts, ...options],
        settings,
      );
      expect(made.exitCode, made.output).toBeOneOf([0, 3]);

      const run = async (args: readonly string[]): Promise<Counted[]> => {
        const ended = await firebreak([...args, "--archive", archive, "--json"], settings);
        expect(ended.exitCode, ended.output).toBeOneOf([0, 3]);
        const { namespaces } = eventsOf(ended).at(-1) as unknown as {
          namespaces: { tables?: Counted[] }[];
        };
        return namespaces.flatMap((n) => n.tables ?? []).filter((t) => (t.rows ?? 0) > 0);
      };
      const sum = (counts: readonly Counted[], of: "rows" | "loaded" | "present"): number =>
        counts.reduce((n, t) => n + (t[of] ?? 0), 0);

      const loaded = await run(["load"]);
      expect(sum(loaded, "rows")).toBeGreaterThan(1000);
      expect(sum(loaded, "loaded")).toBe(sum(loaded, "rows"));
      expect((await run(["checksum"])).filter((t) => t.equal !== true)).toEqual([]);

      // What is there is as good as the server's own where the ledger is gone.
      await database.connection.query("DROP TABLE firebreak_ledger");
      const merged = await run(["load", "--merge"]);
      expect(sum(merged, "present")).toBe(sum(loaded, "rows"));
      expect(sum(merged, "loaded")).toBe(0);
      expect((await run(["checksum"])).filter((t) => t.equal !== true)).toEqual([]);
    },
    300_000,
  );
}
