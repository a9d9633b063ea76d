/** Those on the other side of a picture: people of the demo, through the same doors as a person. */
import { createHash, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const doors = (root) => import(pathToFileURL(join(root, 'dist', 'bin', 'demo-client.js')).href);

/** A log-in of the demo, by HTTP: `call` asks in its name. */
export async function signIn({ run, root }, { username, password }) {
  const { call } = await doors(root);
  const json = { username, password: createHash('md5').update(password).digest('hex') };
  const { token } = await call(run.url, 'POST', '/auth/login', { json });
  return {
    token,
    call: (method, path, body) => call(run.url, method, path, { token, ...(body ? { json: body } : {}) }),
  };
}

/** A counselor who is on line, with the conversation that they have. */
export async function goOnLine(stage, login) {
  const { connect } = await doors(stage.root);
  const { token, call } = await signIn(stage, login);
  const { result: me } = await call('GET', '/auth/me');
  const socket = await connect(stage.run.url, token, me);
  await socket.ask('presence:set', { state: 'online' });
  return {
    ...socket,
    async open() {
      const { result } = await call('GET', '/conversation/consultlist?status=OPEN');
      return result[0].id;
    },
  };
}

/** A visitor without a name of their own, who has agreed to the terms. */
export async function visit({ run, root }, name) {
  const { call, connect } = await doors(root);
  const { result: guest } = await call(run.url, 'POST', '/api/v1/guest', {
    json: { device: `screens-${randomUUID()}`, name },
  });
  const { token, me } = guest;
  const { result: config } = await call(run.url, 'GET', '/config', { token });
  await call(run.url, 'POST', '/api/v1/consent', {
    token,
    json: { version: config.consent.version, research: false },
  });
  const socket = await connect(run.url, token, me);
  return {
    ...socket,
    leaveMessage: (text, contact) =>
      call(run.url, 'POST', '/api/v1/me/offline-messages', {
        token,
        json: { clientMsgId: randomUUID(), text, contact },
      }),
    /** Asks for a counselor; answers the conversation. */
    begin: (counselor) => socket.ask('conversation:open', counselor ? { counselor } : {}),
  };
}

/** Says it in a conversation, as a visitor or a counselor. */
export const tell = (who, conversationId, text, more = {}) =>
  who.ask('message:send', { conversationId, clientMsgId: randomUUID(), kind: 'text', text, ...more });
