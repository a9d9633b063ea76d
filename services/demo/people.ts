/**
 * The demo's people: everyone here is invented. Passwords stand in clear because they belong to a demonstration
 * that only an empty database outside production is given (services/demo/seed.ts); each role shares one.
 */
import type { Role } from '../../contract/enums.js';

export type DemoHouse = 'first' | 'second';

/** The first house is the default institution, whatever code the configuration gives it. */
export const DEMO_HOUSES: Record<DemoHouse, { name: string; code: string | null }> = {
  first: { name: '心院热线', code: null },
  second: { name: '江湾学院心理健康中心', code: 'jiangwan' },
};

export interface DemoPerson {
  username: string;
  name: string;
  role: Exclude<Role, 'VISITOR'>;
  house: DemoHouse;
  gender: '男' | '女';
  age: number;
  department: string;
  title: string;
  qualification: string | null;
  qualificationCode: string | null;
  phone: string;
  email: string;
  /** Counselors: how many visitors at once, on which days of the week (1 = Monday), and under whom. */
  maxConsults?: number;
  weekDays?: number[];
  supervisors?: string[];
  /** How they tend to be rated, 0 to 1: the statistics should not be flat. */
  warmth?: number;
}

const PASSWORDS: Record<DemoPerson['role'], string> = {
  SYSTEM_ADMINISTRATOR: 'xinyuan-admin-8620',
  INSTITUTION_ADMINISTRATOR: 'xinyuan-house-8620',
  SUPERVISOR: 'xinyuan-supervisor-8620',
  COUNSELOR: 'xinyuan-counselor-8620',
};

const REGISTERED = '中国心理学会注册心理师';
const LEVEL_TWO = '国家二级心理咨询师';
const SUPERVISING = '中国心理学会注册督导师';
const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];

type Told = Pick<DemoPerson, 'username' | 'name' | 'gender' | 'age' | 'department' | 'title'>;

const counselor = (
  person: Told & Pick<DemoPerson, 'maxConsults' | 'weekDays' | 'supervisors' | 'warmth'>,
  house: DemoHouse,
  number: number,
): DemoPerson => ({
  ...person,
  role: 'COUNSELOR',
  house,
  qualification: number % 3 === 0 ? REGISTERED : LEVEL_TWO,
  qualificationCode: `DEMO-C-${String(number).padStart(4, '0')}`,
  phone: `138000001${String(number).padStart(2, '0')}`,
  email: `${person.username}@demo.invalid`,
});

const supervisor = (person: Told, house: DemoHouse, number: number): DemoPerson => ({
  ...person,
  role: 'SUPERVISOR',
  house,
  qualification: SUPERVISING,
  qualificationCode: `DEMO-S-${String(number).padStart(4, '0')}`,
  phone: `138000002${String(number).padStart(2, '0')}`,
  email: `${person.username}@demo.invalid`,
  weekDays: EVERY_DAY,
});

const admin = (person: Told, role: DemoPerson['role'], house: DemoHouse, number: number): DemoPerson => ({
  ...person,
  role,
  house,
  qualification: null,
  qualificationCode: null,
  phone: `138000003${String(number).padStart(2, '0')}`,
  email: `${person.username}@demo.invalid`,
});

