import type { Account, MadeDatabase, NotCarried } from "@firebreak/archive";
import type { NotCarriedTexts } from "../messages/account-texts.ts";
import { shardAccounts } from "./shard-accounts.ts";
import { wrapped } from "./wrapped.ts";

/** Lines that are shown; `--json` has all of it. */
const SHOWN_LINES = 20;

/**
 * Lists what the target does not get of the source: a line for each kind and reason
 * of a namespace or database, shards together. None where nobody said.
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
  // Of several databases some lines are the same.
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
