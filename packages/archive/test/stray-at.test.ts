import { expect, test } from "vitest";
import { hasStrayAt } from "../src/stray-at.ts";

test.each(["mongodb", "mongodb+srv", "mysql"])(
  "a %s URL whose password is escaped is taken as it is",
  (scheme) => {
    for (const rest of [
      "host:27017/",
      "me:secret@host/db",
      "me:s%40c%2Fr%3Ft%23@a:1,b:2/db?replicaSet=rs0",
      "me@host/db?appName=who@where",
      "host/?appName=who@where",
      "/db?socketPath=/run/a@b.sock",
    ])
      expect([rest, hasStrayAt(`${scheme}://${rest}`)]).toEqual([rest, false]);
  },
);

test.each(["mongodb", "mongodb+srv", "mysql"])(
  "a %s URL that a password's character cuts short is told",
  (scheme) => {
    for (const password of [
      "se/cret",
      "se?cret",
      "se#cret",
      "1/cret",
      "12?34",
      "s@e/cret",
      "s@e#cret",
      "s@e?cret",
    ])
      expect([password, hasStrayAt(`${scheme}://me:${password}@host:1/db`)]).toEqual([password, true]);
  },
);
