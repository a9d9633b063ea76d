/** Who calls a row: the person and token behind each principal's name. */
import type { Person } from '../../support/factories.js';
import { PRINCIPALS, type Principal } from './principals.js';
import type { Row } from './row.js';
import { anotherSession, deadToken, twin, type Living, type Scene } from './scene.js';

/** Dead tokens by owner: one of each kind serves every row. */
const dead = new Map<string, Promise<string>>();

/** A dead token is one of somebody who may: what refuses it is its death alone. */
function ownerOf(row: Row): Living {
  const may = PRINCIPALS.filter((name): name is Living => !['anonymous', 'expired', 'cut'].includes(name));
  return may.find((name) => row.cells[name] === 'ok') ?? 'systemAdmin';
}

export async function callerOf(scene: Scene, row: Row, name: Principal): Promise<Person | null> {
  if (name === 'anonymous') return null;
  if (name === 'expired' || name === 'cut') {
    const owner = scene.people[ownerOf(row)];
    const key = `${name} ${owner.id}`;
    const token = dead.get(key) ?? deadToken(scene.ctx, owner, name);
    dead.set(key, token);
    return { ...owner, token: await token };
  }
  const person = scene.people[name];
  if (name === 'visitorBanned' || row.consumes === undefined) return person;
  if (row.consumes === 'session') return anotherSession(scene.ctx, person);
  // Only who may is used up.
  return row.cells[name] === 'ok' ? twin(scene.ctx, person) : person;
}
