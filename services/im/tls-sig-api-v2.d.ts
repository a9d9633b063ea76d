/** Tencent's package brings no types. */
declare module 'tls-sig-api-v2/TLSSigAPIv2.js' {
  export class Api {
    constructor(sdkAppId: number, key: string);
    /** @param expire seconds from now */
    genUserSig(userId: string, expire: number): string;
  }
  const everything: { Api: typeof Api };
  export default everything;
}
