import { faultOf } from "@firebreak/archive";

export interface TicketFaults {
  "tickets-option-invalid": { option: string };
  "tickets-site-empty": { folder: string };
  "tickets-facts-invalid": { reason: string };
  "tickets-upgraded": { database: string; before: string; after: string | undefined };
}

export const ticketFault: ReturnType<typeof faultOf<TicketFaults>> = faultOf<TicketFaults>({
  "tickets-option-invalid": 2,
  "tickets-site-empty": 2,
  "tickets-facts-invalid": 2,
  "tickets-upgraded": 7,
});
