import type { MysqlTable } from "@firebreak/archive";

/** The session settings that some tables need relaxed. */
export interface Allowances {
  /** Allows values such as 0000-00-00 and 2024-02-31. */
  readonly oddDates: boolean;
  /** Allows the error value 0 of ENUMs, which no strict session writes. */
  readonly enumZeros: boolean;
  /** Allows rows to arrive in any order, whatever their foreign keys refer to. */
  readonly brokenForeignKeys: boolean;
}

/** Returns what a session must allow to write a table's rows. */
export function allowancesToWrite({ own }: Pick<MysqlTable, "own">): Allowances {
  return { ...allowancesToRead({ own }), brokenForeignKeys: own !== undefined };
}

/** Returns what a session must allow to compare a table's rows with values from such rows. */
export function allowancesToRead({ own }: Pick<MysqlTable, "own">): Allowances {
  return {
    oddDates: own?.hasOddDates === true,
    enumZeros: own?.hasEnumZeros === true,
    brokenForeignKeys: false,
  };
}
