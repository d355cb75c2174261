import { faultOf, type Reason, reasonsOf, type StepEvent } from "@firebreak/archive";

/** The faults of a query test. */
export interface QueryTestFaults {
  /** The direction of an archive whose queries nobody can compare here. */
  "query-test-direction": { archive: string };
  /** A file of queries that is not as it should be. `entry` and `key` are missing if the fault is of the whole file. */
  "queries-file": { file: string; entry: string | undefined; key: string | undefined; reason: Reason };
}

export const queryTestFault: ReturnType<typeof faultOf<QueryTestFaults>> = faultOf<QueryTestFaults>({
  "query-test-direction": 6,
  "queries-file": 2,
});

/** The reasons against a file of queries. */
export interface QueryTestReasons {
  "not-one-select": undefined;
  "parameter-count": { expected: number; found: number };
  "parameter-unknown": { name: string };
  "query-name-twice": { name: string };
}

export const queryTestReason: ReturnType<typeof reasonsOf<QueryTestReasons>> = reasonsOf<QueryTestReasons>();

/** The notes of a query test, with their fields. */
export interface QueryTestNotes {
  /** Tables that no query of the generic mapping is about. */
  "tables-not-asked": { tables: readonly string[] };
  /** Indexes of the source whose first field has no column that SQL could look for. */
  "indexes-not-asked": { indexes: readonly { namespace: string; index: string; field: string }[] };
  "queries-none": { archive: string };
  /** The server's own cache cannot be emptied from outside. */
  "first-is-not-cold": { connections: number };
}

export type QueryTestStep = StepEvent<QueryTestNotes>;
