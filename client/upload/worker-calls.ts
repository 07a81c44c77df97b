/** Calls across a worker's border: a request, its answer, in the order they were made. Bytes travel by transfer, problems by their code. */
import { isProblem, Problem } from '../../shared/problem/problem.ts';
import type { ProblemCode } from '../../shared/problem/codes.ts';

type Answer = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly code: ProblemCode };

/** What is sent back, and the buffers in it that change hands. */
export interface Reply {
  readonly value: unknown;
  readonly transfer: readonly ArrayBuffer[];
}

/** What both sides have of each other: a Worker here, its global scope there. */
export interface Border {
  onmessage: ((event: MessageEvent) => void) | null;
  postMessage(message: unknown, transfer: Transferable[]): void;
}

/** The caller's side. One call after the other is answered; a worker that breaks is a Problem `internal` for all of them. */
export interface Calls {
  /** `Value` is what the worker's side is known to answer this request with. */
  readonly call: <Value>(request: unknown, transfer: readonly ArrayBuffer[]) => Promise<Value>;
  /** All calls that are not answered, and all to come, end in a Problem `internal`. */
  readonly fail: () => void;
}

/** Takes over `border.onmessage`. */
export function createCalls(border: Border): Calls {
  const open: PromiseWithResolvers<unknown>[] = [];
  let broken = false;
  border.onmessage = (event) => {
    const answer = event.data as Answer;
    const call = open.shift();
    if (answer.ok) call?.resolve(answer.value);
    else call?.reject(new Problem(answer.code));
  };
  return {
    call<Value>(request: unknown, transfer: readonly ArrayBuffer[]) {
      if (broken) return Promise.reject(new Problem('internal'));
      const call = Promise.withResolvers<unknown>();
      open.push(call);
      border.postMessage(request, [...transfer]);
      return call.promise as Promise<Value>;
    },
    fail() {
      broken = true;
      for (const call of open.splice(0)) call.reject(new Problem('internal'));
    },
  };
}

/** The worker's side: answers each request by `handle`, one at a time. */
export function serveCalls<Request>(border: Border, handle: (request: Request) => Promise<Reply>): void {
  let last: Promise<void> = Promise.resolve();
  border.onmessage = (event) => {
    const request = event.data as Request;
    last = last.then(async () => {
      try {
        const { value, transfer } = await handle(request);
        border.postMessage({ ok: true, value } satisfies Answer, [...transfer]);
      } catch (error) {
        const code = isProblem(error) ? error.code : 'internal';
        border.postMessage({ ok: false, code } satisfies Answer, []);
      }
    });
  };
}
