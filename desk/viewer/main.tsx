/** Starts the page. A fault inside it ends in one sentence, and in no report: what was on the screen must not reach a console or a log. */
import { createRoot } from 'react-dom/client';
import { Stopped } from './Stopped.tsx';
import { Viewer } from './Viewer.tsx';
import './ui/tokens.css';
import './ui/base.css';
import './ui/layout.css';
import './ui/parts.css';
import './ui/lists.css';
import './ui/thread.css';
import './ui/file.css';

const place = document.getElementById('page');
if (place) {
  const quiet = { onCaughtError: () => undefined, onRecoverableError: () => undefined };
  const root = createRoot(place, {
    ...quiet,
    onUncaughtError: () => {
      root.unmount();
      createRoot(place, { ...quiet, onUncaughtError: () => undefined }).render(<Stopped why="broken" />);
    },
  });
  root.render(<Viewer />);
}
