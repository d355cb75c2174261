export { chatApplication, type ChatFactsFound, type ChatFinding } from "./application.ts";
export { collapse, messageIdentity, userMessageIdentity, type Collapse, type Twin } from "./collapse.ts";
export { familyOf, fitColumn, type ColumnFamily, type Fitted, type Misfit } from "./column-fit.ts";
export { COMMUNITY_FACTS } from "./community-facts.ts";
export { contentOf, type BodyForm, type Content } from "./content.ts";
export {
  BodyCounter,
  CANDIDATE_ZONES,
  jdbcZoneCounter,
  jvmZoneCounter,
  privateFormCounter,
  privateFormVerdict,
  sessionZoneCounter,
  type DatedId,
  type PlacedId,
  type PrivateFormVerdict,
  type PrivateSample,
} from "./detect.ts";
export {
  addEvidence,
  EvidenceCounter,
  isContradicted,
  verdictOf,
  type Evidence,
  type Verdict,
} from "./evidence.ts";
export { factsDifferences, type FactsDifference } from "./facts-differences.ts";
export { DEFAULT_FIELD_NAMES, readFieldNames, type FieldNames } from "./field-names.ts";
export { fieldValueOf, integerOf, type FieldValue, type ForeignValue } from "./field-value.ts";
export { gatherer, MESSAGE_COLUMNS, USER_MESSAGE_COLUMNS, type Gathered } from "./gather.ts";
export { hybridIndexes, type HybridIndex } from "./hybrid-indexes.ts";
export { messageHeadOf, type MessageHead } from "./message-head.ts";
export { firstMessageId, ID_EPOCH_MS, messageTime } from "./message-id.ts";
export { MESSAGE_TABLE_COUNT, messageTableAt, messageTableOf, monthsBack } from "./message-table.ts";
export { MessageToRow, type MessageDocument, type MessageToRowSettings } from "./message-to-row.ts";
export { userDocumentId } from "./object-id.ts";
export {
  type DocumentField,
  type DocumentOutcome,
  type FieldKind,
  type Quarantined,
  type QuarantineReason,
  type Remark,
  type RowOutcome,
} from "./outcome.ts";
export { pairOf, receiversOf, type PrivateForm } from "./private-target.ts";
export { profileFault, type ProfileFaults } from "./profile-faults.ts";
export { readProfileOptions, type ProfileOptions } from "./profile-options.ts";
export { readRetention, retentionHorizon, type Retention } from "./retention.ts";
export { type OtherField } from "./row-builder.ts";
export { KNOWN_COLUMNS, planTarget, type PlannedColumn, type RowPlan, type TargetPlan } from "./row-plan.ts";
export { type TargetRefusal } from "./refusals.ts";
export { RowToMessage, type MessageRow, type RowToMessageSettings } from "./row-to-message.ts";
export {
  RowToUserMessage,
  type RowToUserMessageSettings,
  type UserMessageRow,
} from "./row-to-user-message.ts";
export { datetimeOf, instantOf, type DatetimeDoubt, type DatetimeReading } from "./server-datetime.ts";
export { messageTable, serverTable, userMessageTable, type ServerTable } from "./server-tables.ts";
export { settingsOfChain, type SaidOfDelta } from "./settings-of-chain.ts";
export {
  readJdbcZone,
  readServerConfiguration,
  siteSettings,
  type MessageStore,
  type SiteSettings,
} from "./site-settings.ts";
export { chatTargetFacts, readTargetFacts, tableFacts, type ChatTargetFacts } from "./target-facts.ts";
export {
  UserMessageToRow,
  type UserMessageDocument,
  type UserMessageToRowSettings,
} from "./user-message-to-row.ts";
export { javaStringHash, USER_TABLE_COUNT, userShard } from "./user-shard.ts";
export { wildfirechat } from "./wildfirechat.ts";
export { type WildfirechatSettings } from "./wildfirechat-settings.ts";
export { ZoneClock } from "./zone-clock.ts";
