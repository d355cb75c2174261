import { join } from "node:path";
import { expect, test } from "vitest";
import { commandsOf } from "../src/command-list.ts";
import { english } from "../src/messages/en/english.ts";
import { knownFlags } from "../src/parse-arguments.ts";
import { PROFILES } from "../src/profiles.ts";
import { settingsSchema } from "../src/settings-schema.ts";

const COMMANDS = commandsOf(PROFILES);
const FILE = join(import.meta.dirname, "..", "..", "..", "docs", "firebreak.schema.json");

const schema = settingsSchema(COMMANDS, english.help) as {
  properties: Record<string, { description?: string }>;
};

test("the schema in docs is that of the flags; `pnpm schema` writes it again", async () => {
  await expect(`${JSON.stringify(schema, undefined, 2)}\n`).toMatchFileSnapshot(FILE);
});

test("every setting is in it, with its help", () => {
  expect(Object.keys(schema.properties)).toEqual(Object.keys(knownFlags(COMMANDS)).toSorted());
  const without = Object.entries(schema.properties).filter(
    ([, { description }]) => description === undefined,
  );
  expect(without.map(([name]) => name)).toEqual(["lang"]);
});

test("a setting that means different things to commands names them", () => {
  expect(schema.properties["include"]).toEqual({
    description: expect.stringMatching(/\bexport: only what.*\nrestore: only what/),
    anyOf: [{ type: "string" }, { type: "array", items: { type: "string" } }],
  });
  expect(schema.properties["to"]).toMatchObject({ enum: ["mysql", "mongodb"] });
  expect(schema.properties["jobs"]).toMatchObject({ type: "number" });
  expect(schema.properties["target-facts"]?.description).not.toContain("inspect: ");
});
