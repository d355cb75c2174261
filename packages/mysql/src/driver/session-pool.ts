import { MysqlSession, type MysqlTarget } from "./connect.ts";

/** Sessions that parts use in turns. The pool opens as many as are at work at once. */
export class SessionPool {
  readonly #target: MysqlTarget;
  readonly #idle: MysqlSession[] = [];
  #isClosed = false;

  constructor(target: MysqlTarget) {
    this.#target = target;
  }

  async use<R>(work: (session: MysqlSession) => Promise<R>): Promise<R> {
    const session = this.#idle.pop() ?? (await MysqlSession.open(this.#target));
    try {
      const result = await work(session);
      if (this.#isClosed) await session.close();
      else this.#idle.push(session);
      return result;
    } catch (error) {
      await session.close();
      throw error;
    }
  }

  /** Closes the sessions. A session that is at work is closed when its work is done. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all(this.#idle.map((s) => s.close()));
  }
}
