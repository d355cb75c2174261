import { expect, test } from "vitest";
import { wordedFields } from "../../src/messages/explain.ts";

const words = (reason: string | { readonly code: string }): string =>
  typeof reason === "string" ? reason : `words of ${reason.code}`;

test("a program reads a fault's own reasons in words, however deep they are, and everything else unchanged", () => {
  const reason = { code: "no-key", fields: { name: "x" } };
  const fields = {
    reason,
    file: "f",
    code: "c",
    findings: [{ what: "w", reason }, { reason: "a server's words" }],
    other: reason,
  };
  expect(wordedFields(fields, words)).toEqual({
    reason: "words of no-key",
    file: "f",
    code: "c",
    findings: [{ what: "w", reason: "words of no-key" }, { reason: "a server's words" }],
    other: reason,
  });
});
