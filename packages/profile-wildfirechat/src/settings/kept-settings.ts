import type { ProfileFacts } from "@firebreak/archive";
import { z } from "zod";
import { fieldNamesSchema, type FieldNames } from "../documents/field-names.ts";
import type { SiteSettings } from "./site-settings.ts";
import type { WildfirechatSettings } from "./wildfirechat-settings.ts";

const siteSchema = z.object({
  store: z.enum(["mysql", "hybrid", "h2"]).optional(),
  mongodbDatabase: z.string(),
  // JSON has no NaN.
  expireDays: z.number().catch(Number.NaN),
  jdbcZone: z.string(),
  defaults: z.array(z.enum(["mongodbDatabase", "expireDays", "jdbcZone"])),
});

const keptSchema = z.object({ fieldNames: fieldNamesSchema.optional(), site: siteSchema.optional() });

/** The contents of the files that the user gave. */
export interface KeptSettings {
  readonly names: FieldNames | undefined;
  readonly site: SiteSettings | undefined;
}

/** Returns the contents of the user's files for the manifest, so that deltas do not need the files. */
export function keptSettings({
  names,
  site,
  options,
}: WildfirechatSettings): NonNullable<ProfileFacts["settings"]> {
  return {
    ...("fields" in options.given ? { fieldNames: names } : {}),
    ...(site === undefined ? {} : { site }),
  };
}

/** Reads them from a manifest. Undefined if the version that wrote it kept none. */
export function readKeptSettings(settings: ProfileFacts["settings"]): KeptSettings | undefined {
  if (settings === undefined) return undefined;
  const { fieldNames, site } = keptSchema.parse(settings);
  return { names: fieldNames, site: site && { ...site, store: site.store } };
}
