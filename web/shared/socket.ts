/** The socket of both pages: websocket only, so that any node may answer (design.md, "Live protocol"). */
import { io } from 'socket.io-client';
import type { HandshakeAuth } from '../../contract/events.js';

export const connectSocket = (auth: HandshakeAuth | ((give: (auth: HandshakeAuth) => void) => void)) =>
  io({
    transports: ['websocket'],
    autoConnect: false,
    auth,
    reconnectionDelay: 600,
    reconnectionDelayMax: 5000,
    timeout: 8000,
  });
