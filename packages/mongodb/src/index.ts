export { connectMongodb, type MongodbSource } from "./connect.ts";
export { collectionSize, planKeyRanges, type CollectionSize, type KeyRange } from "./key-ranges.ts";
export { explainMongodb, mongodbFault, type MongodbFaults } from "./mongodb-faults.ts";
export { listNamespaces, type Namespace } from "./namespaces.ts";
export { patiently, Patience, type PatienceSettings } from "./patience.ts";
export { readRange } from "./read-range.ts";
