import type { Reason } from "@firebreak/archive";
import type { CommandEvent } from "../../cli/src/command.ts";
import { chosenLanguage } from "../../cli/src/messages/languages.ts";
import { PROFILES } from "../../cli/src/profiles.ts";
import { explain, noteText } from "../../cli/src/messages/explain.ts";
import { accountTable } from "../../cli/src/screen/account-table.ts";
import {
  extraLines,
  notCarriedLines,
  withQuarantinedAtLoad,
} from "../../cli/src/screen/not-carried-lines.ts";
import { printable } from "../../cli/src/screen/visible-value.ts";
import { words } from "../../cli/src/messages/en/reasons.ts";

const english = chosenLanguage("en", PROFILES);

/** Matches a fault's reason by what people read of it: the text, or what a matcher or an expression finds there. */
export function worded(expected: unknown): unknown {
  return {
    asymmetricMatch: (reason: Reason): boolean => isFound(expected, words(reason)),
    toString: () => `worded ${String(expected)}`,
  };
}

function isFound(expected: unknown, text: string): boolean {
  if (typeof expected === "string") return text === expected;
  if (expected instanceof RegExp) return expected.test(text);
  return (expected as { asymmetricMatch: (text: string) => boolean }).asymmetricMatch(text);
}

/** Matches an error by what people read of its reason: a part of the text, or what an expression finds there. */
export function saying(expected: string | RegExp): unknown {
  return {
    asymmetricMatch: (error: Error & { reason?: Reason; fields?: { reason?: Reason } }): boolean => {
      const text = words(error.reason ?? error.fields?.reason ?? error.message);
      return typeof expected === "string" ? text.includes(expected) : expected.test(text);
    },
    toString: () => `saying ${String(expected)}`,
  };
}

/** Returns what people read of a step's events, and of the error that ended it. */
export function textOf(events: readonly { readonly kind: string }[], error: unknown): string {
  const all = events as readonly CommandEvent[];
  const texts = all.map(wordsOf);
  const told = all.findLast((event) => event.kind === "account");
  if (told !== undefined && error === undefined) {
    const accounts = told.accounts.map(withQuarantinedAtLoad);
    texts.push(accounts.length === 0 ? "" : accountTable(accounts), ...extraLines(accounts, english.extra));
    texts.push(...notCarriedLines(accounts, told.databases ?? [], english.notCarried));
  }
  const quarantined = (told?.accounts ?? []).reduce((sum, a) => sum + (a.quarantined ?? 0), 0);
  if (quarantined > 0) texts.push(english.quarantined(quarantined));
  if (error !== undefined) {
    const { problem, remedy } = explain(english, error);
    texts.push(problem, remedy);
  }
  return printable(texts.filter((text) => text !== "").join("\n"));
}

function wordsOf(event: CommandEvent): string {
  switch (event.kind) {
    case "note":
      return noteText(english, event);
    case "differences":
      return english.differences(event);
    case "sample":
      return english.sample(event);
    case "archive":
      return english.inspect.archive(event);
    case "namespace":
      return english.inspect.namespace(event);
    case "survey":
      return english.inspect.survey(event);
    case "status":
      return english.status(event);
    case "query":
      return english.queryTest.query(event).join("\n");
    case "queries":
      return english.queryTest.table(event.queries);
    default:
      return "";
  }
}
