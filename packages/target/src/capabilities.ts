/** The differences between kinds of targets that recipes and rules ask for. */
export interface TargetCapabilities {
  /**
   * True if all databases of the target list a link as begun before the link changes anything. If so, an
   * unfinished delta must be completed first. Otherwise its effects are seen table by table, each as a whole.
   */
  readonly announcesLinks: boolean;
  /**
   * True if the lock is an entry in the target's ledger. Such a target is inspected before anything is
   * written, and again when the lock is held.
   */
  readonly locksByWriting: boolean;
  /** True if parts are read in threads of their own, so that the main thread has little to do. */
  readonly hasThreads: boolean;
}
