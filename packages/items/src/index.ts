export {
  archivedItemReader,
  archivedItems,
  archivedLineReader,
  type ChainReading,
} from "./chain/archived-lines.ts";
export { ChainItems } from "./chain/chain-items.ts";
export { chainNamespaces, type ChainListing, type ChainNamespace } from "./chain/chain-namespaces.ts";
export { documentReader } from "./chain/document-items.ts";
export { holdingLinks } from "./chain/chain-namespaces.ts";
export { DOCUMENT_KEY, keyLineOf } from "./chain/key-line.ts";
export {
  linkItems,
  type Item,
  type ItemReader,
  type Keyed,
  type LinkItems,
  type ListedItems,
  type PlacedPart,
} from "./chain/link-items.ts";
export {
  madeFolders,
  madeOfLink,
  readMade,
  type MadeManifests,
  type MadeOfLink,
} from "./chain/made-of-link.ts";
export { mergeByKey, mergeByPlace, OrderUnknown, type OrderOf } from "./chain/merged-lines.ts";
export {
  openChain,
  refuseDelta,
  refuseUnlinked,
  type ChainLink,
  type ChainOptions,
} from "./chain/open-chain.ts";
export { RepeatedKeys } from "./chain/repeated-keys.ts";
export { keysFolder } from "./chain/keys-folder.ts";
export { sealKeys, SupersedingKeys } from "./chain/superseding-keys.ts";
export { writeMerged, type WrittenLines } from "./chain/write-merged.ts";
export { cellOf } from "./digest/cell-of.ts";
export {
  base64Length,
  BYTES_MARK,
  canonicalBytes,
  RowHasher,
  TEXT_MARK,
  type CellForm,
  type RowEncoding,
} from "./digest/row-hash.ts";
export { identifyingColumns, keyIndexes, keyText, RowIdentity } from "./digest/row-identity.ts";
export {
  addDigests,
  EMPTY_DIGEST,
  isSameDigest,
  subtractDigests,
  TableDigest,
  type PlainDigest,
} from "./digest/table-digest.ts";
export { collectionOrder, documentOf, documentOrder } from "./order/document-order.ts";
export { doubleOrder, numberOrder, turned } from "./order/number-order.ts";
export { hasIdOrder } from "./order/id-order.ts";
export type { RangeCut, RangePlan } from "./ranges/document-ranges.ts";
export { DocumentRanges } from "./ranges/document-ranges.ts";
export { rangeFile, sequenceFile } from "./ranges/range-parts.ts";
export { PartSequence, type ItemLines, type WrittenParts } from "./ranges/part-sequence.ts";
export { provedLines } from "./ranges/proved-lines.ts";
export {
  canBeBorder,
  documentsOfRange,
  MAX_BORDER_TRIES,
  MOST_SAMPLE_ROWS,
  rowsOfRange,
  SAMPLE_ROWS,
  sampleRows,
} from "./ranges/range-sizes.ts";
export type { PartsTarget } from "./ranges/range-parts.ts";
export { GatheredLines } from "./sorted/gathered-lines.ts";
export { removeRun, type KeyRun } from "./sorted/key-run.ts";
export { KeyStoreWriter } from "./sorted/key-store-writer.ts";
export { KeyStore } from "./sorted/key-store.ts";
export { LineSorter, type SealedLines } from "./sorted/line-sorter.ts";
export { mergeRuns } from "./sorted/sorted-run.ts";
export { NumberKeys } from "./sorted/number-keys.ts";
export { NumberSet } from "./sorted/number-set.ts";
export { repeatedNumbers } from "./sorted/repeated-numbers.ts";
export { SortedRun, type SortedLine } from "./sorted/sorted-run.ts";
