import { isVersion } from "../driver/connect.ts";

/** The versions that have an option: from `since` on, and only before `before`. Either may be missing. */
interface Range {
  readonly since?: readonly [major: number, minor: number];
  readonly before?: readonly [major: number, minor: number];
}

/**
 * Options of collections that the command `create` takes (manual, "create"; the server's `create.idl`).
 *
 * Other fields in a listing or a dump are no options: they belong to the command itself (`create`,
 * `idIndex`), or to servers of long ago (`flags`).
 */
const COLLECTION_OPTIONS: Readonly<Record<string, Range>> = {
  capped: {},
  changeStreamPreAndPostImages: { since: [6, 0] },
  clusteredIndex: {},
  collation: {},
  encryptedFields: {},
  expireAfterSeconds: {},
  indexOptionDefaults: {},
  max: {},
  pipeline: {},
  recordIdsReplicated: {},
  recordPreImages: { before: [6, 0] },
  size: {},
  storageEngine: {},
  temp: {},
  timeseries: {},
  validationAction: {},
  validationLevel: {},
  validator: {},
  viewOn: {},
};

/**
 * Options of indexes that `createIndexes` takes (manual, "createIndexes"; the server's
 * `index_key_validate.cpp`).
 */
const INDEX_OPTIONS: Readonly<Record<string, Range>> = {
  "2dsphereIndexVersion": {},
  background: {},
  bits: {},
  bucketSize: { before: [4, 9] },
  clustered: {},
  coarsestIndexedLevel: {},
  collation: {},
  columnstoreProjection: {},
  default_language: {},
  expireAfterSeconds: {},
  finestIndexedLevel: {},
  hidden: { since: [4, 4] },
  key: {},
  language_override: {},
  max: {},
  min: {},
  name: {},
  originalSpec: {},
  partialFilterExpression: {},
  prepareUnique: { since: [6, 0] },
  sparse: {},
  storageEngine: {},
  textIndexVersion: {},
  unique: {},
  v: {},
  weights: {},
  wildcardProjection: {},
};

/** Kinds of indexes, as strings in an index's key name them. */
const INDEX_KINDS: Readonly<Record<string, Range>> = {
  "2d": {},
  "2dsphere": {},
  "2dsphere_bucket": {},
  columnstore: {},
  geoHaystack: { before: [4, 9] },
  hashed: {},
  queryable_encrypted_range: {},
  text: {},
};

/** On/off options of indexes. Servers before 3.4 took any value for them. */
export const INDEX_SWITCHES: ReadonlySet<string> = new Set([
  "background",
  "clustered",
  "hidden",
  "prepareUnique",
  "sparse",
  "unique",
]);

export function isCollectionOption(name: string, version: string): boolean {
  return isOf(COLLECTION_OPTIONS, name, version);
}

export function isIndexOption(name: string, version: string): boolean {
  return isOf(INDEX_OPTIONS, name, version);
}

export function isIndexKind(name: string, version: string): boolean {
  return isOf(INDEX_KINDS, name, version);
}

function isOf(table: Readonly<Record<string, Range>>, name: string, version: string): boolean {
  if (!Object.hasOwn(table, name)) return false;
  const { since, before } = table[name]!;
  return (
    (since === undefined || isVersion(version, since)) &&
    (before === undefined || !isVersion(version, before))
  );
}
