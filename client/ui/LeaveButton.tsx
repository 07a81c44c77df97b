/** The way out on every screen: an empty page at once. While something is being sent it takes a second press. */
import { useState } from 'react';
import { t } from '../locales/text.ts';
import { Button } from './Button.tsx';

interface LeaveButtonProps {
  readonly careful: boolean;
  readonly onLeave: () => void;
}

export function LeaveButton({ careful, onLeave }: LeaveButtonProps) {
  const [asked, setAsked] = useState(false);
  const sure = asked && careful;
  return (
    <div className="leave">
      <Button onClick={() => (careful && !asked ? setAsked(true) : onLeave())} onBlur={() => setAsked(false)}>
        {sure ? t('leave.again') : t('leave.now')}
      </Button>
      <output className="leave-said">{sure ? t('leave.again-said') : ''}</output>
    </div>
  );
}
