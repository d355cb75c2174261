/** The arguments of `./scripts/test.sh`. */
export interface TestArguments {
  /** Only the tests that need no server and are not slow: no server is started. */
  readonly isQuick: boolean;
  readonly vitestArgs: readonly string[];
}

/** Takes what is this script's from the arguments; the rest is vitest's, in its order. */
export function testArguments(args: readonly string[]): TestArguments {
  // `pnpm X -- --flag` passes the `--` on.
  const given = args[0] === "--" ? args.slice(1) : args;
  const isQuick = given.includes("--quick");
  const others = given.filter((arg) => arg !== "--quick");
  return { isQuick, vitestArgs: isQuick ? ["--tags-filter=!slow", ...others] : others };
}
