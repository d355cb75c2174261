import type { MysqlTable, ProfileFacts, SourceNamespace } from "@firebreak/archive";
import type { FoundDocument, TestedQuery } from "./tested-query.ts";

/** An archive's data, as far as an application's profile needs it to make the application's queries. */
export interface ApplicationData {
  /** The facts that transform kept of its work with the profile, the profile's settings among them. */
  readonly facts: ProfileFacts;
  readonly namespaces: readonly Pick<SourceNamespace, "namespace" | "database" | "collection">[];
  readonly tables: readonly MysqlTable[];
  /** Returns a table's name with its database in the target, quoted for SQL. */
  tableName(table: string): string;
  /** Draws documents of a namespace out of the archive; none if there is no such namespace. */
  draw(namespace: string, count: number): Promise<readonly FoundDocument[]>;
}

/** Makes an application's own queries, with parameters drawn from its data. */
export type ApplicationQueries = (data: ApplicationData) => Promise<readonly TestedQuery[]>;
