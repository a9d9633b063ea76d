/** The frame of every page that is not the workbench. */
import type { ReactNode } from 'react';

interface FrameProps {
  title: string;
  hint?: string;
  tools?: ReactNode;
  children: ReactNode;
}

export function PageFrame({ title, hint, tools, children }: FrameProps) {
  return (
    <div className="page">
      <header className="page-header">
        <div>
          <h1>{title}</h1>
          {hint && <p>{hint}</p>}
        </div>
        <div className="page-tools">{tools}</div>
      </header>
      {children}
    </div>
  );
}
