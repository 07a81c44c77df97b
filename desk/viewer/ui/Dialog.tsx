/** A question in front of the page: the browser's own dialog, which keeps the focus inside and gives it back. */
import { useEffect, useId, useRef } from 'react';
import type { ReactNode } from 'react';
import { t } from '../locales/text.ts';
import { SignButton } from './SignButton.tsx';

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

export function Dialog({ title, onClose, children }: DialogProps) {
  const id = useId();
  const place = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = place.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={place}
      className="dialog"
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <div className="title-line">
        <h2 id={id} className="grow">
          {title}
        </h2>
        <SignButton sign="close" name={t('app.close')} onClick={onClose} />
      </div>
      {children}
    </dialog>
  );
}
