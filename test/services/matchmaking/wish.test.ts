/** What who waits may wish for, and that it decides between free counselors and costs nobody their place. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Conversation as Wire } from '../../../contract/conversation.js';
import { startHotline, type Hotline } from '../../support/app.js';
import { http } from '../../support/clients.js';
import { makeCounselor, makePerson, type Person } from '../../support/factories.js';

let hotline: Hotline;
beforeAll(async () => {
  hotline = await startHotline({ env: { FACES: 'server' } });
});
afterAll(() => hotline.stop());

const ask = (as: Person, method: string, path: string, json?: object) =>
  http(hotline.node.url, method, path, { token: as.token, ...(json && { json }) });
async function arrive() {
  const person = await makePerson(hotline.node.ctx, 'VISITOR');
  const { id } = (await ask(person, 'PUT', '/conversation', {})).body.result as Wire;
  return { person, id, path: `/api/v1/conversations/${id}/wish` };
}

test('a wish is chosen from what counselors are listed for, and goes to who fits', async () => {
  const { ctx } = hotline.node;
  const supervisor = await makePerson(ctx, 'SUPERVISOR');
  const listed = { supervisors: [supervisor.user._id] };
  const first = await makeCounselor(ctx, 1, { gender: '女', ...listed });
  const second = await makeCounselor(ctx, 1, { gender: '男', ...listed });
  const presence = (state: 'online' | 'offline') =>
    ctx.models.Duty.updateMany({}, { $set: { presence: state } });
  await presence('offline');
  const strengths = { skills: ['学业压力'], languages: ['上海话', '普通话'] };
  const path = `/api/v1/counselors/${second.id}/strengths`;
  expect((await ask(supervisor, 'PUT', path, strengths)).body.result).toEqual(strengths);
  expect((await ask(first, 'PUT', path, strengths)).status).toBe(403);
  const stranger = await makePerson(ctx, 'SUPERVISOR');
  expect((await ask(stranger, 'PUT', path, strengths)).status).toBe(403);
  const foreign = await makePerson(ctx, 'INSTITUTION_ADMINISTRATOR', { institution: 'pku' });
  expect((await ask(foreign, 'GET', path)).status).toBe(404);

  const one = await arrive();
  const two = await arrive();
  expect((await ask(one.person, 'GET', one.path)).body.result).toEqual({
    ...strengths,
    ...{ genders: ['女', '男'].sort(), skill: null, language: null, gender: null },
  });
  expect((await ask(one.person, 'PUT', one.path, { gender: '无人如此' })).status).toBe(400);
  expect((await ask(two.person, 'PUT', one.path, { gender: '女' })).status).toBe(403);
  await ask(one.person, 'PUT', one.path, { gender: '男', language: '上海话' });
  expect((await ask(two.person, 'PUT', two.path, { gender: '女' })).body.result).toMatchObject({
    gender: '女',
  });
  await presence('online');
  await ctx.admissions.admit('ecnu');
  const served = async ({ id }: { id: string }) => {
    const row = await ctx.models.Conversation.findById(id).lean().orFail();
    return [row.counselor?.toHexString(), row.assignedWhy];
  };
  expect(await served(one)).toEqual([second.id, expect.stringContaining('符合访客的期望')]);
  expect(await served(two)).toEqual([first.id, expect.stringContaining('符合访客的期望')]);
  const late = await ask(one.person, 'PUT', one.path, { skill: '学业压力' });
  expect(late.body.message).toContain('不能再修改');
});
