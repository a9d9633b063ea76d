/**
 * The ceilings: servers with none of our rules. BARE chooses what a message does: `echo` acknowledges, `room` goes
 * to the other member too, `adapter` is `room` on the stock Redis adapter, `insert` is first stored by one insertOne
 * each; `express` is an HTTP server that answers a small JSON object.
 */
import { createServer } from 'node:http';
import express from 'express';
import { Redis } from 'ioredis';
import { MongoClient } from 'mongodb';
import { Server } from 'socket.io';

const { BARE = 'room', MONGODB_URL, REDIS_URL } = process.env;
const http = BARE === 'express' ? createServer(jsonServer()) : createServer();
if (BARE !== 'express') await attachSockets();
http.listen(0, '127.0.0.1', 4096, () => process.send({ port: http.address().port }));
process.on('disconnect', () => process.exit());

function jsonServer() {
  const app = express();
  app.get('/json', (_req, res) =>
    res.json({ code: 200, message: 'OK', result: { name: '热线', open: true } }),
  );
  return app;
}

async function attachSockets() {
  const io = new Server(http, {
    transports: ['websocket'],
    serveClient: false,
    perMessageDeflate: false,
    pingInterval: 10_000,
    pingTimeout: 10_000,
  });
  if (BARE === 'adapter') {
    const { createAdapter } = await import('@socket.io/redis-adapter');
    io.adapter(createAdapter(new Redis(REDIS_URL), new Redis(REDIS_URL)));
  }
  const messages = BARE === 'insert' ? await collection() : null;
  const seqs = new Map();
  io.on('connection', (socket) => {
    const { room } = socket.handshake.auth;
    void socket.join(room);
    socket.on('message:send', async (input, ack) => {
      const seq = (seqs.get(room) ?? 0) + 1;
      seqs.set(room, seq);
      const { clientMsgId, text } = input;
      const message = { conversationId: room, clientMsgId, seq, text, at: Date.now() };
      if (messages) await messages.insertOne({ ...message }, { writeConcern: { w: 'majority', j: true } });
      if (BARE !== 'echo') socket.to(room).emit('message:created', message);
      ack({ ok: true, data: { seq, at: message.at } });
    });
  });
}

async function collection() {
  const client = await new MongoClient(MONGODB_URL, { maxPoolSize: 20 }).connect();
  const messages = client.db('bench_bare').collection('messages');
  await messages.deleteMany({});
  await messages.createIndex({ conversationId: 1, clientMsgId: 1 }, { unique: true });
  await messages.createIndex({ conversationId: 1, at: 1 });
  return messages;
}
