/** The formats of a folder: the output of export, of transform for each target, and of a repair. */
export const MANIFEST_FORMATS = [
  "firebreak-archive",
  "firebreak-mysql",
  "firebreak-mongodb",
  "firebreak-repair",
] as const;

export type ManifestFormat = (typeof MANIFEST_FORMATS)[number];
