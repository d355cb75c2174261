import type { Account, TableAccount } from "@firebreak/archive";

/** From so many on, namespaces that differ in a number at their end are one line for people. */
const FEWEST_SHARDS = 16;

const NUMBERED = /_\d+$/;

/** Counts that add up over shards. */
const COUNTS = [
  "documents",
  "lines",
  "quarantined",
  "skipped",
  "collapsed",
  "loaded",
  "refused",
  "digested",
] as const;
const TABLE_COUNTS = ["rows", "upserts", "deletes", "present", "loaded", "quarantined", "digested"] as const;

/**
 * Puts the accounts of shards (`t_messages_0`, `t_messages_1`, …) together as one,
 * `t_messages_* (36)`, in the place of the first. One that is not equal stays a
 * line of its own.
 */
export function shardAccounts(accounts: readonly Account[]): Account[] {
  const stemOf = (account: Account): string | undefined =>
    isWhole(account) && NUMBERED.test(account.namespace)
      ? account.namespace.replace(NUMBERED, "_")
      : undefined;
  const byStem = Map.groupBy(accounts, stemOf);
  return accounts.flatMap((account) => {
    const stem = stemOf(account);
    const shards = stem === undefined ? [] : byStem.get(stem)!;
    if (shards.length < FEWEST_SHARDS) return [account];
    return account === shards[0] ? [together(shards)] : [];
  });
}

/** Whether nothing of it wants to be seen by itself. */
function isWhole({ equal, tables = [] }: Account): boolean {
  return equal !== false && tables.length <= 1 && tables.every((table) => table.equal !== false);
}

function together(shards: readonly Account[]): Account {
  const [first] = shards;
  const { target, equal } = first!;
  const tables = shards.flatMap((shard) => shard.tables ?? []);
  return {
    namespace: starred(first!.namespace, shards.length),
    ...(target === undefined ? {} : { target: starred(target, shards.length) }),
    ...sums(shards, COUNTS),
    ...(equal === undefined ? {} : { equal }),
    ...(tables.length === 0 ? {} : { tables: [tablesTogether(tables)] }),
  };
}

function tablesTogether(tables: readonly TableAccount[]): TableAccount {
  const { table, equal } = tables[0]!;
  return {
    table: starred(table, tables.length),
    ...sums(tables, TABLE_COUNTS),
    ...(equal === undefined ? {} : { equal }),
  };
}

function starred(name: string, count: number): string {
  return `${name.replace(NUMBERED, "_*")} (${count})`;
}

/** Counts that none of them knows are left out. */
function sums<Key extends string>(
  of: readonly { readonly [K in Key]?: number | undefined }[],
  keys: readonly Key[],
): Partial<Record<Key, number>> {
  const summed: Partial<Record<Key, number>> = {};
  for (const one of of)
    for (const key of keys) {
      const count = one[key];
      if (count !== undefined) summed[key] = (summed[key] ?? 0) + count;
    }
  return summed;
}
