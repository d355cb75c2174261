import type { SourceManifest } from "@firebreak/archive";

/** The settings of an export, without its source. */
export interface ExportSettings {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly partMib: number;
  /** The age recipients that the archive is encrypted for; empty for an archive in clear. */
  readonly recipients: readonly string[];
  /** True if the archive is encrypted with a passphrase instead. */
  readonly hasPassphrase: boolean;
  /** True if an encrypted archive shows the names of databases and collections. */
  readonly hasClearNames: boolean;
}

/** The source settings that a resumed run must repeat. They name no URL, since a server may have moved. */
export interface SourceSettings {
  readonly source: SourceManifest["source"]["kind"];
  readonly dump?: string;
  readonly skipsOplog?: boolean;
  /** Distinguishes this dump from another one in its place, or one moment of a server from another. */
  readonly state?: string;
}
