/** `/config` (document section 39): labels, the consent text and what a client must know before it starts. */

/** A node of WeChat's rich-text component. */
export interface RichTextNode {
  type?: 'text' | 'node';
  name?: string;
  text?: string;
  attrs?: Record<string, string>;
  children?: RichTextNode[];
}

export interface PublicConfig {
  conversationType: Record<string, string>;
  userRoles: Record<string, string>;
  counselor: { maxConsults: number };
  information: RichTextNode[];
  userType: Record<string, string>;
  conversationStatus: Record<string, string>;
  /** Ours from here on. */
  consent: { version: string; strict: boolean };
  institution: { code: string; name: string };
  limits: { text: number; voice: number; waiting: number };
  /** Crisis lines in the order in which they are shown. */
  emergency: { name: string; phone: string; note: string }[];
  im: { sdkAppId: number | null };
}
