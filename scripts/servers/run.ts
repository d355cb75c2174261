import { sayError, say } from "./say.ts";
import { startServers } from "./servers.ts";

try {
  say("starting MongoDB (replica set and standalone), MySQL and MariaDB");
  const servers = await startServers(["mongodb-rs", "mongodb-standalone", "mysql", "mariadb"]);
  const lines = [
    `export FIREBREAK_MONGODB_URL=${servers["mongodb-rs"].url}`,
    `export FIREBREAK_MYSQL_URL=${servers.mysql.url}`,
    `# ${servers["mongodb-standalone"].title}, standalone: ${servers["mongodb-standalone"].url}`,
    `# ${servers.mariadb.title}: ${servers.mariadb.url}`,
    `# ${servers.mysql.title}, socket: ${servers.mysql.socketPath}; clients: ${servers.mysql.clientFolder ?? "none"}`,
    `# ${servers.mariadb.title}, socket: ${servers.mariadb.socketPath}; clients: ${servers.mariadb.clientFolder ?? "none"}`,
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
  say("they run until Ctrl-C; their data goes with them");
} catch (error) {
  sayError(error);
  process.exit(1);
}
