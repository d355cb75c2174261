import type { Account, MadeDatabase } from "@firebreak/archive";
import type { QueryResult } from "@firebreak/query-test";
import type { CommandEvent } from "../command.ts";
import { withQuarantinedAtLoad } from "./not-carried-lines.ts";
import { querySummary } from "./query-summary.ts";

/** The part of a run's events that its summary has. */
export class RunOutcome {
  accounts: readonly Account[] = [];
  databases: readonly MadeDatabase[] = [];
  /** The results of queries. Undefined unless the command runs some. */
  queries: readonly QueryResult[] | undefined;
  #own: object = {};

  take(event: CommandEvent): void {
    if (event.kind === "account") {
      this.accounts = event.accounts.map(withQuarantinedAtLoad);
      this.databases = event.databases ?? [];
    } else if (event.kind === "plan") {
      const { estimate, findings, settings } = event.record;
      this.#own = { estimate, findings, settings };
    } else if (event.kind === "queries") this.queries = event.queries;
    else if (event.kind === "rehearsal") this.#own = { removed: event.removed };
  }

  /** Returns the fields of the summary. */
  fields(): object {
    return {
      namespaces: this.accounts,
      ...this.#own,
      ...querySummary(this.queries),
      ...(this.databases.length === 0 ? {} : { databases: this.databases }),
    };
  }
}
