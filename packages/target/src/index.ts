export type { TargetCapabilities } from "./capabilities.ts";
export { chainPlace, type ChainPlace } from "./chain/chain-place.ts";
export { chainRefusal } from "./chain/chain-refusal.ts";
export {
  chainVerdict,
  type ChainProblem,
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
export { runStage, type LoadStage } from "./load-stage.ts";
export type {
  Loadable,
  LoadOptions,
  LoadOutcome,
  LoadPlan,
  LoadRequest,
  LoadTarget,
  MadeManifest,
  OpenTarget,
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
