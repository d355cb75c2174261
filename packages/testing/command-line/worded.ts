import type { Reason } from "@firebreak/archive";
import { words } from "../../cli/src/messages/en/reasons.ts";

/** Matches a fault's reason by what people read of it: the text, or what a matcher or an expression finds there. */
export function worded(expected: unknown): unknown {
  return {
    asymmetricMatch: (reason: Reason): boolean => isFound(expected, words(reason)),
    toString: () => `worded ${String(expected)}`,
  };
}

function isFound(expected: unknown, text: string): boolean {
  if (typeof expected === "string") return text === expected;
  if (expected instanceof RegExp) return expected.test(text);
  return (expected as { asymmetricMatch: (text: string) => boolean }).asymmetricMatch(text);
}

/** Matches an error by what people read of its reason: a part of the text, or what an expression finds there. */
export function saying(expected: string | RegExp): unknown {
  return {
    asymmetricMatch: (error: Error & { reason?: Reason; fields?: { reason?: Reason } }): boolean => {
      const text = words(error.reason ?? error.fields?.reason ?? error.message);
      return typeof expected === "string" ? text.includes(expected) : expected.test(text);
    },
    toString: () => `saying ${String(expected)}`,
  };
}
