/** A sheet from below, with help and the way out still one tap away above it. */
import { Dialog, type DialogProps } from './dialog.js';
import { Help } from './help.js';

export const Sheet = (props: Omit<DialogProps, 'above'>) => (
  <Dialog
    {...props}
    above={
      <div className="sheet-above">
        <Help within="sheet-" />
      </div>
    }
  />
);

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
