import type { Account, MadeDatabase } from "@firebreak/archive";
import type { CommandEvent } from "../command.ts";
import { withQuarantinedAtLoad } from "./not-carried-lines.ts";

/** The part of a run's events that its summary has. */
export class RunOutcome {
  accounts: readonly Account[] = [];
  databases: readonly MadeDatabase[] = [];
  #own: object = {};

  take(event: CommandEvent): void {
    if (event.kind === "account") {
      this.accounts = event.accounts.map(withQuarantinedAtLoad);
      this.databases = event.databases ?? [];
    } else if (event.kind === "plan") {
      const { estimate, findings, settings } = event.record;
      this.#own = { estimate, findings, settings };
    } else if (event.kind === "rehearsal") this.#own = { removed: event.removed };
  }

  /** Returns the fields of the summary. */
  fields(): object {
    return {
      namespaces: this.accounts,
      ...this.#own,
      ...(this.databases.length === 0 ? {} : { databases: this.databases }),
    };
  }
}
