/** The yardstick's page: tus-js-client as its documentation begins, and the time from start to success. */
import { Upload } from 'tus-js-client';

const input = document.querySelector<HTMLInputElement>('#file')!;
const output = document.querySelector<HTMLOutputElement>('#time')!;
input.addEventListener('change', () => {
  const file = input.files?.[0];
  if (file === undefined) return;
  const start = performance.now();
  new Upload(file, {
    endpoint: '/files',
    metadata: { filename: file.name, filetype: file.type },
    onError: (error) => {
      output.textContent = `failed: ${error.message}`;
    },
    onSuccess: () => {
      output.textContent = `took ${performance.now() - start} ms`;
    },
  }).start();
});
