export type { VerifyDepth } from "./check-archive-file.ts";
export { verifyArchive } from "./verify.ts";
export type { VerifyReasons } from "./verify-reasons.ts";
