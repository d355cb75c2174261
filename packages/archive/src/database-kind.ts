import { join } from "node:path";
import type { SourceManifest } from "./manifest/source-manifest.ts";

/** The kinds of databases. Each can be a source and a target. */
export const DATABASE_KINDS = ["mysql", "mongodb"] as const;
export type DatabaseKind = (typeof DATABASE_KINDS)[number];

/** Returns the kind of the database that an archive is of. A dump is one of MongoDB. */
export function kindOfSource({ source }: Pick<SourceManifest, "source">): DatabaseKind {
  return source.kind === "mysql" ? "mysql" : "mongodb";
}

/** Returns the kind that an archive is transformed for, if nobody says another: the kind that its source is not. */
export function otherKind(kind: DatabaseKind): DatabaseKind {
  return kind === "mysql" ? "mongodb" : "mysql";
}

/** The folders inside an archive where transform writes for MySQL and for MongoDB. */
export const MYSQL_FOLDER = "mysql";
export const MONGODB_FOLDER = "mongodb";

/** Returns the folders of a whole archive where transform writes, by the kind of the target. */
export function transformFoldersIn(archive: string): Readonly<Record<DatabaseKind, string>> {
  return { mysql: join(archive, MYSQL_FOLDER), mongodb: join(archive, MONGODB_FOLDER) };
}
