export { mongodbChecksumTarget, type MongodbChecksumNotes } from "./checksum/mongodb-checksum-target.ts";
export type { MongodbLoadOptions } from "./load-run.ts";
export type { ToMongodbNotes } from "./mongodb-load-notes.ts";
export { mongodbLoadTarget } from "./mongodb-load-target.ts";
export { mongodbStatusTarget } from "./mongodb-status-target.ts";
export type { MongodbFinding, MongodbNote } from "./preflight/findings.ts";
export { toMongodbFault, type ToMongodbFaults } from "./to-mongodb-faults.ts";
