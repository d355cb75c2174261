import { z } from "zod";
import { countSchema } from "./schema-parts.ts";

const agreementSchema = z.object({ candidate: z.string(), agreeCount: countSchema });

/** How many samples agree with each candidate for a setting. */
export const evidenceSchema = z.object({
  sampleCount: countSchema,
  candidates: z.array(agreementSchema).readonly(),
  /** Samples that some candidates agree with and others do not: only these can decide. */
  tellingCount: countSchema,
  telling: z.array(agreementSchema).readonly(),
});

const decisionSchema = z.object({
  /** The setting, as its `--profile-option` is named. */
  setting: z.string(),
  value: z.string(),
  /** Who says so: a person's option, the site's files, the rows that were looked at, the target's facts, or the application's default. */
  by: z.enum(["option", "site", "rows", "facts", "default"]),
  evidence: evidenceSchema.optional(),
});
/** What a setting of a profile was taken to be, and why. */
export type ProfileDecision = z.infer<typeof decisionSchema>;

/** What a profile did with an archive, for reports: kept in the manifest of what was made. */
export const profileFactsSchema = z.object({
  /** What a person set, by its name. */
  options: z.record(z.string(), z.string()),
  /** What the files said that a person gave, for the deltas of a chain. Only the profile can read it. */
  settings: z.record(z.string(), z.unknown()).optional(),
  decisions: z.array(decisionSchema).readonly(),
  /** What the first look counted, by group of namespaces (`messages`) and by what was counted. */
  counts: z.record(z.string(), z.record(z.string(), countSchema)),
  /** How often which rule was used on the lines of a group, and lines skipped, by the rule's name. */
  remarks: z.record(z.string(), z.record(z.string(), countSchema)),
  /** How many lines are in quarantine, by reason and field: `bytes-too-long _data`. A field may have any name. */
  quarantined: z.record(z.string(), z.record(z.string(), countSchema)),
  /** Namespaces that the profile does not carry over: they stay where they are. */
  staying: z.array(z.object({ namespace: z.string(), lineCount: countSchema })).readonly(),
});
export type ProfileFacts = z.infer<typeof profileFactsSchema>;
