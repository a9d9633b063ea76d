/**
 * A mini-program has no URL. As much of it as the shared mapping of Tencent's messages asks: is this an absolute http
 * address, and on which host? Stricter than the real one: whatever is unusual is no address.
 */
const ABSOLUTE = /^(https?:)\/\/([a-z0-9]+(?:[.-][a-z0-9]+)*)(?::\d{1,5})?(?:[/?#][^\s\\]*)?$/i;

export class URL {
  readonly protocol: string;
  readonly hostname: string;

  constructor(text: string) {
    const [, protocol, hostname] = ABSOLUTE.exec(text) ?? [];
    if (protocol === undefined || hostname === undefined) {
      throw new TypeError('Invalid URL');
    }
    this.protocol = protocol.toLowerCase();
    this.hostname = hostname.toLowerCase();
  }

  static canParse(text: string): boolean {
    return ABSOLUTE.test(text);
  }
}
