import { expect, test } from "vitest";
import { settingsFiles, type Answers } from "../../src/init/settings-files.ts";

const answers: Answers = {
  source: "mongodb",
  dump: undefined,
  urls: [
    { kind: "mongodb", keep: { as: "url", url: "mongodb://h:27017/" } },
    { kind: "mysql", keep: { as: "new-file", url: "mysql://me:geheim@h/shop" } },
  ],
  archive: "/data/shop",
  include: ["shop.*"],
  recipients: [],
};

test("a URL with a password has a file of its own, and the settings name it", () => {
  const [secret, settings] = settingsFiles(answers, "/home/me/firebreak.yaml", "/opt/firebreak.schema.json");
  expect(secret).toEqual({
    path: "/home/me/firebreak.mysql-url",
    text: "mysql://me:geheim@h/shop\n",
    isSecret: true,
  });
  expect(settings).toEqual({
    path: "/home/me/firebreak.yaml",
    text: [
      "# yaml-language-server: $schema=/opt/firebreak.schema.json",
      "source: mongodb",
      "mongodb-url: mongodb://h:27017/",
      "mysql-url-file: /home/me/firebreak.mysql-url",
      "archive: /data/shop",
      "include:",
      "  - shop.*",
      "",
    ].join("\n"),
    isSecret: false,
  });
});

test("a backup of a dump needs no URL, and an editor is told of no schema that it cannot find", () => {
  const backup = { ...answers, source: "dump", dump: "/dump", urls: [], recipients: ["age1x"] } as const;
  for (const schema of [undefined, "/opt/a folder/firebreak.schema.json"])
    expect(settingsFiles(backup, "/home/me/f.yml", schema)).toEqual([
      {
        path: "/home/me/f.yml",
        text: "source: dump\ndump: /dump\narchive: /data/shop\ninclude:\n  - shop.*\nrecipient:\n  - age1x\n",
        isSecret: false,
      },
    ]);
});

test("a file that the person made for a URL stays where it is", () => {
  const urls = [{ kind: "mysql", keep: { as: "file", file: "/run/secrets/mysql" } }] as const;
  const [settings, ...others] = settingsFiles({ ...answers, urls }, "/f.yaml", undefined);
  expect(settings?.text).toContain("mysql-url-file: /run/secrets/mysql\n");
  expect(others).toEqual([]);
});
