import { wordsOf, type TargetFacts } from "@firebreak/archive";
import type { Application } from "@firebreak/mysql";
import { ticketFault } from "./ticket-faults.ts";

/** The table of tickets in MySQL, and the one in which the system notes its release. */
export const TICKETS = "ticket";
export const RELEASE = "ticket_release";

export interface TicketFinding {
  readonly what: "tickets-release";
  readonly expected: string;
  readonly found: string;
}

export interface TicketFactsFound {
  readonly ticketRelease: string | undefined;
}

const releaseOf = (facts: TargetFacts | undefined): string | undefined =>
  facts?.["ticketRelease"] as string | undefined;

/** The ticket system's own table in a target of MySQL. */
export const ticketApplication: Application = {
  profile: "tickets",
  historyTable: RELEASE,
  decidingColumns: new Set(),
  async migration(session, database) {
    const tables = await session.rows(
      "SELECT 1 FROM information_schema.tables WHERE table_schema = ? AND table_name = ?",
      [database, RELEASE],
    );
    if (tables.length === 0) return undefined;
    const [row] = await session.rows<{ number: number }>(`SELECT number FROM \`${database}\`.${RELEASE}`);
    return row === undefined ? undefined : String(row.number);
  },
  migrationFacts: (release) => ({ ticketRelease: release }),
  migrationMoved: (fields) => ticketFault("tickets-upgraded", fields),
  sampleOf: (table) => (table === TICKETS ? { by: "number", columns: ["number"] } : undefined),
  sampledRows: () => {
    let sampleCount = 0;
    return {
      add: () => void sampleCount++,
      answers: () => ({ ticketSampleCount: sampleCount }),
    };
  },
  readFacts(text) {
    try {
      const facts = JSON.parse(text) as TargetFacts;
      if (facts.format !== "firebreak-target-facts" || releaseOf(facts) === undefined)
        throw new Error("no release is in it");
      return facts;
    } catch (error) {
      throw ticketFault("tickets-facts-invalid", { reason: wordsOf(error) });
    }
  },
  found: (facts) => ({ ticketRelease: releaseOf(facts) }),
  findings({ target }, found) {
    const [expected, there] = [releaseOf(target), releaseOf(found)];
    if (expected === undefined || expected === there) return [];
    return [{ what: "tickets-release", expected, found: there ?? "none" }];
  },
};
