export { wildfirechatEntry } from "./entry.ts";
