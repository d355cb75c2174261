import { expect, test } from "vitest";
import { parseDeb822Sources, parseOneLineSources } from "../apt-sources.ts";

test("a one-line source gives its address, suite, components and keyring", () => {
  const text = [
    "# deb http://mirror.example/commented bookworm main",
    "deb http://mirror.example/debian bookworm main contrib # a comment",
    "deb [arch=amd64 signed-by=/keys/other.gpg] http://other.example stable main",
    "deb-src http://mirror.example/debian bookworm main",
  ].join("\n");
  expect(parseOneLineSources(text)).toEqual([
    {
      uri: "http://mirror.example/debian",
      suites: ["bookworm"],
      components: ["main", "contrib"],
      signedBy: undefined,
    },
    {
      uri: "http://other.example",
      suites: ["stable"],
      components: ["main"],
      signedBy: "/keys/other.gpg",
    },
  ]);
});

test("a stanza gives the same, with comments and continued lines", () => {
  const text = [
    "Types: deb deb-src",
    "# where this image was made",
    "URIs: http://mirror.example/debian",
    "Suites: trixie",
    " trixie-updates",
    "Components: main",
    "Signed-By: /keys/debian.gpg",
  ].join("\n");
  expect(parseDeb822Sources(text)).toEqual([
    {
      uri: "http://mirror.example/debian",
      suites: ["trixie", "trixie-updates"],
      components: ["main"],
      signedBy: "/keys/debian.gpg",
    },
  ]);
});

test("a stanza that is disabled or has sources only is left out", () => {
  const disabled = "Types: deb\nEnabled: no\nURIs: http://a.example\nSuites: s\nComponents: main";
  const sources = "Types: deb-src\nURIs: http://b.example\nSuites: s\nComponents: main";
  expect(parseDeb822Sources(`${disabled}\n\n${sources}\n`)).toEqual([]);
});
