/** A button: `main` for the one way on, `plain` for the rest, `quiet` for small acts inside a list. */
import type { ButtonHTMLAttributes } from 'react';

interface ButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'className' | 'type' | 'style'> {
  readonly look?: 'main' | 'plain' | 'quiet';
  readonly type?: 'button' | 'submit';
}

export function Button({ look = 'plain', type = 'button', ...rest }: ButtonProps) {
  return <button {...rest} type={type} className={`button button-${look}`} />;
}
