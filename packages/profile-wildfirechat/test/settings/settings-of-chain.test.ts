import type { ProfileFacts } from "@firebreak/archive";
import { expect, test } from "vitest";
import { DEFAULT_FIELD_NAMES, readFieldNames } from "../../src/documents/field-names.ts";
import { keptSettings } from "../../src/settings/decisions.ts";
import { readProfileOptions } from "../../src/settings/profile-options.ts";
import { settingsOfChain, type SaidOfDelta } from "../../src/settings/settings-of-chain.ts";
import { siteSettings, type SiteSettings } from "../../src/settings/site-settings.ts";

const NAMES = readFieldNames('{ "messages": { "dt": "_time" } }');
const SITE = siteSettings({
  configuration: "mongodb.database chat\nmongodb.data_expire_days 400\n",
  c3p0: "jdbc:mysql://h/d?serverTimezone=GMT%2B8",
});

/** What a manifest says of a full archive that these options were given for. */
function factsOf(options: readonly string[], site?: SiteSettings, names = DEFAULT_FIELD_NAMES): ProfileFacts {
  const read = readProfileOptions(options);
  return {
    options: read.given,
    settings: keptSettings({ options: read, names, site, facts: undefined }),
    decisions: [
      { setting: "zone", value: "Asia/Shanghai", by: "rows" },
      { setting: "serverTimezone", value: "GMT+8", by: "site" },
      { setting: "sessionTimezone", value: "UTC", by: "option" },
      { setting: "privateTarget", value: "pair", by: "facts" },
      { setting: "retention", value: "3y-1d, from 2021-03-02T00:00:00.000Z", by: "default" },
    ],
    counts: {},
    remarks: {},
    quarantined: {},
    staying: [],
  };
}

const NOTHING: SaidOfDelta = { to: "mysql", given: {} };
const saying = (...options: string[]): SaidOfDelta => ({
  to: "mysql",
  given: readProfileOptions(options).given,
});

test("a delta has the settings of its chain without a word, those that rows or files decided too", () => {
  const facts = factsOf(["sessionTimezone=UTC", "fields=names.json", "scheme=mongodb"], SITE, NAMES);
  // As a manifest has them.
  const found = settingsOfChain(JSON.parse(JSON.stringify(facts)) as ProfileFacts, NOTHING);
  expect(found.options.given).toEqual({
    sessionTimezone: "UTC",
    fields: "names.json",
    scheme: "mongodb",
    zone: "Asia/Shanghai",
    serverTimezone: "GMT+8",
    privateTarget: "pair",
  });
  expect(found).toMatchObject({
    names: NAMES,
    site: SITE,
    options: { retention: "3y-1d", privateForm: "pair" },
  });
});

test("what a delta's manifest says is enough for the next delta", () => {
  const first = settingsOfChain(factsOf(["sessionTimezone=UTC"], SITE), NOTHING);
  const next = factsOf(
    Object.entries(first.options.given).map(([name, value]) => `${name}=${value}`),
    first.site,
  );
  expect(settingsOfChain(next, NOTHING)).toEqual(first);
});

test.each([
  ["the same", saying("zone=Asia/Shanghai", "sessionTimezone=UTC", "privateTarget=pair")],
  [
    "another name of the same zone",
    saying("zone=PRC", "serverTimezone=Asia/Shanghai", "sessionTimezone=+00:00"),
  ],
  ["to look for it", saying("privateTarget=detect")],
  ["the default", saying("retention=3y-1d", "scheme=hybrid")],
  ["the same site", { ...NOTHING, site: SITE }],
  ["the same names", { ...saying("fields=other.json"), names: NAMES }],
  [
    "other days until expiry, which are of no account in MySQL",
    { ...NOTHING, site: { ...SITE, expireDays: 7 } },
  ],
] as const)("a person may say %s again", (_, said) => {
  const facts = factsOf(["sessionTimezone=UTC", "fields=names.json"], SITE, NAMES);
  expect(settingsOfChain(facts, said).options.given).toMatchObject({
    zone: "Asia/Shanghai",
    privateTarget: "pair",
  });
});

test.each([
  ["zone", "Asia/Shanghai", "UTC", saying("zone=UTC")],
  ["serverTimezone", "GMT+8", "GMT+9", saying("serverTimezone=GMT+9")],
  ["sessionTimezone", "UTC", "Asia/Shanghai", saying("sessionTimezone=Asia/Shanghai")],
  ["privateTarget", "pair", "plain", saying("privateTarget=plain")],
  ["retention", "3y-1d", "all", saying("retention=all")],
  ["scheme", "hybrid", "mongodb", saying("scheme=mongodb")],
  ["fields", "names.json", "other.json", { ...saying("fields=other.json"), names: DEFAULT_FIELD_NAMES }],
  ["serverTimezone", "GMT+8", "UTC", { ...NOTHING, site: { ...SITE, jdbcZone: "UTC" } }],
  ["mongodbDatabase", "chat", "other", { ...NOTHING, site: { ...SITE, mongodbDatabase: "other" } }],
  ["expireDays", "400", "7", { ...NOTHING, to: "mongodb", site: { ...SITE, expireDays: 7 } }],
] as const)("another %s than the chain's %s is refused: %s", (setting, chain, found, said) => {
  const facts = factsOf(["sessionTimezone=UTC", "fields=names.json"], SITE, NAMES);
  const by = "site" in said ? "site" : "option";
  expect(() => settingsOfChain(facts, said)).toThrow(
    expect.objectContaining({
      code: "profile-chain-conflict",
      exitCode: 6,
      fields: { setting, chain, said: found, by },
    }),
  );
});

test("of a chain whose version kept no files the field names must be given again, and the site may be", () => {
  const { settings: _, ...facts } = factsOf(["fields=names.json"], SITE, NAMES);
  expect(() => settingsOfChain(facts, NOTHING)).toThrow(
    expect.objectContaining({ code: "profile-chain-fields", fields: { file: "names.json" } }),
  );
  const site = { ...SITE, expireDays: 7 };
  expect(settingsOfChain(facts, { to: "mongodb", given: {}, names: NAMES, site })).toMatchObject({
    names: NAMES,
    site,
  });
});

test("what was taken for want of any rows is decided anew when there are some", () => {
  const evidence = { sampleCount: 0, candidates: [], tellingCount: 0, telling: [] };
  const facts: ProfileFacts = {
    ...factsOf([]),
    decisions: [{ setting: "zone", value: "UTC", by: "default", evidence }],
  };
  expect(settingsOfChain(facts, NOTHING).options.jvmZone).toBe(undefined);
});
