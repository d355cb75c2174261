import { insertRows } from "./insert-rows.ts";
import { loadData } from "./load-data.ts";
import type { SendRows } from "./send-rows.ts";
import type { ServerFacts } from "../../driver/server-facts.ts";

/**
 * Returns the function that sends rows to a server: by LOAD DATA if the server allows it and the
 * table's rows pass through it unchanged, else by INSERT.
 */
export function rowSender({
  isMariadb,
  hasLocalInfile,
}: Pick<ServerFacts, "isMariadb" | "hasLocalInfile">): SendRows {
  return (session, to, bytes) => {
    // MariaDB keeps JSON as unchanged text.
    const hasJsonDecimals = !isMariadb && to.hasJsonDecimals === true;
    const needsInsert = !hasLocalInfile || hasJsonDecimals || to.needsInsert === true;
    return (needsInsert ? insertRows : loadData)(session, { ...to, hasJsonDecimals }, bytes);
  };
}
