/** A conversation with something in it, and an export of it. */
import type { ExportTask } from '../../../contract/export.js';
import { http } from '../../support/clients.js';
import type { Hotline } from '../../support/app.js';
import { authenticatedActor, makeCounselor, makePerson, type Person } from '../../support/factories.js';
import { until } from '../../support/poll.js';
import { acceptMessage } from '../../../services/message/accept.js';
import { endConversation } from '../../../services/conversation/end.js';

export interface Talk {
  id: string;
  visitor: Person;
  counselor: Person;
}

/** A finished (or open) conversation in which both say these things in turn, the visitor first. */
export async function talk(
  hotline: Hotline,
  texts: string[],
  options: { open?: boolean; names?: [string, string] } = {},
): Promise<Talk> {
  const { ctx } = hotline.node;
  const [visitorName, counselorName] = options.names ?? ['小雨', '林老师'];
  const counselor = await makeCounselor(ctx, 50, { name: counselorName });
  const visitor = await makePerson(ctx, 'VISITOR', { name: visitorName });
  const answer = await http(hotline.node.url, 'PUT', '/conversation', {
    token: visitor.token,
    json: { counselor: counselor.id },
  });
  const { id } = answer.body.result as { id: string };
  const actors = await Promise.all(
    [visitor, counselor].map((person) => authenticatedActor(ctx, person.token)),
  );
  const say = async (text: string, index: number) => {
    const actor = actors[index % 2];
    if (!actor) throw new Error('two speak');
    await acceptMessage(ctx, actor, {
      conversationId: id,
      clientMsgId: `m${String(index)}`,
      kind: 'text',
      text,
    });
  };
  // What a test reads in order is said in order; where it is only much, fifty go at once.
  const together = texts.length > 20 ? 50 : 1;
  for (let from = 0; from < texts.length; from += together)
    await Promise.all(texts.slice(from, from + together).map((text, offset) => say(text, from + offset)));
  if (!options.open && actors[1]) await endConversation(ctx, actors[1], id);
  return { id, visitor, counselor };
}

export const ask = (hotline: Hotline, token: string, path: string, json?: unknown) =>
  http(hotline.node.url, 'POST', path, { token, ...(json === undefined ? {} : { json }) });

/** Waits until it has ended, however. */
export async function ended(
  hotline: Hotline,
  token: string,
  id: string,
  deadlineMs = 20_000,
): Promise<ExportTask> {
  return until(
    async () => {
      const answer = await http(hotline.node.url, 'GET', `/api/v1/exports/${id}`, { token });
      const task = answer.body.result as ExportTask;
      return ['DONE', 'FAILED', 'CANCELLED'].includes(task.status) ? task : null;
    },
    'the export ends',
    deadlineMs,
  );
}

export async function fetchBytes(
  hotline: Hotline,
  token: string,
  path: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; headers: Headers; bytes: Buffer }> {
  const answer = await fetch(hotline.node.url + path, {
    headers: { authorization: `Bearer ${token}`, ...headers },
  });
  return { status: answer.status, headers: answer.headers, bytes: Buffer.from(await answer.arrayBuffer()) };
}

/** Asks, waits, fetches. */
export async function exported(
  hotline: Hotline,
  token: string,
  path: string,
  json?: unknown,
): Promise<{ task: ExportTask; bytes: Buffer }> {
  const asked = await ask(hotline, token, path, json);
  if (asked.body.code !== 0) throw new Error(`refused: ${asked.body.message}`);
  const task = await ended(hotline, token, (asked.body.result as ExportTask).id);
  if (!task.url) throw new Error(`not done: ${JSON.stringify(task)}`);
  return { task, bytes: (await fetchBytes(hotline, token, task.url)).bytes };
}
