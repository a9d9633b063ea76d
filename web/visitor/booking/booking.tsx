import { useState } from 'react';
import type { BookingRow } from '../../../contract/consultant/order.js';
import type { Conversation } from '../../../contract/conversation.js';
import { api, client } from '../hotline.js';
import { Sheet } from '../parts/sheet.js';
import { useStart } from '../screens/start.js';
import { Intake } from './intake.js';
import { listBookings } from './list.js';
import { useAction, useLoad } from '../parts/load.js';
import { Screen } from '../parts/screen.js';
import { t } from './text.js';

const isOver = ({ status }: BookingRow) => status === '已结束' || status === '已拒绝';
const mayEnter = (row: BookingRow) => row.type === '在线咨询' && ['等待中', '咨询中'].includes(row.status);
const mayCancel = ({ status }: BookingRow) => status === '待接单' || status === '等待中';

async function enter(id: number) {
  const conversation = await api.post<Conversation>(`/api/v1/bookings/${String(id)}/conversation`);
  client.adopt(conversation);
  client.load(conversation.id).catch(() => undefined);
}

/** 预约详情: what was agreed, the way into an online one, and the intake form. */
export function Booking({ id }: { id: number }) {
  const rows = useLoad('all', listBookings);
  const row = rows.value?.find((each) => each.id === id);
  const [cancelling, setCancelling] = useState(false);
  const { busy, error, run } = useAction();
  const entry = useStart();
  const cancel = () =>
    run(async () => {
      await api.delete(`/api/v1/bookings/${String(id)}`);
      setCancelling(false);
      rows.load();
    });
  return (
    <Screen title={t('detail')} testId="booking" error={rows.error || error || entry.error} retry={rows.load}>
      {row !== undefined && (
        <section className="card booking-form">
          <h2 className="card-title">
            {row.date} {row.time}
          </h2>
          <p>{t('with', { name: row.consultant.name, type: row.type })}</p>
          <p className="standing" data-testid="booking-status">
            {row.status}
          </p>
          {row.reason !== '' && <p className="note">{t('rejected', { reason: row.reason })}</p>}
          <p className="faint">{t('number', { number: row.order_id })}</p>
          {mayEnter(row) && (
            <>
              <button
                type="button"
                className="button primary"
                data-testid="booking-enter"
                disabled={entry.busy}
                onClick={() => {
                  entry.start(() => enter(id));
                }}
              >
                {t('enter')}
              </button>
              <p className="faint">{t('enterHint')}</p>
            </>
          )}
          {mayCancel(row) && (
            <button
              type="button"
              className="button quiet"
              data-testid="booking-cancel"
              onClick={() => {
                setCancelling(true);
              }}
            >
              {t('cancel')}
            </button>
          )}
        </section>
      )}
      {row !== undefined && <Intake booking={id} open={!isOver(row)} />}
      {cancelling && (
        <Sheet
          title={t('cancelTitle')}
          testId="booking-cancel-sheet"
          onClose={() => {
            setCancelling(false);
          }}
          footer={
            <>
              <button
                type="button"
                className="button"
                onClick={() => {
                  setCancelling(false);
                }}
              >
                {t('cancelKeep')}
              </button>
              <button
                type="button"
                className="button danger"
                data-testid="booking-cancel-confirm"
                disabled={busy}
                onClick={() => void cancel()}
              >
                {t('cancel')}
              </button>
            </>
          }
        >
          <p>{row === undefined ? '' : `${row.date} ${row.time}`}</p>
        </Sheet>
      )}
      {entry.sheet}
    </Screen>
  );
}
