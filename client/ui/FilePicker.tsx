/** A button that opens the browser's own choice of files or of a folder. The same choice can be made twice in a row. */
import { useRef } from 'react';
import { Button } from './Button.tsx';

interface FilePickerProps {
  readonly label: string;
  readonly kind: 'file' | 'files' | 'folder';
  readonly look?: 'main' | 'plain';
  readonly onPick: (files: readonly File[]) => void;
}

export function FilePicker({ label, kind, look = 'plain', onPick }: FilePickerProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button look={look} onClick={() => input.current?.click()}>
        {label}
      </Button>
      <input
        ref={input}
        type="file"
        hidden
        tabIndex={-1}
        aria-hidden="true"
        data-kind={kind}
        multiple={kind !== 'file'}
        autoComplete="off"
        {...(kind === 'folder' ? { webkitdirectory: '' } : {})}
        onChange={(event) => {
          const { files } = event.currentTarget;
          const picked = files ? Array.from(files) : [];
          // A second choice of the same file must count as a change, and the browser keeps no path.
          event.currentTarget.value = '';
          onPick(picked);
        }}
      />
    </>
  );
}
