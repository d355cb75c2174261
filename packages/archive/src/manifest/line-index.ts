import { z } from "zod";
import { countSchema, partSchema } from "./schema-parts.ts";

/** The folder of the index in the folder that transform writes. */
export const INDEX_FOLDER = "lines.index";

/**
 * The index of the lines that a profile maps. The transform of the next delta reads it to find the lines that
 * the delta affects. A folder has the index of its own link's lines, and of those of earlier links that had
 * none.
 */
export const lineIndexSchema = z.object({
  /** The number of the first link that it covers: that of its own, or 0 if it was made for a whole chain. */
  from: countSchema,
  /** The parts that the index covers, and the files with the documents and the keys of their lines. */
  parts: z.array(
    z.object({
      /** The number of the link: 0 for the full archive. */
      link: countSchema,
      namespace: z.string(),
      /** The part's name in that link. */
      part: z.string(),
      documents: partSchema,
      keys: partSchema,
      /** Copies of the lines that take values from others, in their order, unless these are too many. */
      dependents: partSchema.optional(),
    }),
  ),
  /** The lines that links from that one on supersede. */
  superseded: z.array(partSchema),
  /** The counts of surveyors over all lines that the chain ever had, by group. Only the profile reads them. */
  surveys: z.record(z.string(), z.unknown()),
});
export type LineIndex = z.infer<typeof lineIndexSchema>;

const supersededSchema = z.object({ link: countSchema, part: z.string(), lines: z.array(countSchema) });

/** Lines of a part of an earlier link that a delta supersedes. Lines count from 1. */
export type SupersededLines = z.infer<typeof supersededSchema>;

/** Reads a line of a part of superseded lines. */
export function parseSuperseded(text: string): SupersededLines {
  return supersededSchema.parse(JSON.parse(text));
}
