/**
 * Which addresses a webhook may reach. Integrators give the URL, so without this rule they could make the server
 * ask its own network (SSRF; invariants.md section 4, row 28). The rule is held where it counts, at the connection:
 * a name is looked up once, every address behind it is judged, and the judged one is connected to, so that a name
 * that changes between two look-ups changes nothing.
 */
import { lookup as resolve, type LookupAddress, type LookupOptions } from 'node:dns';
import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import type { Config } from '../../platform/config.js';

export class AddressRefused extends Error {}

/** @returns why a URL can't be one of a webhook, in Chinese, or null */
export function refusalOf(config: Pick<Config, 'WEBHOOK_PRIVATE'>, text: string): string | null {
  const url = new URL(text);
  if (url.username || url.password) return '推送地址里不能带用户名和密码。';
  if (config.WEBHOOK_PRIVATE) return null;
  if (url.protocol !== 'https:') return '推送地址必须以 https:// 开头。';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(host) ? !isPublic(host) : isLocalName(host)) return '推送地址必须是公网地址。';
  return null;
}

const isLocalName = (host: string): boolean =>
  !host.includes('.') || /(^|\.)(localhost|local|internal|lan|home|corp|test|invalid)\.?$/i.test(host);

/** Unicast and of the public Internet; an IPv4 address inside an IPv6 one is judged as what it is. */
export function isPublic(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.process(address).range() === 'unicast';
}

type Answer = (error: Error | null, address: string | LookupAddress[], family?: number) => void;

/** A look-up for `node:https` that answers public addresses only. */
export function publicLookup(config: Pick<Config, 'WEBHOOK_PRIVATE'>) {
  return (host: string, options: LookupOptions, answer: Answer): void => {
    resolve(host, { ...options, all: true }, (error, found) => {
      if (error) {
        answer(error, []);
        return;
      }
      const [first] = found;
      // One private address among public ones is a trap as well.
      if (!first || (!config.WEBHOOK_PRIVATE && !found.every(({ address }) => isPublic(address))))
        answer(new AddressRefused(`${host} is not public`), []);
      else if (options.all) answer(null, found);
      else answer(null, first.address, first.family);
    });
  };
}
