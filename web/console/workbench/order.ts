/** In which order my conversations stand, and what a row says in one line. Pure. */
import type { TFunction } from 'i18next';
import type { Conversation } from '../../../contract/conversation.js';
import type { Message } from '../../../contract/message.js';

type Lasts = Readonly<Record<string, Message | null | undefined>>;

/** Since when the visitor waits for a word; null when the last word was ours. */
export function unansweredSince(conversation: Conversation, last: Message | null | undefined): number | null {
  if (conversation.status === 'WAITING') return conversation.createdTime;
  if (conversation.status !== 'IN_PROGRESS') return null;
  return last?.sender.type === 'VISITOR' ? last.time : null;
}

/** Who waits longest for an answer stands first; then by the last word, newest first. */
export function inListOrder(conversations: readonly Conversation[], lasts: Lasts): Conversation[] {
  const rank = (conversation: Conversation) => {
    const last = lasts[conversation.id];
    const since = unansweredSince(conversation, last);
    return since === null
      ? { group: 1, key: -(last?.time ?? conversation.startTime ?? conversation.createdTime) }
      : { group: 0, key: since };
  };
  return conversations
    .map((conversation) => ({ conversation, ...rank(conversation) }))
    .sort((a, b) => a.group - b.group || a.key - b.key || (a.conversation.id < b.conversation.id ? -1 : 1))
    .map(({ conversation }) => conversation);
}

const KIND_WORDS = {
  image: 'list.sentImage',
  file: 'list.sentFile',
  voice: 'list.sentVoice',
  emoji: 'list.sentEmoji',
  card: 'list.sentCard',
} as const;

export function lineOf(message: Message | null | undefined, meId: string, t: TFunction): string {
  if (!message) return t('list.noMessage');
  const words = message.recalled
    ? t('list.recalled')
    : message.kind in KIND_WORDS
      ? t(KIND_WORDS[message.kind as keyof typeof KIND_WORDS])
      : (message.text ?? '');
  return `${message.sender.id === meId ? t('list.you') : ''}${words.replace(/\s+/g, ' ')}`;
}
