/**
 * A ladder: ways to get a server, best first. A rung is `try(env) -> Promise<Rung | null>`; it answers null and
 * notes why with `env.why(...)` when its way is not open here. A Rung says what would run:
 *   { engine, version, url }                         a server that somebody else runs, or
 *   { engine, version, folder, command(port), url(port), initiate? }   one that we start in `folder`.
 */
import { brief } from './refusal.mjs';

/** Everything rungs may touch outside themselves, so that tests can put in their own. */
export function ladderEnv({ vars, data, tools, findOnPath, run, progress }) {
  const reasons = [];
  return { vars, data, tools, findOnPath, run, progress, reasons, why: (text) => reasons.push(text) };
}

/**
 * Climbs until a rung's server really works: `launch(rung)` starts it (or looks at the given one) and throws when
 * it never gets ready. Answers what launch answered, or null; `env.reasons` then tells rung by rung why.
 */
export async function climb(rungs, env, launch) {
  for (const tryRung of rungs) {
    const rung = await tryRung(env);
    if (!rung) continue;
    try {
      return await launch(rung);
    } catch (err) {
      // A server that the user named is never silently replaced by another one.
      if (rung.engine === 'given') throw err;
      env.why(`${rung.engine} ${rung.version}: ${brief(err)}`);
    }
  }
  return null;
}

/** Whether version `a` ("7.0.15") is at least `least` ("7.0"). */
export function atLeast(a, least) {
  const [x, y] = [a, least].map((text) => text.split('.').map(Number));
  for (let i = 0; i < y.length; i += 1) {
    if ((x[i] ?? 0) !== y[i]) return (x[i] ?? 0) > y[i];
  }
  return true;
}
