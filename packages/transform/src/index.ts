export { transformArchive, type TransformOptions } from "./transform.ts";
export type { TransformEvent, TransformNotes } from "./transform-notes.ts";
export { deltaOfWhole, type DeltaOfWholeOptions } from "./difference/delta-of-whole.ts";
export { transformProfiledDelta, type ProfiledDeltaOptions } from "./affected/transform-profiled-delta.ts";
export { chainProfile, type ChainProfile, type ChainProfileOptions } from "./delta/made-chain.ts";
export type {
  DuplicateDecision,
  LineMapper,
  MappedLine,
  PossibleDuplicate,
  TargetDocument,
  TargetRow,
} from "./lines/line-mapper.ts";
export { SurveysDiffer } from "./profile.ts";
export type { TransformFaults } from "./transform-faults.ts";
export type {
  Profile,
  ProfileBeginning,
  ProfileCollection,
  ProfileGroup,
  ProfileLookup,
  ProfileNamespace,
  ProfilePlan,
  ProfileSource,
  ProfileSurvey,
  ProfileSurveyor,
  ProfileSurveys,
  ProfileTable,
  ProfileWorker,
  KeyRange,
  Reference,
  SurveyedLine,
} from "./profile.ts";
