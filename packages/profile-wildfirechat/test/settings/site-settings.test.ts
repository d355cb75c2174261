import { expect, test } from "vitest";
import { readJdbcZone, readServerConfiguration, siteSettings } from "../../src/settings/site-settings.ts";

test("keys and values are trimmed, the last of two counts, # is a comment at the start of a line only", () => {
  const text = [
    "\uFEFF# a comment",
    "embed.db 1",
    "  port   1883  ",
    "embed.db\t0\r",
    "server.name chat#1 # the first",
    "",
    "empty.key",
    " # with_a_blank before",
  ].join("\n");
  expect([...readServerConfiguration(text)]).toEqual([
    ["embed.db", "0"],
    ["port", "1883"],
    ["server.name", "chat#1 # the first"],
    ["empty.key", ""],
    ["#", "with_a_blank before"],
  ]);
});

test.each([
  ["embed.db 1", "h2"],
  ["embed.db 0", "mysql"],
  ["embed.db 3", "mysql"],
  ["embed.db 2", "hybrid"],
  ["embed.db 0\ndb.save_messages_in_mongodb true", "hybrid"],
  ["embed.db 0\ndb.save_message_in_mongodb TRUE", "hybrid"],
  ["embed.db 0\ndb.save_messages_in_mongodb false", "mysql"],
  ["port 80", undefined],
] as const)("%j keeps its messages in %s", (configuration, store) => {
  expect(siteSettings({ configuration }).store).toBe(store);
});

const xml = (url: string): string => `<c3p0-config><default-config>
  <!-- <property name="jdbcUrl">jdbc:mysql://old/wfchat?serverTimezone=UTC</property> -->
  <property name="jdbcUrl">${url}</property><property name="password">secret</property>
</default-config></c3p0-config>`;

test.each([
  ["jdbc:mysql://h:3306/wfchat?useSSL=false&amp;serverTimezone=GMT%2B8&amp;x=1", "GMT+8"],
  ["jdbc:mysql://h/wfchat?serverTimezone=Asia/Shanghai", "Asia/Shanghai"],
  ["jdbc:mysql://h/wfchat?serverTimezone=GMT+8", "GMT+8"],
  ["jdbc:mysql://h/wfchat?useSSL=false", undefined],
  ["jdbc:h2:./h2db/wfchat;serverTimezone=UTC", undefined],
])("%s is in the zone %s", (url, zone) => {
  expect(readJdbcZone(xml(url))).toBe(zone);
});

test("urls that name several zones are refused", () => {
  const url = (zone: string): string => `<p>jdbc:mysql://h/d?serverTimezone=${zone}</p>`;
  expect(() => readJdbcZone(url("UTC") + url("GMT%2B8"))).toThrow(
    expect.objectContaining({ code: "site-zones-differ", fields: { zones: ["UTC", "GMT+8"] } }),
  );
});

test("what no file says has the server's default, and is told apart from what one says", () => {
  expect(siteSettings({})).toEqual({
    store: undefined,
    mongodbDatabase: "wfchat",
    expireDays: 1096,
    jdbcZone: "GMT+8",
    defaults: ["mongodbDatabase", "expireDays", "jdbcZone"],
  });
  const configuration = "mongodb.database chat\nmongodb.data_expire_days 365";
  const settings = siteSettings({ configuration, c3p0: xml("jdbc:mysql://h/d?serverTimezone=UTC") });
  expect(settings).toMatchObject({ mongodbDatabase: "chat", expireDays: 365, jdbcZone: "UTC", defaults: [] });
});

test("no password of the site's files comes along", () => {
  const configuration = "mongodb.client_uri mongodb://u:secret@h/";
  expect(JSON.stringify(siteSettings({ configuration, c3p0: xml("jdbc:mysql://h/d") }))).not.toContain(
    "secret",
  );
});
