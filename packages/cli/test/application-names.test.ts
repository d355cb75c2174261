import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const PACKAGES = join(import.meta.dirname, "..", "..");

/** Words of the one application that has a profile. */
const CHAT = /wildfire|chat|t_(?:user_|group_)?messages|flyway|\b_mid\b/i;

test("only its profile and the registry of the command line name an application", () => {
  const files = globSync("*/src/**/*.ts", { cwd: PACKAGES }).filter(
    (file) =>
      !file.startsWith("profile-wildfirechat/") && CHAT.test(readFileSync(join(PACKAGES, file), "utf8")),
  );
  expect(files).toEqual([join("cli", "src", "profiles.ts")]);
});
