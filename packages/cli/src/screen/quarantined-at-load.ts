import type { Account } from "@firebreak/archive";

/** Adds to a namespace's account the number of rows or documents that the target refused, if it is known. */
export function withQuarantinedAtLoad(account: Account): Account {
  const { refused, tables = [] } = account;
  const counts = [refused, ...tables.map(({ quarantined }) => quarantined)].filter((n) => n !== undefined);
  if (counts.length === 0) return account;
  return { ...account, quarantinedAtLoad: counts.reduce((sum, n) => sum + n, 0) };
}
