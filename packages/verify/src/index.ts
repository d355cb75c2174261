export type { VerifyDepth } from "./check-archive-file.ts";
export { verifyArchive } from "./verify.ts";
export type { VerifyReasons } from "./check-changes.ts";
