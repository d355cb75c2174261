import { insertRows } from "./insert-rows.ts";
import { loadData } from "./load-data.ts";
import type { SendRows } from "./send-rows.ts";
import type { ServerFacts } from "./server-facts.ts";

/**
 * Returns the way in which rows go to a server: by LOAD DATA where the server
 * allows it and the table's rows come through it as they are, else by INSERT.
 */
export function rowSender({
  isMariadb,
  hasLocalInfile,
}: Pick<ServerFacts, "isMariadb" | "hasLocalInfile">): SendRows {
  return (session, to, bytes) => {
    // MariaDB keeps JSON as the text that it is.
    const hasJsonDecimals = !isMariadb && to.hasJsonDecimals === true;
    const needsInsert = !hasLocalInfile || hasJsonDecimals || to.needsInsert === true;
    return (needsInsert ? insertRows : loadData)(session, { ...to, hasJsonDecimals }, bytes);
  };
}
