import type { Message } from '../../contract/message.js';
import type { ShareWords } from './share-words.js';

/** One line that stands for a message where it is quoted. */
export function lineOf(message: Pick<Message, 'kind' | 'text' | 'recalled'>, words: ShareWords): string {
  if (message.recalled === true) return words('quoteRecalled');
  const kinds: Partial<Record<Message['kind'], string>> = {
    image: words('kindImage'),
    file: words('kindFile'),
    voice: words('kindVoice'),
    card: words('kindCard'),
  };
  return [kinds[message.kind], message.kind === 'card' ? undefined : message.text].filter(Boolean).join(' ');
}
