/** The reference client for one signed-in person; what was not yet acknowledged is kept in the tab. */
import { createHotlineClient, type HotlineClient } from '../../../contract/client.js';
import { createFetchHttp } from '../../shared/http.js';
import { connectSocket } from '../../shared/socket.js';
import { createUpload } from '../../shared/upload.js';
import { pendingOf } from './pending.js';

/** crypto.randomUUID wants a secure context; a hospital's intranet may have none. */
export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export function createConsoleClient(userId: string): HotlineClient {
  return createHotlineClient({
    http: createFetchHttp(),
    connect: connectSocket,
    upload: createUpload(),
    newId,
    store: pendingOf(userId),
  });
}
