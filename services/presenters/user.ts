/** A stored person as others may see them; every key is listed, nothing is passed through. */
import type { Presence } from '../../contract/enums.js';
import type { PublicStaffRow, StaffRow, UserCard, VisitorRow } from '../../contract/user.js';
import type { User } from '../../models/user.js';
import { shownInstitution } from '../account/affiliation.js';

/** What is sealed, opened for those who may see it. */
export interface PrivateFields {
  phone: string | null;
  idNumber: string | null;
  email: string | null;
  emergencyContact: string | null;
  emergencyPhone: string | null;
}

/** What a row says beyond the person's own document. */
export interface StaffFacts {
  presence: Presence;
  /** The next rostered day, epoch milliseconds of its start. */
  dutyDate: number | null;
  maxConsults: number | null;
  /** Visitors: whole seconds in sessions. */
  totalTime: number | null;
  /** Counselors only. */
  seats?: { activeCount: number; waiting: number };
}

export function presentCard(user: User, presence: Presence | null = null): UserCard {
  return {
    id: user._id.toHexString(),
    name: user.name,
    type: user.role,
    avatar: user.avatar,
    gender: user.gender,
    department: user.department,
    title: user.title,
    qualification: user.qualification,
    state: user.role === 'VISITOR' ? null : presence,
  };
}

/** @param secret null for those who may not see it: the keys are there, their values null */
export function presentStaffRow(user: User, facts: StaffFacts, secret: PrivateFields | null): StaffRow {
  return {
    ...presentPerson(user, facts, secret),
    openId: null,
    emergencyContact: {
      name: secret?.emergencyContact ?? null,
      phoneNo: secret?.emergencyPhone ?? null,
    },
    roles: [`ROLE_${user.role}`],
    ...presentSeats(facts),
  };
}

/** Document section 16: `roles` and `emergencyContact` are strings there. */
export function presentVisitorRow(user: User, facts: StaffFacts, secret: PrivateFields | null): VisitorRow {
  return {
    ...presentPerson(user, facts, secret),
    openId: user.openId,
    emergencyContact: secret?.emergencyContact ?? null,
    roles: `ROLE_${user.role}`,
  };
}

function presentPerson(user: User, facts: StaffFacts, secret: PrivateFields | null) {
  const phone = secret?.phone ?? null;
  const idNumber = secret?.idNumber ?? null;
  return {
    ...presentCard(user, facts.presence),
    createdTime: user.createdAt.getTime(),
    creator: null,
    lastUpdateTime: user.updatedAt.getTime(),
    lastUpdater: null,
    username: user.username,
    institutionCode: shownInstitution(user.institution),
    avatarUrl: user.avatar,
    dutyDate: facts.dutyDate,
    phoneNo: phone,
    phoneNumber: phone,
    idNo: idNumber,
    idNumber,
    email: secret?.email ?? null,
    age: user.age,
    totalTime: facts.totalTime,
    emergencyPhone: secret?.emergencyPhone ?? null,
    qualificationCode: user.qualificationCode,
    isSubscribe: user.subscribe,
    subscribe: user.subscribe,
    activated: user.activated,
    activateTime: user.activatedAt?.getTime() ?? null,
    authorities: null,
    enabled: user.enabled,
    accountNonExpired: true,
    credentialsNonExpired: true,
    accountNonLocked: true,
    // A visitor has none, and section 16 prints null.
    supervisors:
      user.role === 'VISITOR' ? null : user.supervisors.map((supervisor) => supervisor.toHexString()),
    maxConsults: facts.maxConsults,
  };
}

export function presentPublicStaffRow(user: User, facts: StaffFacts): PublicStaffRow {
  return {
    ...presentCard(user, facts.presence),
    createdTime: null,
    creator: null,
    lastUpdateTime: null,
    lastUpdater: null,
    openId: null,
    username: null,
    institutionCode: null,
    avatarUrl: null,
    totalTime: null,
    emergencyPhone: null,
    dutyDate: null,
    phoneNo: null,
    phoneNumber: null,
    idNo: null,
    idNumber: null,
    email: null,
    age: null,
    emergencyContact: null,
    qualificationCode: null,
    isSubscribe: null,
    subscribe: null,
    activated: null,
    activateTime: null,
    roles: null,
    authorities: null,
    enabled: null,
    accountNonExpired: null,
    credentialsNonExpired: null,
    accountNonLocked: null,
    supervisors: null,
    maxConsults: facts.seats ? facts.maxConsults : null,
    ...presentSeats(facts),
  };
}

function presentSeats({ presence, seats }: StaffFacts): Pick<StaffRow, 'online' | 'activeCount' | 'waiting'> {
  return seats ? { online: presence === 'online', ...seats } : {};
}
