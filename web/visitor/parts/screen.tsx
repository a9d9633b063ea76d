/** What a screen beside the main road has: head, way back, and what went wrong. */
import type { ReactNode } from 'react';
import { Header } from './header.js';
import { Problem } from './problem.js';

interface Props {
  title: string;
  testId: string;
  error?: string;
  retry?: (() => void) | undefined;
  children: ReactNode;
}

export const Screen = ({ title, testId, error = '', retry, children }: Props) => (
  <div className="screen">
    <Header
      title={title}
      heading
      onBack={() => {
        history.back();
      }}
    />
    <main className="page" data-testid={testId}>
      <Problem text={error} retry={retry} />
      {children}
    </main>
  </div>
);
