import {
  FirebreakError,
  isWithheld,
  type Account,
  type MadeDatabase,
  type TableAccount,
} from "@firebreak/archive";
import { textOf } from "../command-line/worded.ts";

/** An event as a test looks at it, whichever package it is of. */
export interface TestEvent {
  readonly kind: string;
  readonly [field: string]: unknown;
}

export interface TestNote extends TestEvent {
  readonly code: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** The events of a step, and its end. */
export interface Outcome {
  readonly events: readonly TestEvent[];
  readonly notes: readonly TestNote[];
  readonly accounts: readonly Account[];
  readonly databases: readonly MadeDatabase[];
  /** The tables of all accounts. */
  readonly tables: readonly TableAccount[];
  /** The error that ended the step. */
  readonly error: FirebreakError | undefined;
  /**
   * The way in which the step ended: `well`; `short` with documents, rows or objects that the target does not get;
   * `unequal` with differences; or the code of the error.
   */
  readonly ending: string;
  /** The text for people: the notes, the error and the accounts. */
  readonly text: string;
}

/** Runs a step to its end. An error that no person is meant to see is thrown. */
export async function outcomeOf(step: AsyncIterable<{ readonly kind: string }>): Promise<Outcome> {
  const events: TestEvent[] = [];
  let error: FirebreakError | undefined;
  try {
    for await (const event of step) events.push(event as TestEvent);
  } catch (thrown) {
    if (!(thrown instanceof FirebreakError)) throw thrown;
    error = thrown;
  }
  const last = events.findLast((e) => e.kind === "account") as
    | { readonly accounts: readonly Account[]; readonly databases?: readonly MadeDatabase[] }
    | undefined;
  const { accounts = [], databases = [] } = last ?? {};
  return {
    events,
    error,
    accounts,
    databases,
    notes: events.filter((e): e is TestNote => e.kind === "note"),
    tables: accounts.flatMap((a) => a.tables ?? []),
    ending: error?.code ?? endingOf(accounts, databases),
    get text() {
      return textOf(events, error);
    },
  };
}

function endingOf(accounts: readonly Account[], databases: readonly MadeDatabase[]): string {
  const tables = accounts.flatMap((a) => a.tables ?? []);
  if ([...accounts, ...tables].some((a) => a.equal === false)) return "unequal";
  const isShort =
    accounts.some((a) => (a.quarantined ?? 0) + (a.refused ?? 0) > 0) ||
    tables.some((t) => (t.quarantined ?? 0) > 0) ||
    databases.some((d) => d.notCarried.some(isWithheld));
  return isShort ? "short" : "well";
}

/** Returns the outcome of a step that must end well. */
export async function well(step: Promise<Outcome>): Promise<Outcome> {
  const outcome = await step;
  if (outcome.error !== undefined) throw outcome.error;
  if (outcome.ending !== "well")
    throw new Error(`a step ended ${outcome.ending}: ${JSON.stringify(outcome.accounts)}\n${outcome.text}`);
  return outcome;
}