export const DEMO_PEOPLE: readonly DemoPerson[] = [
  admin(
    {
      username: 'admin',
      name: '系统管理员',
      gender: '女',
      age: 36,
      department: '信息化办公室',
      title: '工程师',
    },
    'SYSTEM_ADMINISTRATOR',
    'first',
    1,
  ),
  admin(
    {
      username: 'guanli',
      name: '唐慧敏',
      gender: '女',
      age: 41,
      department: '心理健康教育中心',
      title: '中心主任',
    },
    'INSTITUTION_ADMINISTRATOR',
    'first',
    2,
  ),
  admin(
    {
      username: 'jw-guanli',
      name: '潘志远',
      gender: '男',
      age: 44,
      department: '学生工作部',
      title: '副部长',
    },
    'INSTITUTION_ADMINISTRATOR',
    'second',
    3,
  ),
  supervisor(
    {
      username: 'gu-wenjing',
      name: '顾文静',
      gender: '女',
      age: 49,
      department: '心理与认知科学学院',
      title: '教授',
    },
    'first',
    1,
  ),
  supervisor(
    {
      username: 'shen-ruhai',
      name: '沈如海',
      gender: '男',
      age: 52,
      department: '心理与认知科学学院',
      title: '副教授',
    },
    'first',
    2,
  ),
  supervisor(
    { username: 'jw-xu', name: '许明岚', gender: '女', age: 46, department: '心理健康中心', title: '副教授' },
    'second',
    3,
  ),
  counselor(
    {
      username: 'lin-yue',
      name: '林悦',
      gender: '女',
      age: 31,
      department: '心理健康教育中心',
      title: '专职咨询师',
      maxConsults: 5,
      weekDays: EVERY_DAY,
      supervisors: ['gu-wenjing'],
      warmth: 0.85,
    },
    'first',
    1,
  ),
  counselor(
    {
      username: 'chen-siyuan',
      name: '陈思远',
      gender: '男',
      age: 34,
      department: '心理健康教育中心',
      title: '专职咨询师',
      maxConsults: 5,
      weekDays: EVERY_DAY,
      supervisors: ['gu-wenjing'],
      warmth: 0.7,
    },
    'first',
    2,
  ),
  counselor(
    {
      username: 'zhou-xiaomeng',
      name: '周晓萌',
      gender: '女',
      age: 28,
      department: '心理与认知科学学院',
      title: '兼职咨询师',
      maxConsults: 3,
      weekDays: [1, 3, 5, 6, 7],
      supervisors: ['gu-wenjing', 'shen-ruhai'],
      warmth: 0.75,
    },
    'first',
    3,
  ),
  counselor(
    {
      username: 'he-jiaqi',
      name: '何嘉琪',
      gender: '女',
      age: 26,
      department: '心理与认知科学学院',
      title: '实习咨询师',
      maxConsults: 2,
      weekDays: [2, 4, 6, 7],
      supervisors: ['shen-ruhai'],
      warmth: 0.5,
    },
    'first',
    4,
  ),
  counselor(
    {
      username: 'wu-yifan',
      name: '吴一帆',
      gender: '男',
      age: 29,
      department: '教育学部',
      title: '兼职咨询师',
      maxConsults: 3,
      weekDays: EVERY_DAY,
      supervisors: ['shen-ruhai'],
      warmth: 0.6,
    },
    'first',
    5,
  ),
  counselor(
    {
      username: 'su-qing',
      name: '苏晴',
      gender: '女',
      age: 38,
      department: '心理健康教育中心',
      title: '专职咨询师',
      maxConsults: 5,
      weekDays: [1, 2, 3, 4, 5],
      supervisors: ['gu-wenjing'],
      warmth: 0.9,
    },
    'first',
    6,
  ),
  counselor(
    {
      username: 'jw-fang',
      name: '方知意',
      gender: '女',
      age: 33,
      department: '心理健康中心',
      title: '专职咨询师',
      maxConsults: 5,
      weekDays: EVERY_DAY,
      supervisors: ['jw-xu'],
      warmth: 0.8,
    },
    'second',
    7,
  ),
  counselor(
    {
      username: 'jw-luo',
      name: '罗子昂',
      gender: '男',
      age: 30,
      department: '学生工作部',
      title: '兼职咨询师',
      maxConsults: 3,
      weekDays: EVERY_DAY,
      supervisors: ['jw-xu'],
      warmth: 0.65,
    },
    'second',
    8,
  ),
  counselor(
    {
      username: 'jw-mei',
      name: '梅若初',
      gender: '女',
      age: 27,
      department: '心理健康中心',
      title: '实习咨询师',
      maxConsults: 2,
      weekDays: [1, 2, 3, 4, 5],
      supervisors: ['jw-xu'],
      warmth: 0.55,
    },
    'second',
    9,
  ),
];

export interface DemoLogin {
  username: string;
  /** In clear: clients send its MD5. */
  password: string;
  name: string;
}

export const demoPassword = (role: DemoPerson['role']): string => PASSWORDS[role];

const loginsOf = (role: DemoPerson['role']): DemoLogin[] =>
  DEMO_PEOPLE.filter((person) => person.role === role).map(({ username, name }) => ({
    username,
    password: PASSWORDS[role],
    name,
  }));

/** What `npm start` prints and writes to run.json in demo mode. */
export const DEMO_LOGINS = {
  admin: { username: 'admin', password: PASSWORDS.SYSTEM_ADMINISTRATOR, name: '系统管理员' },
  counselors: loginsOf('COUNSELOR'),
  supervisors: loginsOf('SUPERVISOR'),
  institutionAdmins: loginsOf('INSTITUTION_ADMINISTRATOR'),
} satisfies Record<string, DemoLogin | DemoLogin[]>;
