/** A sheet from below (a dialog on wide screens). The browser's own dialog traps the focus and gives it back. */
import { useEffect, useId, useRef } from 'react';
import type { ReactNode } from 'react';
import { t } from '../text.js';

interface Props {
  title: string;
  testId: string;
  onClose: () => void;
  children: ReactNode;
  /** Buttons that stay in sight while the content scrolls. */
  footer?: ReactNode;
}

export function Sheet({ title, testId, onClose, children, footer }: Props) {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    const element = dialog.current;
    if (element !== null && !element.open) {
      element.showModal();
    }
  }, []);
  return (
    <dialog
      ref={dialog}
      className="sheet"
      aria-labelledby={heading}
      data-testid={testId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        // The dialog itself is hit only where it is empty: on its backdrop.
        if (event.target === dialog.current) {
          onClose();
        }
      }}
    >
      <div className="sheet-body">
        <div className="sheet-head">
          <h2 id={heading} tabIndex={-1}>
            {title}
          </h2>
          <button
            type="button"
            className="icon-button"
            aria-label={t('close')}
            data-testid="sheet-close"
            onClick={onClose}
          >
            <span aria-hidden="true">✕</span>
          </button>
        </div>
        <div className="sheet-content">{children}</div>
        {footer !== undefined && <div className="sheet-foot">{footer}</div>}
      </div>
    </dialog>
  );
}

/** A question with one way on and one way back; the way back is the quieter choice that Escape takes too. */
export const Confirm = (props: {
  title: string;
  text: string;
  confirm: string;
  cancel: string;
  testId: string;
  onConfirm: () => void;
  onCancel: () => void;
}) => (
  <Sheet
    title={props.title}
    testId={props.testId}
    onClose={props.onCancel}
    footer={
      <>
        <button
          type="button"
          className="button primary"
          data-testid={`${props.testId}-cancel`}
          onClick={props.onCancel}
        >
          {props.cancel}
        </button>
        <button
          type="button"
          className="button danger"
          data-testid={`${props.testId}-yes`}
          onClick={props.onConfirm}
        >
          {props.confirm}
        </button>
      </>
    }
  >
    <p className="soft">{props.text}</p>
  </Sheet>
);
