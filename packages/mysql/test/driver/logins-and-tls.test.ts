import { copyFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { worded } from "@firebreak/testing/command-line/worded";
import { startMariadb } from "../../../../scripts/servers/mariadbd.ts";
import { startMysql } from "../../../../scripts/servers/mysqld.ts";
import type { Server } from "../../../../scripts/servers/server.ts";
import { folder } from "@firebreak/testing/archives/folder";
import { asUser, lacking, SQL_SERVERS, urlOf } from "@firebreak/testing/servers/databases";
import { explainMysql, insertRows, loadData, MysqlSession, mysqlTarget } from "../../src/index.ts";
import { blocksOf, csvOf } from "../any-rows.ts";
import { makeCertificates, type Certificates } from "@firebreak/testing/servers/certificates";

const RELOAD = { mysql: "ALTER INSTANCE RELOAD TLS", mariadb: "FLUSH SSL" };
const starters = { mysql: startMysql, mariadb: startMariadb };

for (const server of SQL_SERVERS) {
  const { isLacking, why } = lacking(server);
  describe.skipIf(isLacking)(`a login to ${server}${why}`, () => {
    let place: Awaited<ReturnType<typeof folder>>;
    let running: Server;
    let ours: Certificates;
    let others: Certificates;
    let root: MysqlSession;
    beforeAll(async () => {
      place = await folder();
      ours = await makeCertificates(place.path, "ours");
      others = await makeCertificates(place.path, "others");
      running = await starters[server]({
        dir: join(place.path, "server"),
        bufferPoolMib: 64,
        redoLogMib: 64,
        extraArgs: [`--ssl-ca=${ours.ca}`, `--ssl-cert=${ours.serverCert}`, `--ssl-key=${ours.serverKey}`],
      });
      root = await MysqlSession.open(mysqlTarget(running.url));
    });
    afterAll(async () => {
      await root.close();
      await running.kill();
      await place[Symbol.asyncDispose]();
    });

    const url = (settings: Readonly<Record<string, string>>, base = running.url): string => {
      const parsed = new URL(base);
      for (const [name, value] of Object.entries(settings)) parsed.searchParams.set(name, value);
      return parsed.href;
    };

    /** The cipher of the session; empty where it is in the clear. */
    async function cipherOf(target: string): Promise<string> {
      const session = await MysqlSession.open(mysqlTarget(target));
      try {
        const [row] = await session.rows<{ Value: string }>("SHOW SESSION STATUS LIKE 'Ssl_cipher'");
        return row!.Value;
      } finally {
        await session.close();
      }
    }

    test("is in the clear unless something else is asked for", async () => {
      expect(await cipherOf(running.url)).toBe("");
      expect(await cipherOf(url({ "ssl-mode": "DISABLED", "ssl-ca": ours.ca }))).toBe("");
    });

    test("with a CA is encrypted, and the server has to prove itself by that CA", async () => {
      expect(await cipherOf(url({ "ssl-ca": ours.ca }))).toMatch(/AES|CHACHA/);
      for (const mode of ["VERIFY_CA", "verify-ca"])
        await expect(cipherOf(url({ "ssl-ca": others.ca, "ssl-mode": mode }))).rejects.toMatchObject({
          code: "mysql-tls",
          exitCode: 6,
        });
      await expect(cipherOf(url({ "ssl-ca": others.ca }))).rejects.toMatchObject({ code: "mysql-tls" });
    });

    test("without a CA has to be proved by one that the system trusts", async () => {
      await expect(cipherOf(url({ "ssl-mode": "VERIFY_CA" }))).rejects.toMatchObject({ code: "mysql-tls" });
    });

    test("with REQUIRED is encrypted, whoever the server is", async () => {
      expect(await cipherOf(url({ "ssl-mode": "REQUIRED" }))).toMatch(/AES|CHACHA/);
      expect(await cipherOf(url({ "ssl-mode": "REQUIRED", "ssl-ca": others.ca }))).toMatch(/AES|CHACHA/);
    });

    test("with VERIFY_IDENTITY needs the name that is in the certificate", async () => {
      const strict = { "ssl-mode": "VERIFY_IDENTITY", "ssl-ca": ours.ca };
      const byName = running.url.replace("127.0.0.1", "localhost");
      expect(await cipherOf(url(strict, byName))).toMatch(/AES|CHACHA/);
      await expect(cipherOf(url(strict))).rejects.toMatchObject({ code: "mysql-url", exitCode: 2 });
      // The same server with a certificate for another name.
      const elsewhere = await makeCertificates(place.path, "elsewhere", "db.example");
      const files = ["ca", "serverCert", "serverKey"] as const;
      const before = await Promise.all(files.map((file) => readFile(ours[file])));
      for (const file of files) await copyFile(elsewhere[file], ours[file]);
      await root.run(RELOAD[server]);
      try {
        expect(await cipherOf(url({ "ssl-ca": ours.ca }, byName))).not.toBe("");
        await expect(cipherOf(url(strict, byName))).rejects.toMatchObject({ code: "mysql-tls" });
      } finally {
        for (const [i, file] of files.entries()) await writeFile(ours[file], before[i]!);
        await root.run(RELOAD[server]);
      }
    });

    test("that the server wants secure is refused in the clear, and that is said", async () => {
      await root.run("CREATE USER secure@'%' IDENTIFIED BY 'right' REQUIRE SSL");
      await root.run("SET GLOBAL require_secure_transport = ON");
      try {
        await expect(cipherOf(running.url)).rejects.toMatchObject({
          // MariaDB tells no more than that it denies access.
          code: server === "mysql" ? "mysql-tls" : "mysql-login",
          exitCode: 6,
        });
        const secure = asUser(running.url, "secure", "right");
        expect(await cipherOf(url({ "ssl-ca": ours.ca }, secure))).not.toBe("");
      } finally {
        await root.run("SET GLOBAL require_secure_transport = OFF");
      }
    });

    test.each([
      ["LOAD DATA", loadData],
      ["INSERT", insertRows],
    ])("over TLS takes many rows by %s", async (_, send) => {
      const session = await MysqlSession.open(mysqlTarget(url({ "ssl-ca": ours.ca })));
      try {
        await session.run("CREATE DATABASE IF NOT EXISTS tls");
        await session.run("DROP TABLE IF EXISTS tls.t");
        await session.run("CREATE TABLE tls.t (id INT PRIMARY KEY, text TEXT) CHARACTER SET utf8mb4");
        const rows = Array.from({ length: 20_000 }, (__, i) => [String(i), `é${"x".repeat(1000)}`]);
        const columns = [
          { name: "id", sqlType: "int", form: "text" },
          { name: "text", sqlType: "text", form: "text" },
        ] as const;
        const to = { target: "tls.t", columns, file: "a.csv" };
        expect(await send(session, to, blocksOf(csvOf(rows)))).toMatchObject({
          records: 20_000,
          warnings: 0,
        });
        const [sum] = await session.rows<{ n: string }>(
          "SELECT CAST(SUM(LENGTH(text)) AS CHAR) AS n FROM tls.t",
        );
        expect(sum!.n).toBe(String(20_000 * 1002));
      } finally {
        await session.close();
      }
    });

    test("may be proved by a certificate of the client", async () => {
      await root.run("CREATE USER certified@'%' IDENTIFIED BY 'right' REQUIRE X509");
      const certified = asUser(running.url, "certified", "right");
      const files = { "ssl-ca": ours.ca, "ssl-cert": ours.clientCert, "ssl-key": ours.clientKey };
      expect(await cipherOf(url(files, certified))).not.toBe("");
      await expect(cipherOf(url({ "ssl-ca": ours.ca }, certified))).rejects.toMatchObject({
        code: "mysql-login",
      });
    });

    test.each([
      [{ "ssl-mode": "PREFERRED" }, /DISABLED, REQUIRED, VERIFY_CA, VERIFY_IDENTITY/],
      [{ "ssl-ca": "ca.pem" }, /whole path/],
      [{ "ssl-ca": "/no/such.pem" }, /no\/such\.pem/],
    ])("with settings that are wrong (%j) is not tried", async (settings, says) => {
      await expect(cipherOf(url(settings))).rejects.toMatchObject({
        code: "mysql-url",
        exitCode: 2,
        fields: { reason: worded(says) },
      });
    });

    const plugins =
      server === "mysql"
        ? (["caching_sha2_password", "sha256_password"] as const)
        : (["mysql_native_password"] as const);
    test.each(plugins)(
      "with %s goes through in the clear and over TLS, with any password",
      async (plugin) => {
        for (const [n, password] of ["right", "pässwörd 😀 'quoted' \\", "x".repeat(200)].entries()) {
          const user = `${plugin.slice(0, 12)}_${n}`;
          const by =
            server === "mysql"
              ? `WITH ${plugin} BY ${root.connection.escape(password)}`
              : `VIA ${plugin} USING PASSWORD(${root.connection.escape(password)})`;
          await root.run(`CREATE USER ${user}@'%' IDENTIFIED ${by}`);
          const right = asUser(running.url, user, password);
          // The first login is the long one: in the clear the password goes by the server's RSA key.
          expect(await cipherOf(right)).toBe("");
          expect(await cipherOf(right)).toBe("");
          await root.run("FLUSH PRIVILEGES");
          expect(await cipherOf(url({ "ssl-ca": ours.ca }, right))).not.toBe("");
          await expect(cipherOf(asUser(running.url, user, "wrong"))).rejects.toMatchObject({
            code: "mysql-login",
          });
        }
      },
    );

    test("over the socket needs no TLS", async () => {
      const socket = `mysql://root@localhost/?socketPath=${encodeURIComponent(running.socketPath!)}`;
      const isShort = running.socketPath!.length <= 107;
      if (isShort) expect(await cipherOf(socket)).toBe("");
      else await expect(cipherOf(socket)).rejects.toMatchObject({ code: "mysql-unreachable" });
    });
  });
}

const mariadb = lacking("mariadb");
test.skipIf(mariadb.isLacking)(
  `a server without TLS is not talked to in the clear instead${mariadb.why}`,
  async () => {
    // MariaDB 10.11 has none unless it is given a certificate.
    const target = mysqlTarget(`${urlOf("mariadb")}?ssl-mode=REQUIRED`);
    await expect(MysqlSession.open(target)).rejects.toMatchObject({ code: "mysql-tls", exitCode: 6 });
  },
);

test("a plugin that the driver does not have is named, and a way that it has", () => {
  const error = Object.assign(
    new Error("Server requests authentication using unknown plugin client_ed25519."),
    { code: "AUTH_SWITCH_PLUGIN_ERROR", fatal: true },
  );
  expect(explainMysql(error, { server: "db:3306", user: "ada" })).toMatchObject({
    code: "mysql-login-kind",
    exitCode: 6,
    fields: { reason: "Server requests authentication using unknown plugin client_ed25519." },
  });
});
