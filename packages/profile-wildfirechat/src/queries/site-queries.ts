import type { ApplicationQueries, TestedQuery } from "@firebreak/query-test";
import {
  chosenConversations,
  chosenEntries,
  chosenMessages,
  drawEntries,
  drawMessages,
} from "./draw-messages.ts";
import { historyPages, search } from "./history-queries.ts";
import { messageById } from "./message-queries.ts";
import { queriedSite, type SaidSettings } from "./queried-site.ts";
import { timelines, unread } from "./timeline-queries.ts";

/** Returns the server's own queries, with messages, conversations and users drawn from an archive. */
export function siteQueries(said: SaidSettings): ApplicationQueries {
  return async (data) => {
    const site = queriedSite(data, said);
    const messages = await drawMessages(data, site);
    const entries = await drawEntries(data, site);
    const conversations = chosenConversations(messages, site);
    const users = chosenEntries(entries);
    const queries: readonly (TestedQuery | undefined)[] = [
      messageById(site, chosenMessages(messages)),
      historyPages(site, conversations),
      timelines(site, users),
      unread(site, users),
      search(site, conversations),
    ];
    return queries.filter((query) => query !== undefined).filter(({ cases }) => cases.length > 0);
  };
}
