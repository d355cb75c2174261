export type {
  ApplicationSite,
  CountedGroup,
  Counting,
  Place,
  SiteCount,
  SiteCounter,
  SiteFinding,
  SiteLook,
  Span,
  TableCount,
  WrittenAt,
} from "./application-site.ts";
export type { DocumentGroups, GroupRole } from "./document-groups.ts";
export type { ProfileEntry } from "./profile-entry.ts";
export type { GivenSettings, ProfileSupport, SiteFolder } from "./profile-support.ts";
export type { Message, Phrases, ProfileFaultTexts, ProfileTexts } from "./profile-texts.ts";
