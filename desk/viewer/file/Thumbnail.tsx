/** The small picture of a file in the grid; a sign where there is none. It is decoration: the name stands beside it. */
import { useEffect, useRef, useState } from 'react';
import type { FileView } from '../api.ts';
import { Sign } from '../ui/Sign.tsx';
import { frameOf } from './video-frames.ts';

/** A larger picture is opened only by hand. */
const MOST_IMAGE_BYTES = 40_000_000;

export function Thumbnail({ file }: { readonly file: FileView }) {
  if (file.kind === 'image' && file.size <= MOST_IMAGE_BYTES) return <Picture key={file.href} href={file.href} />;
  if (file.kind === 'video') return <Frame key={file.href} href={file.href} />;
  return <Sign name={file.kind} />;
}

function Picture({ href }: { readonly href: string }) {
  const [failed, setFailed] = useState(false);
  if (failed) return <Sign name="image" />;
  return <img src={href} alt="" loading="lazy" decoding="async" onError={() => setFailed(true)} />;
}

function Frame({ href }: { readonly href: string }) {
  const place = useRef<HTMLCanvasElement>(null);
  const [there, setThere] = useState(false);
  useEffect(() => {
    const stop = new AbortController();
    const draw = async (): Promise<void> => {
      const frame = await frameOf(href, stop.signal);
      const canvas = place.current;
      if (frame === null || canvas === null || stop.signal.aborted) return;
      canvas.width = frame.width;
      canvas.height = frame.height;
      canvas.getContext('2d')?.drawImage(frame, 0, 0);
      setThere(true);
    };
    void draw();
    return () => stop.abort();
  }, [href]);
  return (
    <>
      <canvas ref={place} hidden={!there} />
      {there ? (
        <span className="film">
          <Sign name="video" />
        </span>
      ) : (
        <Sign name="video" />
      )}
    </>
  );
}
