export { bundleFault, type BundleFaults, type MemberRefusal, type VolumeDamage } from "./bundle-faults.ts";
export { extractBundle, type ExtractOptions } from "./extract.ts";
export { packArchive, type PackOptions } from "./pack.ts";
export type { BundleNotes } from "./bundle-notes.ts";
