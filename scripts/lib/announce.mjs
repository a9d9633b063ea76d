/** What a person wants to see when everything runs: where to go and who to log in as. */
import { fact, say, seconds } from './say.mjs';

const STAFF = {
  admin: 'system admin',
  institutionAdmins: 'institution',
  supervisors: 'supervisor',
  counselors: 'counselor',
};

/** The addresses and, in demo mode, the log-ins, in one block. */
export function announce(ready, { sinceMs }) {
  say();
  say(`心院热线 is running (${seconds(sinceMs)}). Ctrl-C stops it.`);
  fact('visitor', ready.url);
  fact('console', ready.consoleUrl);
  fact('API docs', ready.docsUrl);
  for (const line of logIns(ready.demo)) say(line);
  say();
}

/** One line for each demo log-in; none outside demo mode. */
export function logIns(demo) {
  if (!demo) return [];
  const people = Object.entries(STAFF).flatMap(([key, role]) =>
    [demo[key] ?? []].flat().map((who) => ({ role, ...who })),
  );
  if (!people.length) return [];
  const width = Math.max(...people.map((who) => who.username.length));
  const lines = people.map(
    ({ role, username, password }) => `    ${role.padEnd(13)} ${username.padEnd(width)}  ${password}`,
  );
  return ['', '  demo log-ins (console):', ...lines];
}

/** An address without the password that may stand in it. */
export function withoutPassword(address) {
  return address.replace(/\/\/[^@/]*@/, '//***@');
}
