/** What a system line says. A line of a kind that this page does not know yet still shows that it is there. */
import type { Conversation } from '../../../contract/conversation.js';
import type { SystemEvent } from '../../../contract/enums.js';
import type { Message } from '../../../contract/message.js';
import { t } from '../text.js';
import { nameOf } from './person.js';

export function systemWords(message: Message, conversation: Conversation | null): string | null {
  const name = nameOf(conversation?.counselor ?? null);
  const minutes = message.data?.['minutes'];
  const words: Record<SystemEvent, string | null> = {
    assigned: t('sysAssigned', { name }),
    requeued: t('sysRequeued'),
    'handed-over': t('sysHandedOver', { name }),
    // The tombstone at its own place says it already.
    recalled: null,
    joined: t('sysJoined'),
    left: t('sysLeft'),
    'time-cue': typeof minutes === 'number' ? t('sysTimeCue', { minutes }) : null,
    'silence-check': t('sysSilenceCheck'),
    // These stand in the supervisors' thread only.
    'silence-alarm': null,
    'risk-alarm': null,
    extended: typeof minutes === 'number' ? t('sysExtended', { minutes }) : null,
    'emergency-card': t('sysEmergency'),
    intake: t('sysIntake'),
    ended: t('sysEnded'),
  };
  return message.event === undefined ? (message.text ?? t('sysOther')) : words[message.event];
}
