/** One line to say something in, where a whole composer would be too much. */
import { useState } from 'react';
import { Button, Input, Space } from 'antd';

interface Props {
  /** Told by screen readers. */
  label: string;
  hint: string;
  send: string;
  testId: string;
  sendTestId: string;
  busy?: boolean;
  /** Gets the words without blanks around them; what it answers empties the line, now or later. */
  say: (words: string) => void | Promise<unknown>;
}

export function SayLine({ label, hint, send, testId, sendTestId, busy = false, say }: Props) {
  const [text, setText] = useState('');
  const words = text.trim();
  const submit = async () => {
    if (words === '' || busy) return;
    try {
      await say(words);
      setText('');
    } catch {
      // Whoever says it has told why not: the words stay for another try.
    }
  };
  return (
    <Space.Compact block>
      <Input
        value={text}
        maxLength={2_000}
        placeholder={hint}
        aria-label={label}
        data-testid={testId}
        onChange={(event) => {
          setText(event.target.value);
        }}
        onPressEnter={(event) => {
          // The Enter that confirms pinyin is not the one that sends.
          if (!event.nativeEvent.isComposing) void submit();
        }}
      />
      <Button loading={busy} disabled={words === ''} data-testid={sendTestId} onClick={() => void submit()}>
        {send}
      </Button>
    </Space.Compact>
  );
}
