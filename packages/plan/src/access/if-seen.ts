import { reasonOf } from "@firebreak/archive";
import type { Unseen } from "../plan-record.ts";

/** Looks at something, and returns undefined where the login may not see it. */
type IfSeen = <R>(what: Unseen["what"], look: () => Promise<R>) => Promise<R | undefined>;

/** Returns a function that looks, and adds to a list what could not be seen, with the reason. */
export function ifSeenOr(unseen: Unseen[]): IfSeen {
  return async (what, look) => {
    try {
      return await look();
    } catch (error) {
      unseen.push({ what, reason: reasonOf(error) });
      return undefined;
    }
  };
}
