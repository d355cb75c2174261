/** A database server of ours on the loopback interface, from its start until it is stopped. */
export interface Server {
  /** What it is, for a person: "MySQL 9.7.4". */
  readonly title: string;
  /** `mongodb://127.0.0.1:PORT` or `mysql://root@127.0.0.1:PORT`, without a database; there is no password. */
  readonly url: string;
  readonly port: number;
  /** MySQL's and MariaDB's socket. Absolute; a client may need to stand in `dataDir` when the path is longer than 107 bytes. */
  readonly socketPath?: string;
  readonly dataDir: string;
  readonly logFile: string;
  /** Folder with the stock `mysql`, `mysqldump` (or `mariadb`, `mariadb-dump`) of the same version, to be put on PATH. */
  readonly clientFolder?: string;
  /** The server's own process id; another one after `restart`. */
  readonly pid: number;
  /** Shuts down in the server's own orderly way; its data stays. A second call does nothing. */
  stop(): Promise<void>;
  /** SIGKILL: what a power cut does to the server; its data stays. */
  kill(): Promise<void>;
  /** Starts again on the same data and port, after an orderly stop if it still runs; ready for clients when this resolves. */
  restart(): Promise<void>;
}
