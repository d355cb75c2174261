import type { HelpTexts } from "../help-texts.ts";

/** The help of `plan`, in English. */
export const planHelp: HelpTexts["commands"]["plan"] = {
  summary: "before a move from MongoDB to MySQL: its size, its time, and what speaks against it; only reads",
  flags: {
    work: "folder that gets plan.json and checklist.md (default: ARCHIVE.work)",
    include: "only what matches this glob on db.collection (repeatable)",
    exclude: "not what matches this glob (repeatable)",
    watch: "seconds for which the use of both servers is watched (default: 0)",
    survey: "documents that are tried: a sample, or all (default: sample)",
    probe: "make this database at the target, load a sample into it to measure the time, and drop it",
    profile: "mappings that transform will use (default: generic)",
    "profile-option": "a setting of the profile as NAME=VALUE; repeatable",
    site: "folder with the application's own settings files",
    "target-facts": "file that inspect --target-facts wrote: the target's columns as they are now",
  },
  examples: [
    ["pnpm plan --include 'shop.*'", "both servers from FIREBREAK_MONGODB_URL and FIREBREAK_MYSQL_URL"],
    ["pnpm plan --survey all", "and every document that would go to quarantine, by its reason"],
    ["pnpm plan --watch 60 --probe firebreak_probe", "with their use, and the time of a real load"],
  ],
};

/** The help of `rehearse`, in English. */
export const rehearseHelp: HelpTexts["commands"]["rehearse"] = {
  summary:
    "moves a part of the documents through all steps into a database that is made for it, proves them, asks the queries of query-test, and removes everything",
  flags: {
    work: "folder for the sample, its archive and the times, which plan reads (default: ARCHIVE.work)",
    include: "only what matches this glob on db.collection (repeatable)",
    exclude: "not what matches this glob (repeatable)",
    sample:
      "the newest part of each collection, as 5%, or all (default: 5%); with a profile, whole conversations",
    clean: "only remove what a rehearsal left that was killed",
    profile: "mappings that transform will use (default: generic)",
    "profile-option": "a setting of the profile as NAME=VALUE; repeatable",
    site: "folder with the application's own settings files",
    "target-facts": "file that inspect --target-facts wrote: the target's columns as they are now",
  },
  examples: [
    ["pnpm rehearse --include 'shop.*'", "the newest 5 % of each collection"],
    ["pnpm rehearse --sample all", "everything, as in the night of the move"],
    ["pnpm rehearse --clean", "after a rehearsal that was killed"],
  ],
};
