export { loadDocuments, type LoadDocumentsOptions } from "./load-documents.ts";
export type { MongodbFinding, MongodbNote } from "./findings.ts";
export { toMongodbFault, type ToMongodbFaults } from "./to-mongodb-faults.ts";
