import type { KeyObject } from "node:crypto";
import type { DumpOptions } from "./dump/dump-source.ts";
import type { ExportSettings } from "./export-settings.ts";

/** The source: a server of either kind, or the output of mongodump. */
export type SourceOptions =
  | { readonly kind: "mongodb"; readonly url: string }
  | ({ readonly kind: "dump" } & DumpOptions)
  | { readonly kind: "mysql"; readonly url: string };

export interface ExportOptions extends ExportSettings {
  readonly source: SourceOptions;
  readonly archive: string;
  readonly jobs: number;
  readonly version: string;
  /** The time for which the server may fail, without a success in between, before the export ends. */
  readonly giveUpAfterMs: number;
  /** The file with the passphrase, if the archive is encrypted with one. */
  readonly passphraseFile?: string | undefined;
  /** The Ed25519 private key that signs the manifest. */
  readonly signingKey?: KeyObject | undefined;
}
