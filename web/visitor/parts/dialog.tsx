/** The browser's own dialog, from below (in the middle on wide screens): it traps the focus and gives it back. */
import { useEffect, useId, useRef } from 'react';
import type { ReactNode } from 'react';
import { t } from '../text.js';

export interface DialogProps {
  title: string;
  testId: string;
  onClose: () => void;
  children: ReactNode;
  /** Buttons that stay in sight while the content scrolls. */
  footer?: ReactNode;
  /** Stays within reach above it, outside of what it frames. */
  above?: ReactNode;
}

export function Dialog({ title, testId, onClose, children, footer, above }: DialogProps) {
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
      {/* Last, so that the focus begins within the sheet. */}
      {above}
    </dialog>
  );
}
