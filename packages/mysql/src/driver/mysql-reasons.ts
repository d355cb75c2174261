import { reasonsOf } from "@firebreak/archive";

/** The reasons in our own codes why something about MySQL is not right, with their fields. */
export interface MysqlReasons {
  "url-scheme": undefined;
  "url-option": { option: string; known: readonly string[] };
  "tls-mode": { known: readonly string[] };
  "tls-address": undefined;
  "path-relative": { option: string; path: string };
  "file-unreadable": { option: string; words: string };
  "counter-kept": { next: string };
}

export const mysqlReason: ReturnType<typeof reasonsOf<MysqlReasons>> = reasonsOf<MysqlReasons>();
