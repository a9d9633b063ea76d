/** The demo's institutions and staff as they are stored: passwords hashed and phones sealed like anybody's. */
import { Types } from 'mongoose';
import type { Duty } from '../../models/duty.js';
import type { Institution } from '../../models/institution.js';
import type { User } from '../../models/user.js';
import type { WeeklyRule } from '../../models/weekly-rule.js';
import { hashPassword, md5OfClear } from '../account/password.js';
import type { Ctx } from '../context.js';
import { addDays, dayOf } from '../roster/day.js';
import { emailIndex, phoneIndex, sealField } from '../seal/fields.js';
import { DEMO_APP } from '../wechat/apps.js';
import { DEMO_HOUSES, DEMO_PEOPLE, demoPassword, type DemoHouse, type DemoPerson } from './people.js';
import { DEMO_DAYS } from './plan.js';

export type Needs = Pick<Ctx, 'config' | 'clock' | 'models' | 'keyring' | 'keys'>;

/** Staff were there some weeks before the first conversation. */
const SINCE_MS = (DEMO_DAYS + 30) * 24 * 3_600_000;

export const codeOf = (ctx: Pick<Ctx, 'config'>, house: DemoHouse): string =>
  DEMO_HOUSES[house].code ?? ctx.config.DEFAULT_INSTITUTION;

export function institutionRows(ctx: Pick<Ctx, 'config'>): Institution[] {
  return (['first', 'second'] as const).map((house) => ({
    _id: codeOf(ctx, house),
    name: DEMO_HOUSES[house].name,
    appids: house === 'first' ? [DEMO_APP.appid] : [],
    demo: true,
  }));
}

/** What a new person is given; the model fills in the rest. */
export type NewUser = Partial<User> & Pick<User, '_id' | 'userID' | 'institution' | 'username' | 'name'>;

/** The staff by username. */
export type StaffByName = ReadonlyMap<string, NewUser>;

/** @param firstUserID the first of a block of numbers taken from the counter, one a person */
export async function staffRows(ctx: Needs, firstUserID: number): Promise<NewUser[]> {
  const ids = new Map(DEMO_PEOPLE.map(({ username }) => [username, new Types.ObjectId()]));
  const hashes = new Map<string, Promise<string>>();
  const hashOf = (person: DemoPerson) => {
    // One hash a role, not a person: argon2 is meant to be slow.
    const clear = demoPassword(person.role);
    const hash = hashes.get(clear) ?? hashPassword(ctx, md5OfClear(clear));
    hashes.set(clear, hash);
    return hash;
  };
  const since = new Date(ctx.clock.now() - SINCE_MS);
  return Promise.all(
    DEMO_PEOPLE.map(async (person, index): Promise<NewUser> => {
      const _id = ids.get(person.username) ?? new Types.ObjectId();
      const institution = codeOf(ctx, person.house);
      const sealed = (field: string, text: string) =>
        sealField(ctx, institution, ['users', field, _id.toHexString()], text);
      const { username, name, role, gender, age, department, title, qualification, qualificationCode } =
        person;
      return {
        _id,
        userID: firstUserID + index,
        institution,
        ...{ username, name, role, gender, age, department, title, qualification, qualificationCode },
        passwordHash: await hashOf(person),
        phone: await sealed('phone', person.phone),
        phoneIndex: phoneIndex(ctx, person.phone),
        email: await sealed('email', person.email),
        emailIndex: emailIndex(ctx, person.email),
        supervisors: (person.supervisors ?? []).flatMap((supervisor) => ids.get(supervisor) ?? []),
        activated: true,
        activatedAt: since,
        createdAt: since,
        demo: true,
      };
    }),
  );
}

/** Off line until they say otherwise. */
/** What visitors may wish for; dealt out in turn. */
const SKILLS = [['学业压力', '人际关系'], ['情绪与睡眠'], ['恋爱与家庭', '人际关系'], ['生涯规划']];
const LANGUAGES = [['普通话'], ['普通话', '上海话'], ['普通话', 'English']];

export function dutyRows(ctx: Pick<Ctx, 'clock'>, staff: StaffByName): Duty[] {
  const now = new Date(ctx.clock.now());
  return DEMO_PEOPLE.flatMap((person, at): Duty[] => {
    const user = staff.get(person.username);
    if (!user || person.role !== 'COUNSELOR') return [];
    return [
      {
        _id: user._id,
        institution: user.institution,
        maxConsults: person.maxConsults ?? 1,
        seats: [],
        presence: 'offline',
        presenceAt: now,
        connectedUntil: null,
        lostAt: null,
        assignedAt: null,
        idleSince: now,
        enabled: true,
        skills: [...(SKILLS[at % SKILLS.length] ?? [])],
        languages: [...(LANGUAGES[at % LANGUAGES.length] ?? [])],
      },
    ];
  });
}

/** Weekly rules, so that the roster has no end: also a demo that runs for a year has somebody on duty. */
export function rosterRows(ctx: Pick<Ctx, 'clock'>, staff: StaffByName): WeeklyRule[] {
  const from = addDays(dayOf(ctx.clock.now()), -DEMO_DAYS - 7);
  return DEMO_PEOPLE.flatMap(({ username, role, weekDays }): WeeklyRule[] => {
    const user = staff.get(username);
    if (!user || !weekDays) return [];
    const { _id, institution, userID } = user;
    return [{ _id, institution, role, userID, spans: [{ from, until: null, weekDays }], demo: true }];
  });
}
