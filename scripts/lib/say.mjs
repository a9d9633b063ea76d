/** What the bootstrap says to the terminal: one line a fact, one line a step, a sign of life in long steps. */

const STILL_EVERY_MS = 10_000;

// A terminal or a pipe that went away must not take the servers down with it.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

/** One plain line. */
export function say(text = '') {
  process.stdout.write(`${text}\n`);
}

/** One line about a named thing, in columns: `  database  secantusd-py 0.7.0b3`. */
export function fact(name, text) {
  say(`  ${name.padEnd(9)} ${text}`);
}

/** Milliseconds as people read them. */
export function seconds(ms) {
  return `${(ms / 1000).toFixed(1)} s`;
}

/** Runs one step, says when it begins, that it still goes on, and when it is done; its error passes through. */
export async function step(title, work) {
  const begun = Date.now();
  say(`… ${title}`);
  const timer = setInterval(
    () => say(`  … still: ${title} (${seconds(Date.now() - begun)})`),
    STILL_EVERY_MS,
  );
  try {
    const result = await work();
    say(`✓ ${title} (${seconds(Date.now() - begun)})`);
    return result;
  } finally {
    clearInterval(timer);
  }
}
