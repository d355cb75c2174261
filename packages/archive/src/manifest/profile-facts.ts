import { z } from "zod";
import { countSchema } from "./schema-parts.ts";

const agreementSchema = z.object({ candidate: z.string(), agreeCount: countSchema });

/** The number of samples that agree with each candidate for a setting. */
export const evidenceSchema = z.object({
  sampleCount: countSchema,
  candidates: z.array(agreementSchema).readonly(),
  /** Samples that some candidates agree with and others do not: only these can decide. */
  tellingCount: countSchema,
  telling: z.array(agreementSchema).readonly(),
});

const decisionSchema = z.object({
  /** The setting, named like its `--profile-option`. */
  setting: z.string(),
  value: z.string(),
  /**
   * The source of the value: a person's option, the site's files, the rows that were looked at, the target's
   * facts, or the application's default.
   */
  by: z.enum(["option", "site", "rows", "facts", "default"]),
  evidence: evidenceSchema.optional(),
});
/** The value that a setting of a profile got, and why. */
export type ProfileDecision = z.infer<typeof decisionSchema>;

/** The work of a profile on an archive, for reports. The manifest of the output keeps it. */
export const profileFactsSchema = z.object({
  /** The options that a person set, by name. */
  options: z.record(z.string(), z.string()),
  /**
   * The settings in the files that a person gave, for the deltas of a chain. Only the profile can read them.
   */
  settings: z.record(z.string(), z.unknown()).optional(),
  decisions: z.array(decisionSchema).readonly(),
  /** The counts of the first look, by group of namespaces (`messages`) and by name. */
  counts: z.record(z.string(), z.record(z.string(), countSchema)),
  /** The number of uses of each rule on the lines of a group, and of lines skipped, by the rule's name. */
  remarks: z.record(z.string(), z.record(z.string(), countSchema)),
  /**
   * The number of lines in quarantine, by reason and field: `bytes-too-long _data`. A field may have any
   * name.
   */
  quarantined: z.record(z.string(), z.record(z.string(), countSchema)),
  /** Namespaces that the profile does not carry over: they stay where they are. */
  staying: z.array(z.object({ namespace: z.string(), lineCount: countSchema })).readonly(),
});
export type ProfileFacts = z.infer<typeof profileFactsSchema>;
