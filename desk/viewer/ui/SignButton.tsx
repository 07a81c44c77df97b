/** A small square button with a sign; its name is read out and shown while the pointer rests on it. */
import { Sign } from './Sign.tsx';
import type { SignName } from './Sign.tsx';

interface SignButtonProps {
  readonly sign: SignName;
  readonly name: string;
  readonly disabled?: boolean;
  readonly onClick: () => void;
}

export function SignButton({ sign, name, disabled = false, onClick }: SignButtonProps) {
  return (
    <button
      type="button"
      className="sign-button"
      aria-label={name}
      title={name}
      aria-disabled={disabled}
      onClick={() => (disabled ? undefined : onClick())}
    >
      <Sign name={sign} />
    </button>
  );
}
