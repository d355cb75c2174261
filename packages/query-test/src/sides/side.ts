import type { DatabaseKind } from "@firebreak/archive";
import type { Answer, AskMongodb, QueryCase } from "../tested-query.ts";

/** The time limit of a statement in milliseconds, so that one without an index holds up no test. */
export const LIMIT_MS = 30_000;

/** An answer with the time that the server and the way to it took for its statements. */
export interface TimedAnswer {
  /** Undefined if the server refused a statement, for the reason in `refusal`, or if the time limit ended one. */
  readonly answer: Answer | undefined;
  readonly refusal: string | undefined;
  readonly elapsedMs: number;
  readonly statementCount: number;
}

/** One connection to a side. The caller closes it. */
export interface SideSession {
  /** @throws {FirebreakError} if the connection is lost; a refused statement is a part of the answer. */
  ask(one: QueryCase): Promise<TimedAnswer>;
  /**
   * Returns the time of a case that the server does not refuse, up to the time limit. Nothing is made of its answer: that work would
   * hold up the answers of other connections.
   */
  time(one: QueryCase): Promise<number>;
  close(): Promise<void>;
}

/** The facts of a server's plan for a statement. */
export interface PlanFacts {
  /** The plan as the server writes it. */
  readonly text: string;
  /** The statement that the plan is of, the slowest of its execution. */
  readonly statement: string;
  readonly statementCount: number;
  readonly isIndexUsed: boolean;
  /** The rows that the server expects to examine. Undefined if the plan does not say. */
  readonly examinedRows: number | undefined;
}

/** A server whose queries are timed. One implementation for each kind of database. */
export interface Side {
  readonly kind: DatabaseKind;
  /** @throws {FirebreakError} an error of the server. */
  connect(): Promise<SideSession>;
  /** Returns the plan of the slowest statement of a case. Undefined if there is none. */
  plan(one: QueryCase): Promise<PlanFacts | undefined>;
}

/** The MongoDB side, which can also be asked apart from any case. */
export interface DocumentSide extends Side {
  /** Runs work with a connection of its own. */
  asking<R>(work: (find: AskMongodb) => Promise<R>): Promise<R>;
}
