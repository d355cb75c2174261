export type { TargetCapabilities } from "./capabilities.ts";
export { type ChainPlace, chainPlace } from "./chain/chain-place.ts";
export {
  type ChainProblem,
  chainRefusal,
  chainVerdict,
  type ChainVerdict,
  type KnownChain,
  type KnownLink,
} from "./chain/chain-verdict.ts";
export type {
  ChecksumOptions,
  ChecksumRequest,
  ChecksumTarget,
  OpenChecksum,
  OpenSample,
} from "./checksum-target.ts";
export {
  type Loadable,
  type LoadOptions,
  type LoadOutcome,
  type LoadPlan,
  type LoadRequest,
  type LoadStage,
  type LoadTarget,
  type MadeManifest,
  type OpenTarget,
  runStage,
} from "./load-target.ts";
export { QuarantineLimit } from "./quarantine-limit.ts";
export type {
  DifferingItems,
  KeyColumns,
  ReportedColumn,
  ReportedDifference,
  ReportedPiece,
  ReportedSource,
  ReportedValue,
  SampledColumn,
  SampleEvent,
  SourceDocument,
  ValueSize,
} from "./reported-difference.ts";
export type { Arrival, OpenStatus, StatusLedger, StatusTarget } from "./status-target.ts";
export { targetFault, type TargetFaults } from "./target-faults.ts";
