import { DEFAULTS } from "../../flags.ts";
import type { HelpTexts } from "../help-texts.ts";
import { initHelp } from "./init.ts";
import { planHelp, rehearseHelp } from "./plan-help.ts";
import { queryTestHelp } from "./query-test.ts";

/** The help of each command, in English. */
export const commandHelp: HelpTexts["commands"] = {
  plan: planHelp,
  rehearse: rehearseHelp,
  export: {
    summary: "MongoDB, MySQL, or what mongodump wrote, to an archive of NDJSON files",
    flags: {
      "delta-from": "only what changed since this archive, the last link of its chain",
      "by-comparison":
        "with --delta-from: find changes by comparing the source with the chain, not by change stream",
      "mysql-url": "with --source mysql: the source, without a password; better from FIREBREAK_MYSQL_URL",
      source: "kind of the source (default: mongodb)",
      dump: "with --source dump: what mongodump wrote, also with --gzip: its folder, one database's folder in it, the .bson file of a collection, or an --archive file",
      "no-oplog": "with --source dump: leave documents as mongodump met them, although the dump has an oplog",
      include: "only what matches this glob on db.collection or db.table (repeatable)",
      exclude: "not what matches this glob (repeatable)",
      "give-up-after": `minutes that the server may fail before the export ends, to be gone on with (default: ${DEFAULTS.giveUpAfterMinutes})`,
      recipient: "encrypt to this age recipient, age1… (repeatable)",
      "passphrase-file": "encrypt with the passphrase in this file",
      "clear-names": "show names of databases and collections without a key",
      sign: "sign with the Ed25519 private key (PEM) in this file",
      "part-mib": `size of a part before compression (default: ${DEFAULTS.partMib})`,
    },
    examples: [
      ["pnpm export --mongodb-url mongodb://127.0.0.1:27017", "every database, into ./archive"],
      [
        "pnpm export --include 'shop.*' --exclude '*.tmp_*' --archive /backup/shop",
        "one database without its temporary collections",
      ],
      [
        "pnpm export --recipient age1… --sign office.key",
        "encrypted to the holder of a key, signed by the office",
      ],
      [
        "pnpm export --source mysql --mysql-url mysql://backup@db1",
        "every database of a MySQL, all as of one moment",
      ],
      ["pnpm export --source mysql --include 'shop.*' --jobs 4", "one database, over four connections"],
      ["pnpm export --source dump --dump /backup/dump", "the folder of mongodump --out, with no server"],
      [
        "pnpm export --delta-from /backup/shop --archive /backup/shop-1",
        "only what changed since that export; the next one goes on from shop-1",
      ],
      [
        "pnpm export --source dump --dump shop.archive.gz --include 'shop.*'",
        "one database of mongodump --archive",
      ],
    ],
  },
  transform: {
    summary: "archive to what the other kind of database is loaded with; needs no network",
    flags: {
      profile: "mappings to use (default: generic; of a delta: those of its chain)",
      "profile-option": "a setting of the profile as NAME=VALUE; repeatable",
      site: "folder with the application's own settings files",
      "target-facts":
        "file that inspect --target-facts wrote on the target's host: its columns as they are now",
      "keep-expired": "of a delta: leave rows whose documents a TTL index most likely took away",
      to: "kind of the target (default: of a delta that of its chain, else the other kind than the source)",
    },
    examples: [
      ["pnpm transform", "the archive in ./archive"],
      ["pnpm transform --archive /mnt/usb/shop --work /var/tmp/shop", "an archive that cannot be written"],
    ],
  },
  load: {
    summary: "what transform made into MySQL, MariaDB or MongoDB, each part exactly once",
    flags: {
      "mongodb-url": "the same of a MongoDB target; better from FIREBREAK_MONGODB_URL",
      to: "kind of the target (default: what the archive was transformed for)",
      "max-quarantine": `end the load when more rows or documents than this are refused (default: ${DEFAULTS.maxQuarantine})`,
      "replay-quarantine": "load just what was refused before",
      "keep-expired":
        "of a delta that is not transformed yet: leave rows whose documents a TTL index most likely took away",
      merge: "for an application's own tables: leave rows as they are that are there already, add the others",
      "dry-run": "check everything, write nothing",
    },
    examples: [
      [
        "pnpm load --mysql-url mysql://root@127.0.0.1:3306/shop",
        "the archive in ./archive into database shop",
      ],
      [
        "pnpm load --to mongodb --mongodb-url mongodb://127.0.0.1:27017/shop",
        "an archive of MySQL into MongoDB's database shop",
      ],
      ["pnpm load --replay-quarantine", "again what the server refused, once the cause is mended"],
      ["pnpm load --dry-run --archive /mnt/usb/shop", "only look whether it could be loaded"],
      ["pnpm load --archive delta-1", "what changed since, into the database that the full archive is in"],
      ["pnpm load --archive repair", "what checksum --repair wrote: puts the rows right that differ"],
    ],
  },
  checksum: {
    summary: "the archive's digests against the target's: equal, or the rows that differ",
    flags: {
      "mongodb-url": "the same of a MongoDB target; better from FIREBREAK_MONGODB_URL",
      sample: "instead: show so many rows, picked at random, beside their documents",
      against:
        "what the archive is compared with (default: what it was transformed for, else mysql); mongodb compares documents",
      "since-last":
        "prove only what deltas changed since the last checksum that was equal, if the target's binary log gives grounds; else compare everything",
      "only-since-last": "the same, but without grounds end with exit code 6 instead of comparing everything",
      repair: "write a small archive there that puts the differing rows right: load --archive DIR applies it",
    },
    examples: [
      [
        "pnpm checksum --mysql-url mysql://root@127.0.0.1:3306/shop",
        "the archive in ./archive with database shop",
      ],
      [
        "pnpm checksum --archive delta-1 --since-last",
        "in the downtime window: only what the last delta changed, and that nobody else wrote",
      ],
      ["pnpm checksum --sample 5", "five rows beside the documents they were made of"],
      [
        "pnpm checksum --repair repair; pnpm load --archive repair",
        "find the rows that differ, then put them right",
      ],
      [
        "pnpm checksum --against mongodb --mongodb-url mongodb://127.0.0.1:27017",
        "whether the documents at the source are still those of the archive",
      ],
    ],
  },
  verify: {
    summary: "every file of an archive against its manifest; needs no database",
    flags: {
      depth: "sizes and hashes of files (no key needed), or also the lines inside (default: content)",
      "trusted-key": "file with the Ed25519 public key (PEM) that must have signed it",
    },
    examples: [
      ["pnpm verify --archive /mnt/usb/shop", "is this copy whole?"],
      ["pnpm verify --depth files", "the same, quicker: hashes of files only"],
      [
        "pnpm verify --trusted-key office.pub --identity me.key",
        "is it the one that the office signed? Open it, too",
      ],
    ],
  },
  restore: {
    summary: "an archive back where it came from, MongoDB or MySQL, and read back as proof",
    flags: {
      "mongodb-url": "target of an archive of MongoDB, without a password; better from FIREBREAK_MONGODB_URL",
      drop: "drop what is in the way first; asks, unless --yes",
      rename: "db=db or db.collection=db.collection: restore the left one as the right one (repeatable)",
      include: "only what matches this glob on the archive's db.collection (repeatable)",
      exclude: "not what matches this glob (repeatable)",
      "collation-map": "of an archive of MySQL: A=B puts the collation B in the place of A (repeatable)",
      "to-dump": "write a folder that mongorestore takes, instead of to a server",
      "max-quarantine": `of an archive of MySQL: end when more rows than this are refused (default: ${DEFAULTS.maxQuarantine})`,
      "no-indexes": "of an archive of MongoDB: documents only, without the indexes that are built afterwards",
      "dry-run": "check everything, write nothing",
    },
    examples: [
      [
        "pnpm restore --mongodb-url mongodb://127.0.0.1:27017",
        "the archive in ./archive, to where it came from",
      ],
      ["pnpm restore --rename shop=shop_yesterday", "beside the databases that are there"],
      [
        "pnpm restore --include shop.users --drop --yes",
        "one collection in the place of the one that is there, without a question",
      ],
      ["pnpm restore --to-dump /backup/dump", "a folder for the stock mongorestore; no server needed"],
      [
        "pnpm restore --collation-map utf8mb4_0900_ai_ci=utf8mb4_uca1400_nopad_ai_ci",
        "an archive of MySQL into MariaDB, which lacks the left collation",
      ],
      ["pnpm restore --dry-run --archive /mnt/usb/shop", "only look whether it could be restored"],
    ],
  },
  bundle: {
    summary: "an archive into tar volumes for sticks and discs, and back; needs no database",
    flags: {
      "volume-mib": "size that no volume passes, in MiB (default: one volume of any size)",
      out: "folder for the volumes (default: ARCHIVE.bundle)",
      extract: "unpack the volumes in this folder to --archive; again for each stick",
      "dry-run": "say what would be done, write nothing",
    },
    examples: [
      ["pnpm bundle --volume-mib 4000", "the archive in ./archive into ./archive.bundle, for FAT sticks"],
      ["pnpm bundle --extract /mnt/usb --archive shop", "the volumes on a stick to the folder shop"],
    ],
  },
  compact: {
    summary: "a full archive and its deltas into one new full archive; needs no database",
    flags: {
      out: "folder for the new archive",
      "delta-from": "folder of the link before --archive, where it is not beside it",
    },
    examples: [
      [
        "pnpm compact --archive shop-3 --out shop-full",
        "the chain that shop-3 ends, as a fresh export would be",
      ],
    ],
  },
  inspect: {
    summary: "what is in an archive, or in one namespace of it; needs no database",
    flags: {
      "target-facts":
        "instead: write there what tables of a MySQL database are like now, for transform --target-facts",
      namespace: "survey this collection (db.collection): fields, kinds, lengths, times",
      grep: "with --namespace: print its documents that contain this text; '' for all",
    },
    examples: [
      ["pnpm inspect", "what the archive in ./archive holds and where it is from"],
      ["pnpm inspect --namespace shop.orders", "what its documents are made of"],
      [
        'pnpm --silent inspect --namespace shop.users --grep \'"name":"Ada"\' | head',
        "documents, one a line",
      ],
      [
        "pnpm inspect --target-facts facts.json --mysql-url mysql://root@127.0.0.1:3306/shop",
        "a few KB to carry to where transform runs",
      ],
    ],
  },
  status: {
    summary: "what is exported, transformed and loaded, what is left, and how fast it goes; writes nothing",
    flags: {
      "mongodb-url": "the same of a MongoDB target; better from FIREBREAK_MONGODB_URL",
      to: "kind of the target (default: what the archive was transformed for, or that of the only URL)",
    },
    examples: [
      ["pnpm status", "the archive in ./archive, and with FIREBREAK_MYSQL_URL the target too"],
      [
        "pnpm status --to mongodb --mongodb-url mongodb://127.0.0.1:27017/shop",
        "how far a load into MongoDB is",
      ],
      [
        "pnpm status --archive /mnt/usb/shop --mysql-url mysql://root@127.0.0.1:3306/shop",
        "how far a load is that runs elsewhere",
      ],
    ],
  },
  init: initHelp,
  "query-test": queryTestHelp,
};
