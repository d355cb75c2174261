import type { Connection } from "mysql2/promise";

/** Shapes that the chat server's tables have at sites. */
export type ChatShape = "community" | "wide" | "old";

export const CHAT_SHAPES: readonly ChatShape[] = ["community", "wide", "old"];

export const MESSAGES = "t_messages_12";
export const USER_MESSAGES = "t_user_messages_5";

const uid = "VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin";
const pair = "VARCHAR(129) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin";

/** The properties that distinguish the shapes of a messages table. */
const MESSAGE_SHAPES: Readonly<Record<ChatShape, readonly string[]>> = {
  community: [
    `_target ${uid} NOT NULL`,
    "_data BLOB NOT NULL",
    `_to ${uid} NULL`,
    "UNIQUE KEY message_uid (_mid DESC)",
  ],
  wide: [
    "site_flag INT NOT NULL DEFAULT 7",
    `_target ${pair} NOT NULL`,
    "_data MEDIUMBLOB NOT NULL",
    `_to ${uid} NULL`,
    "site_note VARCHAR(20) NULL",
    "UNIQUE KEY message_uid (_mid DESC)",
  ],
  old: [`_target ${uid} NOT NULL`, "_data BLOB NOT NULL", "KEY message_uid (_mid)"],
};

const messagesTable = (shape: ChatShape): string => `CREATE TABLE ${MESSAGES} (
  id INT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  _mid BIGINT NOT NULL,
  _from ${uid} NOT NULL,
  _type TINYINT NOT NULL,
  _line INT NOT NULL,
  _searchable_key TEXT NULL,
  _dt DATETIME NOT NULL,
  _content_type INT NOT NULL DEFAULT 0,
  ${MESSAGE_SHAPES[shape].join(",\n  ")},
  KEY page (_type, _target, _line)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4`;

const userMessagesTable = `CREATE TABLE ${USER_MESSAGES} (
  id INT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  _mid BIGINT NOT NULL,
  _uid ${uid} NOT NULL,
  _seq BIGINT NOT NULL,
  _dt DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
  _line INT NOT NULL DEFAULT 0,
  _type TINYINT NOT NULL DEFAULT 0,
  _target ${pair} NOT NULL,
  _directing TINYINT(1) NOT NULL DEFAULT 0,
  _cont_type INT NOT NULL DEFAULT 0,
  KEY timeline (_uid, _seq),
  KEY message_uid (_mid)
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4`;

const flyway = `CREATE TABLE flyway_schema_history (
  installed_rank INT NOT NULL PRIMARY KEY,
  version VARCHAR(50) NULL,
  success TINYINT(1) NOT NULL
) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4`;

/** Makes what the chat server has in its database, in one of the shapes, without rows. */
export async function chatTarget(connection: Connection, shape: ChatShape): Promise<void> {
  const [tables] = await connection.query<never[]>("SHOW TABLES");
  for (const row of tables) await connection.query(`DROP TABLE \`${String(Object.values(row)[0])}\``);
  for (const statement of [messagesTable(shape), userMessagesTable, flyway])
    await connection.query(statement);
  await connection.query(
    "INSERT INTO flyway_schema_history VALUES (1, '1', 1), (2, '53', 1), (3, NULL, 1), (4, '54', 1)",
  );
}
