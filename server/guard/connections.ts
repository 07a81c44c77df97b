/**
 * The sockets of a listener, of which there is a greatest number. When it is reached one is closed for every newcomer: those first that do
 * nothing, those that carry running work only when there are no others, and one request takes very long. Behind Tor all come from one address,
 * so what a socket does is all there is to go by.
 */
import type { Socket } from 'node:net';

export interface Connections {
  /** Takes a new socket into the watch; at the bound another is closed for it, or it is closed itself when all others have the better right. */
  add(socket: Socket): void;
  /** The head of a request is in. Closes a socket that sends many without waiting for answers. */
  begin(socket: Socket): void;
  /** The request on it is running work: the socket is spared. */
  spare(socket: Socket): void;
  /** The answer on it is held back: when the socket has to go, `letGo` sends it at once, and closes. */
  hold(socket: Socket, letGo: () => void): void;
  /** An answer is out, or will never be. */
  end(socket: Socket): void;
  /** Closes those that have been silent, or slow with a head, for too long. To be called about once a second. */
  look(): void;
  /** How many are open, and how many have been closed for being slow or for a newcomer. */
  count(): { readonly open: number; readonly closed: number };
}

/** What a socket is doing; in which order they are closed is in `TURNS`. */
type Doing =
  /** Nothing yet: no head has come whole. */
  | 'fresh'
  /** Nothing any more: the next request has not come. */
  | 'idle'
  /** Waiting for an answer that is held back. */
  | 'held'
  /** A request that is not running work. */
  | 'asking'
  /** Nothing, but it carried running work before. */
  | 'resting'
  /** Running work. */
  | 'working';

interface State {
  doing: Doing;
  /** Since when. */
  since: number;
  inFlight: number;
  spared: boolean;
  letGo: (() => void) | null;
}

/** Who goes for a newcomer: the first that is found, the longest at it first, if it has been at it for so many milliseconds. */
const TURNS: readonly (readonly [Doing, number])[] = [
  // A circuit takes seconds from the opening of a stream to its first byte.
  ['fresh', 5_000],
  ['idle', 5_000],
  ['held', 0],
  ['asking', 20_000],
  ['idle', 0],
  ['fresh', 0],
  ['asking', 0],
  ['resting', 0],
  // A source's own request takes half a minute. Nothing is lost: what has come of the body is kept, and the source goes on from there.
  ['working', 60_000],
];

/** Most milliseconds at a thing; the second figure when three quarters of the sockets are taken. */
const MOST_MS: readonly (readonly [Doing, number, number])[] = [
  ['fresh', 30_000, 10_000],
  ['idle', 75_000, 10_000],
  ['resting', 120_000, 120_000],
];

/** Requests on one socket at once, before it is closed. Browsers wait for the answer; the next may come while the last bytes of one go out. */
const MOST_PIPELINED = 4;

/** Watches at most `most` sockets; `clock` is in milliseconds and only ever rises. */
export function createConnections(most: number, clock: () => number): Connections {
  const states = new Map<Socket, State>();
  // Sets keep the order in which sockets came into them: the first has been at it for the longest time.
  const by: Readonly<Record<Doing, Set<Socket>>> = {
    fresh: new Set(),
    idle: new Set(),
    held: new Set(),
    asking: new Set(),
    resting: new Set(),
    working: new Set(),
  };
  let closed = 0;

  const move = (socket: Socket, state: State, doing: Doing): void => {
    by[state.doing].delete(socket);
    by[doing].add(socket);
    state.doing = doing;
    state.since = clock();
  };
  const forget = (socket: Socket): void => {
    const state = states.get(socket);
    if (state === undefined) return;
    by[state.doing].delete(socket);
    states.delete(socket);
  };
  const close = (socket: Socket): void => {
    closed += 1;
    const letGo = states.get(socket)?.letGo ?? null;
    forget(socket);
    if (letGo === null) socket.destroy();
    else letGo();
  };
  const longest = (doing: Doing, least: number): Socket | null => {
    for (const socket of by[doing]) return clock() - states.get(socket)!.since >= least ? socket : null;
    return null;
  };
  const makeRoom = (): boolean => {
    for (const [doing, least] of TURNS) {
      const socket = longest(doing, least);
      if (socket !== null) {
        close(socket);
        return true;
      }
    }
    return false;
  };

  return {
    add(socket) {
      if (states.size >= most && !makeRoom()) {
        closed += 1;
        socket.destroy();
        return;
      }
      states.set(socket, { doing: 'fresh', since: clock(), inFlight: 0, spared: false, letGo: null });
      by.fresh.add(socket);
      socket.once('close', () => forget(socket));
    },
    begin(socket) {
      const state = states.get(socket);
      if (state === undefined) return;
      state.inFlight += 1;
      if (state.inFlight > MOST_PIPELINED) {
        state.letGo = null;
        close(socket);
      } else if (state.doing !== 'working') move(socket, state, 'asking');
    },
    spare(socket) {
      const state = states.get(socket);
      if (state === undefined) return;
      state.spared = true;
      move(socket, state, 'working');
    },
    hold(socket, letGo) {
      const state = states.get(socket);
      if (state === undefined) return;
      state.spared = false;
      state.letGo = letGo;
      move(socket, state, 'held');
    },
    end(socket) {
      const state = states.get(socket);
      if (state === undefined) return;
      state.inFlight -= 1;
      state.letGo = null;
      if (state.inFlight === 0) move(socket, state, state.spared ? 'resting' : 'idle');
    },
    look() {
      const crowded = states.size > most * 0.75;
      for (const [doing, usual, short] of MOST_MS) {
        const least = crowded ? short : usual;
        for (let socket = longest(doing, least); socket !== null; socket = longest(doing, least)) close(socket);
      }
    },
    count: () => ({ open: states.size, closed }),
  };
}
