/** How far a jump into a long history goes: page by page from the newest, up to a bound, while somebody wants it. */
import type { HotlineClient } from '../../../contract/client.js';

export interface Place {
  conversationId: string;
  seq: number;
}

/** contract/message.ts MAX_PAGE; not imported, since that would bring the schema library into the page. */
const LARGE = 200;
/** Calls of one jump; what lies further up is read in the records. */
export const MOST_PAGES = 25;

/**
 * @param wanted false once the reader has gone elsewhere: no further page is asked for
 * @returns whether the place is held now
 */
export async function reach(
  client: Pick<HotlineClient, 'load' | 'older' | 'getState'>,
  { conversationId, seq }: Place,
  wanted: () => boolean,
): Promise<boolean> {
  await client.load(conversationId);
  const isHeld = () => {
    const { messages, hasOlder } = client.getState().conversations[conversationId] ?? {};
    return hasOlder !== true || (messages?.[0]?.seq ?? Infinity) <= seq;
  };
  for (let page = 0; page < MOST_PAGES && wanted() && !isHeld(); page += 1)
    if (!(await client.older(conversationId, LARGE))) break;
  return isHeld();
}
