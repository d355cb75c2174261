export { transformArchive, type TargetKind, type TransformOptions } from "./transform.ts";
export type { TransformEvent, TransformNotes } from "./transform-notes.ts";
export { deltaOfWhole, type DeltaOfWholeOptions } from "./difference/delta-of-whole.ts";
export { chainProfile, type ChainProfile, type ChainProfileOptions } from "./delta/chain-profile.ts";
export type { TransformFaults } from "./transform-faults.ts";
export type {
  MappedRow,
  MappedTargetDocument,
  Profile,
  ProfileBeginning,
  ProfileCollection,
  ProfileGroup,
  ProfileLookup,
  ProfileMapped,
  ProfileMapper,
  ProfileNamespace,
  ProfilePlan,
  ProfileSettlement,
  ProfileSource,
  ProfileSurvey,
  ProfileSurveyor,
  ProfileSurveys,
  ProfileTable,
  ProfileTwin,
  ProfileWorker,
  SurveyedKey,
} from "./profile.ts";
