/** docs/configuration.md, from the schema of the environment. */
import { z } from 'zod';
import { BESIDE, ENV, MADE_UP, MOST, REFUSED_IN_PRODUCTION } from './env.js';

const HEAD = `# Configuration reference

Made from \`platform/env.ts\` by \`npm run configuration\`; a test holds it to that file. Everything comes from the
environment. A key that is empty counts as one that is not set. Bad values are listed together and stop the start.
README.md groups the same keys by subject. \`npm start\` finds or starts the two servers where none are given.

| key | meaning | values | default | unit | in production |
| --- | --- | --- | --- | --- | --- |
`;

/** `npm start` finds or starts both servers where they are not given; the processes behind it must be told. */
const SERVERS = ['MONGODB_URL', 'REDIS_URL'];
const REQUIRED: readonly string[] = [...MADE_UP, ...SERVERS, 'PUBLIC_URL'];
const REFUSED: readonly string[] = REFUSED_IN_PRODUCTION;

interface Described {
  description?: string;
  default?: string | number;
  unit?: string;
  type?: string;
  enum?: string[];
  minimum?: number;
  maximum?: number;
}

const cell = (text: string) => text.replaceAll('|', '\\|');
const code = (text: string) => `\`${text}\``;

function valuesOf(key: string, { type, enum: words, minimum, maximum }: Described): string {
  if (words) return words.map(code).join(', ');
  if (type === 'integer') {
    const from = minimum !== undefined && minimum > -MOST ? String(minimum) : '';
    const to = maximum !== undefined && maximum < MOST ? String(maximum) : '';
    if (from && to) return `${from} to ${to}`;
    return from ? `${from} or more` : 'integer';
  }
  return isFlag(key) ? '`1` or `0`' : 'text';
}

const isFlag = (key: string) => ENV.shape[key as keyof typeof ENV.shape].safeParse('true').data === true;

function inProduction(key: string): string {
  if (REQUIRED.includes(key)) return 'required';
  if (REFUSED.includes(key)) return 'refused';
  const beside = BESIDE.find(({ name }) => name === key)?.beside;
  return beside === undefined ? '' : `required beside ${code(beside)}`;
}

export function configurationPage(): string {
  const { properties = {} } = z.toJSONSchema(ENV, { unrepresentable: 'any', io: 'output' });
  const rows = Object.keys(ENV.shape).map((key) => {
    const described = properties[key] as Described;
    const { description = '', default: standard, unit = '' } = described;
    const shown = standard === undefined || standard === '' ? '' : code(String(standard));
    const cells = [code(key), cell(description), valuesOf(key, described), shown, unit, inProduction(key)];
    return `| ${cells.join(' | ')} |\n`;
  });
  return HEAD + rows.join('');
}
