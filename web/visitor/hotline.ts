/** The visitor's one connection to the house, as a browser makes it (contract/client/visit.ts). */
import { createHotlineClient } from '../../contract/client.js';
import { createApi } from '../../contract/client/api.js';
import { createVisit, openConversation } from '../../contract/client/visit.js';
import type { PublicConfig } from '../../contract/config.js';
import type { ServiceHours } from '../../contract/matchmaking.js';
import type { Me } from '../../contract/user.js';
import { createFetchHttp } from '../shared/http.js';
import { createFileLoader } from '../shared/files.js';
import { connectSocket } from '../shared/socket.js';
import { startTim } from '../shared/tim/start.js';
import { createUpload } from '../shared/upload.js';
import { becomeDevice, deviceId, isNewDevice, newId, pendingStore } from './device.js';

/** `?i=` of the link chooses the institution; what is installed from it keeps it. */
export const institution = new URLSearchParams(location.search).get('i') ?? undefined;
const query = institution === undefined ? '' : `?institution=${encodeURIComponent(institution)}`;

/** When visitors are received; asked without a log-in. */
export const readHours = () => api.get<ServiceHours>(`/api/v1/hours${query}`);

/** In memory only: a reload gets a new one for the same device, and a counselor's cookie is left alone. */
let token: string | undefined;
const currentToken = () => token;

const http = createFetchHttp({ token: currentToken });

async function logIn(name?: string): Promise<Me> {
  const answer = await createApi(http).post<{ token: string; me: Me }>('/api/v1/guest', {
    device: deviceId(),
    ...(institution === undefined ? {} : { institution }),
    ...(name === undefined ? {} : { name }),
  });
  token = answer.token;
  return answer.me;
}

/**
 * Goes on as the visitor whose return code this is, for good: the page begins anew as theirs.
 * @throws HotlineError BAD_CREDENTIALS, BANNED, RATE_LIMITED
 */
export async function returnBy(code: string): Promise<void> {
  // A value that this device never had: what was said on it before stays with whoever said it.
  const device = newId();
  await createApi(http).post('/api/v1/guest/return', {
    ...{ code, device },
    ...(institution === undefined ? {} : { institution }),
  });
  becomeDevice(device);
  location.hash = '';
  location.reload();
}

const visit = createVisit({
  http,
  logIn,
  enter: async (signIn, api) => (await Promise.all([api.get<PublicConfig>(`/config${query}`), signIn()]))[0],
  client: (renewing) =>
    createHotlineClient({
      http: renewing,
      connect: () =>
        connectSocket((give) => {
          give(token === undefined ? {} : { token });
        }),
      newId,
      upload: createUpload(currentToken),
      store: pendingStore,
    }),
  startTim,
  isNew: isNewDevice,
});

export { openConversation };
export const { session, api, client, signIn, begin, ownConversations, openWith } = visit;
export const loadFile = createFileLoader(currentToken);

/** Ends without waiting for anything: the browser carries it out while the page is going away. */
export function endInPassing() {
  const open = openConversation(client.getState());
  if (open !== undefined && token !== undefined) {
    void fetch(`/conversation/end/${open.id}`, {
      method: 'POST',
      keepalive: true,
      credentials: 'omit',
      headers: { authorization: `Bearer ${token}` },
    }).catch(() => undefined);
  }
}
