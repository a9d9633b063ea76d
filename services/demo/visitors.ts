/** The demo's visitors: guests, each since their first conversation and under the consent they gave then. */
import { Types } from 'mongoose';
import { DEFAULT_POLICY } from '../policy/rules.js';
import type { PlannedConversation } from './plan.js';
import { createRandom } from './random.js';
import { codeOf, type Needs, type NewUser } from './staff.js';
import { NICKNAMES } from './topics/common.js';

const RANDOM_SEED = 4_711;

const keyOf = ({ house, visitor }: PlannedConversation): string => `${house} ${String(visitor)}`;

/** Everybody who came, with their first conversation. */
export function whoCame(plan: PlannedConversation[]): Map<string, PlannedConversation> {
  const first = new Map<string, PlannedConversation>();
  for (const planned of plan) if (!first.has(keyOf(planned))) first.set(keyOf(planned), planned);
  return first;
}

/** @param firstUserID the first of a block of numbers taken from the counter */
export function visitorRows(
  ctx: Needs,
  guests: ReadonlyMap<string, PlannedConversation>,
  firstUserID: number,
): Map<string, NewUser> {
  const random = createRandom(RANDOM_SEED);
  return new Map(
    [...guests].map(([key, { house, arrivedAt }], index): [string, NewUser] => {
      const userID = firstUserID + index;
      const institution = codeOf(ctx, house);
      const at = new Date(arrivedAt - random.between(20, 300) * 1_000);
      const name = random.chance(0.45)
        ? random.pick(NICKNAMES)
        : `访客${String(random.between(0, 9_999)).padStart(4, '0')}`;
      const device = ctx.keyring.blindIndex('device', `${institution}\0demo-${String(userID)}`);
      const research = random.chance(0.4);
      const consent = { version: DEFAULT_POLICY.consentVersion, at, research, by: 'form' as const };
      const username = `guest-${String(userID)}`;
      const _id = new Types.ObjectId();
      return [
        key,
        {
          _id,
          userID,
          role: 'VISITOR',
          institution,
          username,
          name,
          device,
          consent,
          consentVersions: [consent.version],
          createdAt: at,
          demo: true,
        },
      ];
    }),
  );
}

export function visitorOf(visitors: ReadonlyMap<string, NewUser>, planned: PlannedConversation): NewUser {
  const found = visitors.get(keyOf(planned));
  if (!found) throw new Error(`nobody is visitor ${keyOf(planned)}`);
  return found;
}
