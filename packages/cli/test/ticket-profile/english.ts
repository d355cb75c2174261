import type { Phrases, ProfileFaultTexts, ProfileTexts } from "@firebreak/profile";
import type { TicketFactsFound, TicketFinding } from "./application.ts";
import type { TicketFaults } from "./ticket-faults.ts";

/** The section of the ticket system in the messages, in English. */
export function english({ message, factsAnew }: Phrases): ProfileTexts {
  const faults: ProfileFaultTexts<TicketFaults> = {
    "tickets-option-invalid": (f) =>
      message(`The option ${f.option} is none of the tickets' own.`, "The only one is prefix=LETTERS."),
    "tickets-site-empty": (f) =>
      message(`${f.folder} has no tickets.ini.`, "Point --site at the ticket system's folder."),
    "tickets-facts-invalid": (f) =>
      message(`The facts are not those of a ticket system: ${f.reason}.`, "Make them anew."),
    "tickets-upgraded": (f) =>
      message(
        `The ticket system in ${f.database} was upgraded from ${f.before} to ${f.after ?? "nothing"} meanwhile.`,
        "Load again, once it is stopped.",
      ),
  };
  return {
    application: "ticket system",
    faults,
    findings: {
      "tickets-release": (f: TicketFinding) =>
        `the ticket system is of release ${f.found}, and the rows were made for ${f.expected}: ${factsAnew}.`,
    },
    targetFacts: (f: TicketFactsFound) =>
      f.ticketRelease === undefined ? [] : [`Ticket system of release ${f.ticketRelease}.`],
    unsaid: (f) =>
      message(
        `The database ${f.database} of ${f.archive} has a ticket system's tickets.`,
        "Run pnpm transform --profile tickets.",
      ),
    report: {
      groups: { tickets: "tickets" },
      counts: { seen: "tickets seen" },
      remarks: { closed: "closed, left out" },
      shownBy: {},
    },
    examples: { transform: [["pnpm transform --profile tickets --site /opt/tickets", "a ticket system"]] },
  };
}
