/**
 * Socket.IO over wx.connectSocket: WeChat's socket in the shape of a browser's, and the engine's own websocket
 * transport on top of it. At most five sockets may be open at once, so none is left behind.
 */
import { WebSocket as EngineWebSocket } from 'engine.io-client';

type Task = WechatMiniprogram.SocketTask;

export class WxSocket {
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string | ArrayBuffer }) => void) | null = null;
  onclose: ((event: { code: number; reason: string }) => void) | null = null;
  onerror: ((event: { message: string }) => void) | null = null;
  binaryType = 'arraybuffer';
  private task: Task | undefined;
  private over = false;

  constructor(url: string) {
    this.task = wx.connectSocket({
      url,
      // One wrong address, or too many sockets: no task will ever tell of it.
      fail: ({ errMsg }) => {
        this.end(1006, errMsg);
      },
    });
    this.task.onOpen(() => {
      if (!this.over) this.onopen?.();
    });
    this.task.onMessage(({ data }) => {
      if (!this.over) this.onmessage?.({ data });
    });
    this.task.onError(({ errMsg }) => {
      if (!this.over) this.onerror?.({ message: errMsg });
      this.end(1006, errMsg);
    });
    this.task.onClose(({ code, reason }) => {
      this.end(code, reason);
    });
  }

  send(data: string | ArrayBuffer) {
    this.task?.send({
      data,
      // Closed while we were away, and nobody said so.
      fail: ({ errMsg }) => {
        this.end(1006, errMsg);
      },
    });
  }

  close() {
    this.task?.close({ code: 1000, reason: '' });
    this.end(1000, '');
  }

  /** Whatever tells first that it is over; the others are not heard any more. */
  private end(code: number, reason: string) {
    if (!this.over) {
      this.over = true;
      this.onclose?.({ code, reason });
    }
  }
}

export class WxTransport extends EngineWebSocket {
  override createSocket(uri: string): WxSocket {
    return new WxSocket(uri);
  }
}
