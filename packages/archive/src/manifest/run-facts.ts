import { hostname } from "node:os";
import type { Run } from "./schema-parts.ts";

/** Returns the facts of a run that ends now, for its manifest. */
export function runFacts({
  startedAt,
  version,
  server,
  position,
}: {
  readonly startedAt: string;
  /** The version of Firebreak. */
  readonly version: string;
  readonly server?: string | undefined;
  readonly position?: string | undefined;
}): Run {
  return {
    startedAt,
    finishedAt: new Date().toISOString(),
    host: hostname(),
    firebreak: version,
    node: process.version,
    ...(server === undefined ? {} : { server }),
    ...(position === undefined ? {} : { position }),
  };
}
