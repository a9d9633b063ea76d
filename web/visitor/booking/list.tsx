import type { BookingRow } from '../../../contract/consultant/order.js';
import { api } from '../hotline.js';
import { Icon } from '../parts/icons.js';
import { go } from '../route.js';
import { useLoad } from '../parts/load.js';
import { Screen } from '../parts/screen.js';
import { t } from './text.js';

export const listBookings = () => api.get<BookingRow[]>('/api/v1/bookings');

/** 我的预约 */
export function Bookings() {
  const { value: rows, error, load } = useLoad('all', listBookings);
  return (
    <Screen title={t('title')} testId="bookings" error={error} retry={load}>
      <p className="soft">{t('intro')}</p>
      <button
        type="button"
        className="button primary"
        data-testid="book"
        onClick={() => {
          go('/book');
        }}
      >
        {t('new')}
      </button>
      {rows?.length === 0 && <p className="empty">{t('none')}</p>}
      <ul className="counselors" aria-label={t('mine')}>
        {rows?.map((row) => (
          <li key={row.id}>
            <button
              type="button"
              className="card counselor"
              data-testid="booking-row"
              onClick={() => {
                go(`/bookings/${String(row.id)}`);
              }}
            >
              <span className="counselor-words">
                <strong>
                  {row.date} {row.time}
                </strong>
                <small>{t('with', { name: row.consultant.name, type: row.type })}</small>
                <span className="standing">
                  <span>{row.status}</span>
                </span>
              </span>
              <Icon name="next" />
            </button>
          </li>
        ))}
      </ul>
    </Screen>
  );
}
