/**
 * A sealed document: JSON, one statement a line, whose last line holds the SHA-256 of every line before it and a
 * signature over them. So a single altered byte anywhere is found, and in which line it is (verify-document.ts).
 */
import { createHash } from 'node:crypto';
import type { Signer } from './signing.js';

export const VERSION = 1;

export interface SealedDocument {
  /** @param text a part of the JSON, without a line break */
  line(text: string): Promise<void>;
  end(): Promise<void>;
}

/** The first line; what a document is stands at its very beginning. */
export const opening = (format: string): string =>
  `{"format":${JSON.stringify(format)},"version":${String(VERSION)},`;

/** What is signed. */
export function signedText(format: string, keyId: string, lines: string[]): Buffer {
  return Buffer.from(JSON.stringify([format, VERSION, keyId, lines]));
}

export interface Seal {
  keyId: string;
  publicKey: string;
  lines: string[];
  signature: string;
}

/** The last line, in its one spelling. */
export function closing({ keyId, publicKey, lines, signature }: Seal): string {
  return `"seal":${JSON.stringify({ algorithm: 'Ed25519', keyId, publicKey, lines, signature })}}`;
}

export const lineHash = (line: Buffer | string): string =>
  createHash('sha256').update(line).digest('base64url');

/** @param write takes what is to be written, and waits while the reader is slow */
export function sealedDocument(
  format: string,
  signer: Signer,
  write: (text: string) => Promise<void>,
): SealedDocument {
  const lines: string[] = [];
  const put = (text: string): Promise<void> => {
    lines.push(lineHash(text));
    return write(`${text}\n`);
  };
  let begun = false;
  return {
    async line(text) {
      if (!begun) {
        begun = true;
        await put(opening(format));
      }
      await put(text);
    },
    async end() {
      const signature = signer.sign(signedText(format, signer.id, lines)).toString('base64url');
      const publicKey = signer.publicKey.toString('base64url');
      await write(`${closing({ keyId: signer.id, publicKey, lines, signature })}\n`);
    },
  };
}
