/** The visitor's one connection to the house, as WeChat makes it (contract/client/visit.ts). */
import { createHotlineClient } from '../../contract/client.js';
import { createApi } from '../../contract/client/api.js';
import { createVisit, openConversation } from '../../contract/client/visit.js';
import type { PublicConfig } from '../../contract/config.js';
import type { Me } from '../../contract/user.js';
import { connect } from './connect.js';
import { newId } from './device.js';
import { createRequest, headerOf } from './request.js';
import { settings } from './settings.js';
import { startTim } from './tim.js';
import { createFileLoader, createUpload } from './upload.js';

/** In memory only: WeChat knows who it is at the next start. */
let token: string | undefined;
const currentToken = () => token;

const request = createRequest(currentToken);

const codeOfWeChat = () =>
  new Promise<string>((resolve, reject) => {
    wx.login({
      success: ({ code }) => {
        resolve(code);
      },
      fail: ({ errMsg }) => {
        reject(new Error(errMsg));
      },
    });
  });

/** A code works once: whatever goes wrong, the next try asks for another. */
async function logIn(): Promise<Me> {
  const code = await codeOfWeChat();
  token = undefined;
  const answer = await request('POST', `/auth/wx/${settings.appid}/login`, { code });
  await resultOrRefusal(answer);
  token = headerOf(answer.header, 'authorization')?.replace(/^Bearer /, '');
  return createApi(request).get<Me>('/auth/me');
}

/** @throws HotlineError when the log-in was refused */
const resultOrRefusal = (answer: { status: number; body: unknown }) =>
  createApi(() => Promise.resolve(answer)).post<'ok'>('');

const visit = createVisit({
  http: request,
  logIn,
  // The settings are those of the institution that the log-in led to.
  enter: async (signIn, api) => {
    await signIn();
    return api.get<PublicConfig>('/config');
  },
  client: (renewing) =>
    createHotlineClient({
      http: renewing,
      connect: () => connect(() => (token === undefined ? {} : { token })),
      upload: createUpload(currentToken),
      newId,
    }),
  startTim,
});

export { openConversation };
export const { session, api, client, begin, hurry, ownConversations, openWith } = visit;
export const files = createFileLoader(currentToken);

/** Ends without waiting for anything: what was asked goes out although the mini-program goes away. */
export function endInPassing() {
  const open = openConversation(client.getState());
  if (open !== undefined) {
    request('POST', `/conversation/end/${open.id}`).catch(() => undefined);
  }
}
