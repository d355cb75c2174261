export { transformArchive, type TransformOptions } from "./transform.ts";
