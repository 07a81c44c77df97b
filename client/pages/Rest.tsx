/** All that brings cryptography with it, fetched after the first screen: sending for the first time, or coming back with a codename. */
import { Returning } from './Returning.tsx';
import type { RestProps } from './rest-props.ts';
import { Sending } from './Sending.tsx';

export function Rest(props: RestProps) {
  const { step, resuming } = props.state;
  const back = step === 'enter' || step === 'mailbox' || resuming !== null;
  return back ? <Returning {...props} /> : <Sending {...props} />;
}
