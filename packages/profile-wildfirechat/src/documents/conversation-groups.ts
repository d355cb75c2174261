import type { ProfileSupport } from "@firebreak/profile";
import { serverTable } from "../target/server-tables.ts";
import type { FieldNames } from "./field-names.ts";

type Groups = Awaited<ReturnType<NonNullable<ProfileSupport["groups"]>>>;

/** Returns how a hybrid's documents belong together: messages in conversations, users' entries with their messages. */
export function conversationGroups({ messages, userMessages }: FieldNames): Groups {
  return {
    roleOf(collection) {
      const { kind } = serverTable(collection);
      if (kind === "messages")
        return {
          kind: "member",
          groupedBy: [messages.type, messages.target, messages.line],
          key: messages.id,
        };
      return kind === "userMessages" ? { kind: "reference", field: userMessages.mid } : undefined;
    },
  };
}
