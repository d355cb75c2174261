export { restoreToMysql, type RestoreToMysqlOptions } from "./restore-to-mysql.ts";
export { transformByWhole, type TransformByWholeOptions } from "./transform-by-whole.ts";
export { transformDelta } from "./transform-delta.ts";
