/** A framed word beside the text: told apart by words and frame, never by colour alone. */
import type { ReactNode } from 'react';

interface NoticeProps {
  readonly kind: 'note' | 'warning' | 'problem';
  readonly title?: string;
  /** Set for what appears while the person is at something else: it is then read out, a problem at once. */
  readonly live?: boolean;
  readonly children?: ReactNode;
}

export function Notice({ kind, title, live = false, children }: NoticeProps) {
  const role = live ? (kind === 'problem' ? 'alert' : 'status') : undefined;
  return (
    <div className={`notice notice-${kind}`} role={role}>
      {title === undefined ? null : <p className="notice-title">{title}</p>}
      {children}
    </div>
  );
}
