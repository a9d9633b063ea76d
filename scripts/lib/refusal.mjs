/**
 * A reason to stop that the person at the terminal can act on: one clear sentence that says what to do.
 * Everything else that is thrown is a fault of ours and is printed with its stack.
 */
export class Refusal extends Error {
  name = 'Refusal';
}

/** The sentence (or, for a fault of ours, the stack) to print for something that was thrown. */
export function describe(err) {
  if (err instanceof Refusal) return err.message;
  return err instanceof Error ? (err.stack ?? err.message) : String(err);
}

/** The first line of an error, for use inside a longer sentence. */
export function brief(err) {
  return (err instanceof Error ? err.message : String(err)).split('\n')[0].trim();
}
