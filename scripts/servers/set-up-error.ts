/**
 * Something this machine lacks or refuses: one sentence about what, one about what to do.
 * Shown to a person as it stands, without a stack trace.
 */
export class SetUpError extends Error {
  readonly remedy: string;

  constructor(message: string, remedy: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "SetUpError";
    this.remedy = remedy;
  }
}
