/** `/config` (document section 39): labels, the consent text and what a client must know before it starts. */
import { z } from 'zod';
import { answer, flag, maybeWhole, text, whole } from './answer.js';

/** A node of WeChat's rich-text component. */
export interface RichTextNode {
  type?: 'text' | 'node' | undefined;
  name?: string | undefined;
  text?: string | undefined;
  attrs?: Record<string, string> | undefined;
  children?: RichTextNode[] | undefined;
}
export const RichTextNode: z.ZodType<RichTextNode> = answer('RichTextNode', {
  type: z.enum(['text', 'node']).optional().describe('node when left out'),
  name: text('Of a node: the HTML element').optional(),
  text: text('Of a text: what it says').optional(),
  attrs: z.record(z.string(), z.string()).optional().describe('Of a node: attributes of the element'),
  get children() {
    return z.array(RichTextNode).optional().describe('Of a node: what is inside');
  },
});

const labels = (what: string) => z.record(z.string(), z.string()).describe(`${what}: key to label`);

export const PublicConfig = answer('PublicConfig', {
  conversationType: labels('Kinds of conversation'),
  userRoles: labels('Roles that may be given'),
  counselor: z
    .strictObject({ maxConsults: whole('Conversations at once, unless set otherwise') })
    .describe('Defaults of counselors'),
  information: z.array(RichTextNode).describe('The consent text, as a rich-text component takes it'),
  userType: labels('Kinds of user'),
  conversationStatus: labels('Statuses of a conversation'),
  consent: z
    .strictObject({ version: text('Version of the text'), strict: flag('Nobody is served without it') })
    .describe('Ours: informed consent'),
  institution: z.strictObject({ code: text('institutionCode'), name: text('Name') }).describe('Ours: whose'),
  limits: z
    .strictObject({
      text: whole('Longest text session, seconds'),
      voice: whole('Longest voice session, seconds'),
      waiting: whole('Longest wait, seconds'),
    })
    .describe('Ours: limits of time'),
  emergency: z
    .array(z.strictObject({ name: text('Name'), phone: text('Phone'), note: text('When to call') }))
    .describe('Ours: crisis lines in the order in which they are shown'),
  im: z
    .strictObject({
      sdkAppId: maybeWhole('SDKAppID; null when Tencent IM is not configured'),
      provider: z.enum(['built-in', 'tencent']).describe('tencent: our own pages listen there too'),
    })
    .describe('Ours: Tencent IM'),
});
export type PublicConfig = z.infer<typeof PublicConfig>;
