/** Lets one after the other do its work, in the order in which they asked. */
export class Turn {
  #last: Promise<unknown> = Promise.resolve();

  take<R>(work: () => Promise<R>): Promise<R> {
    const own = this.#last.then(work, work);
    this.#last = own.catch(() => undefined);
    return own;
  }
}
