/** The promise's outcome, or an error when it takes longer than `ms`. The work itself is not undone. */
export async function withDeadline(ms, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms / 1000} s`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
    // The loser may still fail later, and nobody listens to it then.
    promise.catch(() => {});
  }
}
