/** What the composer offers after `/`: as wide as the box, the keys stay in the box. */
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { CannedReply } from '../../../contract/canned-reply.js';
import { addressOf } from '../ui/route.js';
import type { Canned } from './use-canned.js';

export function CannedList({ canned, found }: { canned: Canned; found: CannedReply[] }) {
  const { t } = useTranslation();
  const lit = useRef<HTMLLIElement>(null);
  useEffect(() => {
    lit.current?.scrollIntoView({ block: 'nearest' });
  }, [canned.at]);
  return (
    <div className="canned" data-testid="canned">
      {found.length === 0 ? (
        <p className="state-hint is-plain">{t('canned.nothing')}</p>
      ) : (
        <ul id="canned" role="listbox" aria-label={t('canned.open')}>
          {found.map((reply, at) => (
            // Its keys are heard by the box, which keeps the focus.
            <li
              key={reply.id}
              id={`canned-${reply.id}`}
              ref={at === canned.at ? lit : undefined}
              role="option"
              aria-selected={at === canned.at}
              data-testid="canned-row"
              onMouseEnter={() => {
                canned.light(at);
              }}
              // A click would take the focus out of the box first.
              onMouseDown={(event) => {
                event.preventDefault();
                canned.take(reply);
              }}
            >
              <b>{reply.title}</b>
              <span>{reply.text}</span>
              <small>
                {[reply.category, reply.shared ? t('canned.shared') : ''].filter(Boolean).join(' · ')}
              </small>
            </li>
          ))}
        </ul>
      )}
      <p className="canned-foot">
        {t('canned.keys')}
        <a href={addressOf('replies')}>{t('canned.manage')}</a>
      </p>
    </div>
  );
}
