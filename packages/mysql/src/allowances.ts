import type { MysqlTable } from "@firebreak/archive";

/** What of the session that we all have is to be otherwise for a while. */
export interface Allowances {
  /** For values such as 0000-00-00 and 2024-02-31. */
  readonly oddDates: boolean;
  /** For the error value 0 of ENUMs, which no strict session writes. */
  readonly enumZeros: boolean;
  /** For rows that come in no order of their foreign keys. */
  readonly brokenForeignKeys: boolean;
}

/** What a session must allow to write a table's rows. */
export function allowancesToWrite({ own }: Pick<MysqlTable, "own">): Allowances {
  return { ...allowancesToRead({ own }), brokenForeignKeys: own !== undefined };
}

/** What a session must allow to compare a table's rows with values of theirs. */
export function allowancesToRead({ own }: Pick<MysqlTable, "own">): Allowances {
  return {
    oddDates: own?.hasOddDates === true,
    enumZeros: own?.hasEnumZeros === true,
    brokenForeignKeys: false,
  };
}
