/** Sums the time of the statements of one execution, and remembers the slowest. */
export class Stopwatch<Statement> {
  elapsedMs = 0;
  statementCount = 0;
  slowest: { readonly statement: Statement; readonly elapsedMs: number } | undefined;

  async time<R>(statement: Statement, work: () => Promise<R>): Promise<R> {
    const startedAt = performance.now();
    try {
      return await work();
    } finally {
      const elapsedMs = performance.now() - startedAt;
      this.elapsedMs += elapsedMs;
      this.statementCount++;
      if (this.slowest === undefined || elapsedMs > this.slowest.elapsedMs)
        this.slowest = { statement, elapsedMs };
    }
  }
}
