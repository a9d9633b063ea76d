/** Who is here by a socket of this node: told to the services when somebody's first one comes and the last one goes. */
import { connected, disconnected } from '../services/presence/connections.js';
import type { Actor, Ctx } from '../services/context.js';

type Person = Pick<Actor, 'id' | 'role'>;

export interface Attendance {
  came(person: Person): void;
  went(person: Person): void;
  /** When everything that was noticed so far is written. */
  settled(): Promise<void>;
}

export function createAttendance(ctx: Ctx): Attendance {
  const sockets = new Map<string, number>();
  /** One write a person after the other: a quick reload must not end as absent. */
  const writing = new Map<string, Promise<void>>();

  function note(person: Person, write: (ctx: Ctx, person: Person) => Promise<void>): void {
    const before = writing.get(person.id) ?? Promise.resolve();
    const done = before
      .then(() => write(ctx, person))
      .catch((error: unknown) => {
        // The beat says again who is here, and the sweep finds who is not.
        ctx.log.warn({ err: String(error) }, 'connection not noted');
      })
      .finally(() => {
        if (writing.get(person.id) === done) writing.delete(person.id);
      });
    writing.set(person.id, done);
  }

  return {
    came(person) {
      const count = (sockets.get(person.id) ?? 0) + 1;
      sockets.set(person.id, count);
      if (count === 1) note(person, connected);
    },
    went(person) {
      const count = (sockets.get(person.id) ?? 1) - 1;
      if (count > 0) sockets.set(person.id, count);
      else {
        sockets.delete(person.id);
        note(person, disconnected);
      }
    },
    async settled() {
      await Promise.all(writing.values());
    },
  };
}
