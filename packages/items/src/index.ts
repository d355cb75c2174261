export { chainNamespaces, type ChainListing, type ChainNamespace } from "./chain/chain-namespaces.ts";
export { DOCUMENT_KEY, keyLineOf } from "./chain/key-line.ts";
export { KeySet } from "./chain/key-set.ts";
export { eachBlock, type ChainReading } from "./chain/later-lines.ts";
export { madeFolders, madeOfLink, type MadeManifests, type MadeOfLink } from "./chain/made-of-link.ts";
export { mergeByKey, mergeByPlace, OrderUnknown, type OrderOf } from "./chain/merged-lines.ts";
export {
  openChain,
  refuseDelta,
  refuseUnlinked,
  type ChainLink,
  type ChainOptions,
} from "./chain/open-chain.ts";
export { RepeatedKeys } from "./chain/repeated-keys.ts";
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
export type { RangeCut, RangePlan } from "./ranges/cut-ranges.ts";
export type { PartsTarget } from "./ranges/range-parts.ts";
export { GatheredLines } from "./sorted/gathered-lines.ts";
export type { SealedKeys } from "./sorted/key-store-layout.ts";
export { KeyStoreWriter } from "./sorted/key-store-writer.ts";
export { KeyStore } from "./sorted/key-store.ts";
export { LineSorter } from "./sorted/line-sorter.ts";
export { mergeRuns } from "./sorted/merge-runs.ts";
export { SortedRun, type SortedLine } from "./sorted/sorted-run.ts";
