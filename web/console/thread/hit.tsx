/** One place where words were found. */
import { useTranslation } from 'react-i18next';
import type { SearchHit } from '../../../contract/search.js';
import { useMe } from '../state/session.js';
import { useNow } from '../ui/now.js';
import { dateTime } from '../ui/time.js';

interface HitProps {
  hit: SearchHit;
  /** In whose session, where there are several. */
  where?: string;
  current: boolean;
  open: () => void;
}

export function Hit({ hit, where, current, open }: HitProps) {
  const { t } = useTranslation();
  const me = useMe();
  const now = useNow(60_000);
  const who = hit.sender.id === me.id ? t('roster.you') : (hit.sender.name ?? t('common.unnamed'));
  return (
    <button
      type="button"
      className="hit"
      aria-current={current ? 'true' : undefined}
      data-testid="hit"
      data-seq={hit.seq}
      onClick={open}
    >
      <span className="hit-top">
        <b>{where ?? who}</b>
        <time dateTime={new Date(hit.time).toISOString()}>{dateTime(hit.time, now)}</time>
      </span>
      <span className="hit-words">
        {where !== undefined && `${who}：`}
        {hit.before}
        <mark>{hit.match}</mark>
        {hit.after}
      </span>
    </button>
  );
}
