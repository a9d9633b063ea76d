/** System messages in words. Names come from the conversation wherever it knows the person. */
import type { TFunction } from 'i18next';
import type { Conversation } from '../../../contract/conversation.js';
import { END_CAUSES, type EndCause, type SystemEvent } from '../../../contract/enums.js';
import type { Message } from '../../../contract/message.js';

const isCause = (value: unknown): value is EndCause => END_CAUSES.some((cause) => cause === value);

function nameIn(conversation: Conversation | null, data: Message['data']) {
  const people = [conversation?.counselor, conversation?.visitor];
  const ids = Object.values(data ?? {});
  const told = data?.['name'];
  return (
    people.find((person) => person && ids.includes(person.id))?.name ??
    (typeof told === 'string' ? told : null)
  );
}

export function systemWords(message: Message, conversation: Conversation | null, t: TFunction): string {
  const { data, text } = message;
  // The numbers of the card are for the visitor; that it was shown is what the counselor must know.
  if (text && message.event !== 'emergency-card') return text;
  // A newer server may tell events that this page does not know yet.
  const event = message.event as SystemEvent | 'unknown' | undefined;
  const name = nameIn(conversation, data);
  switch (event) {
    case 'assigned':
      return name ? t('event.assigned', { name }) : t('event.assignedPlain');
    case 'handed-over':
      return name ? t('event.handed-over', { name }) : t('event.handedOverPlain');
    case 'joined':
      return name ? t('event.joined', { name }) : t('event.joinedPlain');
    case 'left':
      return name ? t('event.left', { name }) : t('event.leftPlain');
    case 'time-cue': {
      const minutes = data?.['minutes'];
      return typeof minutes === 'number' ? t('event.time-cue', { minutes }) : t('event.timeCuePlain');
    }
    case 'ended': {
      const cause = data?.['cause'] ?? conversation?.endCause;
      return isCause(cause) ? t(`cause.${cause}`) : t('event.ended');
    }
    case 'extended': {
      const minutes = data?.['minutes'];
      return typeof minutes === 'number' ? t('event.extended', { minutes }) : t('event.extendedPlain');
    }
    case 'requeued':
    case 'recalled':
    case 'silence-alarm':
    case 'risk-alarm':
    case 'silence-check':
    case 'emergency-card':
    case 'intake':
      return t(`event.${event}`);
    default:
      return t('event.unknown', { event: event ?? message.kind });
  }
}
