/** Runs work one after the other, in the order in which callers asked. */
export class Turn {
  #last: Promise<unknown> = Promise.resolve();

  take<R>(work: () => Promise<R>): Promise<R> {
    const own = this.#last.then(work, work);
    this.#last = own.catch(() => undefined);
    return own;
  }
}
