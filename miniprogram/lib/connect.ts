/** The socket of the reference client; websocket only, so that any node may answer. */
import { io } from 'socket.io-client';
import type { Socket } from 'socket.io-client';
import type { HandshakeAuth } from '../../contract/events.js';
import { settings } from './settings.js';
import { WxTransport } from './wx-socket.js';

let socket: Socket | undefined;

export function connect(auth: () => HandshakeAuth): Socket {
  socket = io(settings.server, {
    transports: [WxTransport],
    upgrade: false,
    autoConnect: false,
    auth: (give) => {
      give(auth());
    },
    reconnectionDelay: 600,
    reconnectionDelayMax: 5000,
    timeout: 8000,
  });
  return socket;
}

/** A new line in the place of one that cannot be trusted; nothing happens while there is none. */
export function replaceSocket() {
  if (socket?.active === true) {
    socket.disconnect();
    socket.connect();
  }
}
