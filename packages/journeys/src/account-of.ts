import type { Account, MadeDatabase } from "@firebreak/archive";

/** The account of one step of a journey. */
export interface StepAccount {
  readonly accounts: readonly Account[];
  readonly databases?: readonly MadeDatabase[] | undefined;
}

type AnyEvent = { readonly kind: string };

/** Yields the events of a step without its account, and returns the account. */
export async function* accountOf<E extends AnyEvent>(
  events: AsyncIterable<E>,
): AsyncGenerator<Exclude<E, { kind: "account" }>, StepAccount> {
  let account: StepAccount = { accounts: [] };
  for await (const event of events)
    if (isOther(event)) yield event;
    else if (isAccount(event)) account = event;
  return account;
}

/** Yields the events of a step without its account, which is of no use. */
export async function* withoutAccount<E extends AnyEvent>(
  events: AsyncIterable<E>,
): AsyncGenerator<Exclude<E, { kind: "account" }>> {
  yield* accountOf(events);
}

function isAccount(event: AnyEvent): event is AnyEvent & StepAccount {
  return event.kind === "account";
}

function isOther<E extends AnyEvent>(event: E): event is Exclude<E, { kind: "account" }> {
  return !isAccount(event);
}
