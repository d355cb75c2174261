import type { NameProblem } from "@firebreak/mongodb";
import type { MysqlNameProblem } from "@firebreak/mysql";

/** Describes a name that no MongoDB accepts, as part of a sentence. */
export function mongodbNameText(why: NameProblem): string {
  switch (why) {
    case "database-letters":
      return 'database whose name is empty or has one of / \\ . " $ or a space';
    case "database-long":
      return "database whose name is longer than 63 bytes";
    case "collection-letters":
      return "collection whose name is empty, begins with a dot, or has a $ or .system. in it";
    case "namespace-long":
      return "database and collection whose names are longer than 255 bytes together";
  }
}

/** Describes a database name that MySQL or MariaDB does not accept, or does not keep unchanged. */
export function mysqlNameText(why: MysqlNameProblem): string {
  switch (why) {
    case "empty":
      return "is empty";
    case "long":
      return "is longer than 64 letters";
    case "space":
      return "ends in a space";
    case "nul":
      return "has a NUL in it";
    case "four-bytes":
      return "has an emoji, or another letter of four bytes in UTF-8";
    case "prefix":
      return "begins with #mysql50#, which means another name to a server";
  }
}
