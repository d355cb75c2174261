import type { Account, MadeDatabase, NotCarried } from "@firebreak/archive";
import type { NotCarriedTexts } from "../messages/account-texts.ts";
import { shardAccounts } from "./shard-accounts.ts";
import { wrapped } from "./wrapped.ts";

/** The number of lines to show. `--json` has all. */
const SHOWN_LINES = 20;

/**
 * Lists the objects of the source that the target does not get. Each kind and reason in a namespace or
 * database has a line, and shards share one. Returns no lines if the accounts list nothing.
 */
export function notCarriedLines(
  accounts: readonly Account[],
  databases: readonly MadeDatabase[],
  texts: NotCarriedTexts,
): string[] {
  const lines = [
    ...shardAccounts(accounts).flatMap(({ namespace, notCarried = [] }) =>
      linesOf(namespace, notCarried, texts),
    ),
    ...databases.flatMap(({ database, notCarried }) => linesOf(database, notCarried, texts)),
  ];
  // Several databases may have the same line.
  const different = [...new Set(lines)];
  if (different.length === 0) return [];
  const rest = different.length - SHOWN_LINES;
  const shown = [...different.slice(0, SHOWN_LINES), ...(rest > 0 ? [texts.more(rest)] : [])];
  return [texts.title, ...shown.map((line) => wrapped(`  ${line}`, "    "))];
}

function linesOf(place: string, things: readonly NotCarried[], texts: NotCarriedTexts): string[] {
  const alike = Map.groupBy(things, ({ kind, reason, detail }) => JSON.stringify([kind, reason, detail]));
  return [...alike.values()].map((some) => texts.line(place, some));
}
