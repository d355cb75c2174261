import { transformProfiledDelta } from "@firebreak/transform";
import { transformByWhole, type TransformByWholeOptions, type WholeEvent } from "./transform-by-whole.ts";

/**
 * Transforms a delta with a profile: from its own lines and those that they affect or, if that is not
 * possible, from the whole chain.
 *
 * @throws {FirebreakError} a fault of compact, transform or archive.
 */
export async function* transformDelta(options: TransformByWholeOptions): AsyncGenerator<WholeEvent> {
  const reason = yield* transformProfiledDelta(options);
  if (reason === undefined) return;
  yield { kind: "note", code: "delta-by-whole", fields: { archive: options.archive, reason } };
  yield* transformByWhole(options);
}
