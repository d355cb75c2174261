import type { ReasonTexts } from "@firebreak/archive";
import type { ExportReasons } from "@firebreak/export";
import type { MongodbReasons } from "@firebreak/mongodb";
import type { MysqlReasons } from "@firebreak/mysql";

export const serverReasons: ReasonTexts<ExportReasons & MongodbReasons & MysqlReasons> = {
  "oplog-begins": (f) => `its oplog begins at ${f.begin}`,
  "no-words": "the server gives no reason",
  "url-scheme": "it does not begin with mysql://",
  "url-option": (f) => `${f.option} is no option of it, as are ${f.known.join(", ")}`,
  "tls-mode": (f) => `ssl-mode is one of ${f.known.join(", ")}`,
  "tls-address": "with ssl-mode=VERIFY_IDENTITY it has to have the server's name, not its address",
  "path-relative": (f) => `${f.option} has to be a whole path: ${f.path}`,
  "file-unreadable": (f) => `${f.option} cannot be read: ${f.words}`,
  "counter-kept": (f) => `the server keeps it at ${f.next}`,
  "thread-ended": "its thread ended",
};
