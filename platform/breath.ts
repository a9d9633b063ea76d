/** Lets everything else on the event loop have its turn, between two stretches of a long computation. */
export const breath = (): Promise<void> =>
  new Promise((done) => {
    setImmediate(done);
  });
