/** The differences between kinds of targets that recipes and rules ask for. */
export interface TargetCapabilities {
  /**
   * True if all databases of the target list a link as begun before the link changes anything. If so, an
   * unfinished delta must be completed first. Otherwise its effects are seen table by table, each as a whole.
   */
  readonly announcesLinks: boolean;
}
