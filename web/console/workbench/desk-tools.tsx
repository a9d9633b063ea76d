/** What a counselor does with a running session besides talking: a supervisor, a transfer. Buttons, keys, dialogs. */
import { useEffect, useMemo } from 'react';
import { CustomerServiceOutlined, SwapOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useActions, type Action } from '../keys/registry.js';
import { SuperviseModal } from './supervise.js';
import { showTool, useTool } from './tool.js';
import { TransferModal } from './transfer.js';

const close = () => {
  showTool(null);
};

export function DeskTools({ session }: { session: string }) {
  const { t } = useTranslation();
  const tool = useTool((state) => state.tool);
  useEffect(() => close, [session]);
  const actions = useMemo<Action[]>(
    () => [
      {
        id: 'conversation.supervise',
        group: 'conversation',
        title: t('supervise.title'),
        keys: { alt: true, code: 'KeyH' },
        run: () => {
          showTool('supervise');
        },
      },
      {
        id: 'conversation.transfer',
        group: 'conversation',
        title: t('transfer.title'),
        keys: { alt: true, code: 'KeyR' },
        run: () => {
          showTool('transfer');
        },
      },
      {
        id: 'conversation.note',
        group: 'conversation',
        title: t('notes.write'),
        keys: { alt: true, code: 'KeyP' },
        run: () => {
          useTool.setState({ notes: true });
        },
      },
    ],
    [t],
  );
  useActions('tools', actions);
  return (
    <>
      <Button
        icon={<CustomerServiceOutlined />}
        title="Alt+H"
        aria-label={t('supervise.title')}
        data-testid="supervise-open"
        onClick={() => {
          showTool('supervise');
        }}
      >
        <span className="only-wide">{t('supervise.short')}</span>
      </Button>
      <Button
        icon={<SwapOutlined />}
        title="Alt+R"
        aria-label={t('transfer.title')}
        data-testid="transfer-open"
        onClick={() => {
          showTool('transfer');
        }}
      >
        <span className="only-wide">{t('transfer.short')}</span>
      </Button>
      <SuperviseModal session={session} open={tool === 'supervise'} close={close} />
      <TransferModal session={session} open={tool === 'transfer'} close={close} />
    </>
  );
}
