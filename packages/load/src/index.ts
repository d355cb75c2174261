export { loadArchive, type LoadOptions } from "./load.ts";
export { loadFault, type Finding, type LoadFaults } from "./load-faults.ts";
