/** How many conversations at once: what I hold, and the cap, changed in place. */
import { useState } from 'react';
import { App, Button, InputNumber, Popover } from 'antd';
import { useTranslation } from 'react-i18next';
import { useDuty, useSetMaxConsults } from '../live/duty.js';
import { sentenceOf } from '../ui/problem.js';

const HIGHEST = 50;

function SeatsForm({ initial, done }: { initial: number; done: () => void }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const [value, setValue] = useState(initial);
  const change = useSetMaxConsults();
  const save = () => {
    change.mutate(value, {
      onSuccess: () => {
        void message.success(t('seats.saved', { max: value }));
        done();
      },
      onError: (error) => void message.error(sentenceOf(error, t('seats.failed'))),
    });
  };
  return (
    <div className="seats-form">
      <label htmlFor="max-consults">{t('seats.title')}</label>
      <div>
        <InputNumber
          id="max-consults"
          data-testid="max-consults"
          autoFocus
          min={0}
          max={HIGHEST}
          precision={0}
          value={value}
          onChange={(next) => {
            setValue(next ?? 0);
          }}
          onPressEnter={save}
        />
        <Button type="primary" loading={change.isPending} onClick={save} data-testid="max-consults-save">
          {t('common.save')}
        </Button>
      </div>
      <p>{t('seats.hint')}</p>
    </div>
  );
}

export function SeatsControl() {
  const { t } = useTranslation();
  const duty = useDuty();
  const [open, setOpen] = useState(false);
  if (!duty) return null;
  const { activeCount, maxConsults } = duty;
  const label = t('seats.current', { active: activeCount, max: maxConsults });
  return (
    <Popover
      trigger="click"
      placement="bottomLeft"
      open={open}
      onOpenChange={setOpen}
      destroyOnHidden
      content={
        <SeatsForm
          initial={maxConsults}
          done={() => {
            setOpen(false);
          }}
        />
      }
    >
      <Button title={label} data-testid="seats" data-active={activeCount} data-max={maxConsults}>
        <span className="seats-label">{t('seats.label')}</span>
        <b className={activeCount >= maxConsults ? 'is-full' : ''}>
          {activeCount} / {maxConsults}
        </b>
      </Button>
    </Popover>
  );
}
