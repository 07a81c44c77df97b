/** A question on the terminal, answered by one typed line; nobody to ask where standard input is none. */

/** The line without the spaces around it; null when there is nobody to ask, or input ended. Rejects when `signal` is aborted. */
export async function askAtTerminal(question: string, signal: AbortSignal): Promise<string | null> {
  const { stdin, stderr } = process;
  if (!stdin.isTTY || !stderr.isTTY) return null;
  stderr.write(question);
  stdin.setEncoding('utf8');
  try {
    return await new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => {
        reject(new Error('stopped'));
      });
      stdin.once('data', (line: string) => {
        resolve(line.trim());
      });
      stdin.once('end', () => {
        resolve(null);
      });
    });
  } finally {
    // Else it would keep the process from ending.
    stdin.pause();
  }
}
