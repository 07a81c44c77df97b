/**
 * Running work first: what every request for sources passes before its body is read. A request that speaks of a parcel that is there, or
 * brings a mailbox's token, is running work and only shares with others of its capability; new work takes turns; refusals wait when they are many.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Random } from '../../../shared/bytes/random.ts';
import { toHex } from '../../../shared/bytes/hex.ts';
import type { ProblemCode } from '../../../shared/problem/codes.ts';
import { Problem } from '../../../shared/problem/problem.ts';
import {
  MAILBOX_CHALLENGE_ROUTE,
  MAILBOX_ROUTE,
  MAILBOX_SESSION_ROUTE,
  PARCELS_ROUTE,
  TUS_ROUTE,
} from '../../../shared/protocol/routes.ts';
import { createConnections } from '../../guard/connections.ts';
import { createHold } from '../../guard/hold.ts';
import type { HoldLimits } from '../../guard/hold.ts';
import { createShares, createTurns } from '../../guard/in-flight.ts';
import { createKnownParcels } from '../../guard/known-parcels.ts';
import type { MailboxTokens } from '../../guard/mailbox-tokens.ts';
import type { Log } from '../../log.ts';
import type { ParcelsTable } from '../../store/parcels.ts';
import { answeredProblem } from '../problems.ts';
import { parcelSpokenOf } from './parts.ts';
import { signedIn } from './mailbox-sign-in.ts';

export interface Bounds {
  /** Sockets at once. */
  readonly connections: number;
  readonly hold: HoldLimits;
  /** True while everything in this process is late. */
  readonly isPressed: () => boolean;
}

/** Nothing is bounded or held back. */
export const UNBOUNDED: Bounds = {
  connections: Infinity,
  hold: { rate: 0, burst: 0, longest: 0 },
  isPressed: () => false,
};

export interface RunningFirstServices extends Bounds {
  readonly tokens: MailboxTokens;
  readonly parcels: ParcelsTable;
  readonly random: Random;
  /** Milliseconds, only ever rising. */
  readonly clock: () => number;
  readonly log: Log;
}

/** Openings and sign-ins that are worked at: openings go one by one in the database, and signatures take threads that disks need. */
const NEW_AT_ONCE = 3;
const NEW_WAITING = 128;
/** Parcels that are looked up before it is known whether they are there. */
const LOOKUPS_AT_ONCE = 3;
const LOOKUPS_WAITING = 256;
const LONGEST_TURN_MS = 10_000;
/** Requests about one parcel, or of one mailbox, at once: several times the lanes of a browser. */
const SHARE = 24;
const MOST_KNOWN = 50_000;
/** A second in which so many were refused, or three quarters of the sockets are taken, is one of a flood; so many without that end it. */
const MANY_REFUSED = 20;
const CALM_SECONDS = 60;

/** Refusals after which the same request is welcome again. */
const PUT_OFF: ReadonlySet<ProblemCode> = new Set(['server-busy', 'work-required']);

const NEW_WORK: ReadonlySet<string> = new Set([PARCELS_ROUTE, MAILBOX_CHALLENGE_ROUTE, MAILBOX_SESSION_ROUTE]);

/** True for a request that begins something: an opening or a sign-in. */
export function isNewWork({ method, routeOptions: { url = '' } }: FastifyRequest): boolean {
  return method === 'POST' && NEW_WORK.has(url);
}

/** What the watch sees. */
export interface RunningFirst {
  /** How many sockets are open. */
  connections(): number;
}

/** Puts the watch before all routes of an app; to be called before they are registered. */
export function registerRunningFirst(app: FastifyInstance, services: RunningFirstServices): RunningFirst {
  const { tokens, parcels, random, clock, log, isPressed } = services;
  const connections = createConnections(services.connections, clock);
  const hold = createHold(services.hold, clock);
  const opening = createTurns({
    atOnce: () => (isPressed() ? 1 : NEW_AT_ONCE),
    waiting: NEW_WAITING,
    longest: LONGEST_TURN_MS,
  });
  const looking = createTurns({ atOnce: () => LOOKUPS_AT_ONCE, waiting: LOOKUPS_WAITING, longest: LONGEST_TURN_MS });
  const shares = createShares(SHARE);
  const known = createKnownParcels(MOST_KNOWN, async (id) => (await parcels.find(id)) !== null);
  /** What a request has taken and gives back when its answer is ready, or when it ends without one. */
  const taken = new WeakMap<FastifyRequest, () => void>();
  const running = new WeakSet<FastifyRequest>();

  const hasParcel = async (id: string): Promise<boolean> => {
    if (known.has(id)) return known.look(id);
    const turn = await looking.take();
    if (turn === null) throw new Problem('server-busy');
    try {
      return await known.look(id);
    } finally {
      turn();
    }
  };

  /** The capability of running work; null for a request that has none to show. Problem `parcel-unknown` for a parcel that is not there. */
  const capabilityOf = async (request: FastifyRequest): Promise<string | null> => {
    const { url = '' } = request.routeOptions;
    if (url.startsWith(`${MAILBOX_ROUTE}/`) || url === MAILBOX_ROUTE)
      return isNewWork(request) ? null : toHex(signedIn(tokens, request).mailbox);
    const id = url === TUS_ROUTE ? parcelSpokenOf(request) : parcelIn(request);
    if (id === null) return null;
    if (!(await hasParcel(id))) throw new Problem('parcel-unknown');
    return id;
  };

  app.server.on('connection', (socket) => connections.add(socket));
  app.server.prependListener('request', ({ socket }, response) => {
    connections.begin(socket);
    response.once('close', () => connections.end(socket));
  });

  app.addHook('onRequest', async (request, reply) => {
    if (isNewWork(request)) {
      if (!opening.hasRoom()) throw new Problem('server-busy');
      return;
    }
    const capability = await capabilityOf(request);
    if (capability === null) return;
    const share = shares.take(capability);
    if (share === null) throw new Problem('server-busy');
    keep(request, reply, share);
    running.add(request);
    connections.spare(request.raw.socket);
  });

  app.addHook('preHandler', async (request, reply) => {
    if (!isNewWork(request)) return;
    const turn = await opening.take();
    if (turn === null) throw new Problem('server-busy');
    keep(request, reply, turn);
  });

  /** Who has hung up meanwhile takes nothing: nobody would give it back. */
  const keep = (request: FastifyRequest, reply: FastifyReply, giveBack: () => void): void => {
    if (reply.raw.destroyed) {
      giveBack();
      throw new Problem('server-busy');
    }
    taken.set(request, giveBack);
    reply.raw.once('close', giveBack);
  };

  let refused = 0;
  app.addHook('onSend', async (request, reply, payload) => {
    const { statusCode } = reply;
    if (isNewWork(request)) taken.get(request)?.();
    if (statusCode < 400) {
      if (isNewWork(request) && typeof payload === 'string') learn(payload);
      // A challenge costs its asker nothing.
      if (request.routeOptions.url !== MAILBOX_CHALLENGE_ROUTE) return;
    }
    if (statusCode === 404 && running.has(request)) known.remove(parcelIn(request) ?? '');
    // Never the same for all, or they would all be back in the same second.
    if (PUT_OFF.has(answeredProblem(reply) ?? 'internal'))
      void reply.header('retry-after', 2 + ((random(1)[0] ?? 0) % 7));
    // What has a capability asks for little more than it is given, and is never made to wait for what others do.
    if (running.has(request)) return;
    if (statusCode >= 400) refused += 1;
    const { done, letGo } = hold.wait();
    reply.raw.once('close', letGo);
    connections.hold(request.raw.socket, () => {
      void reply.header('connection', 'close');
      letGo();
    });
    await done;
  });

  /** A parcel that was opened just now is running work from here on. */
  const learn = (payload: string): void => {
    const id = /"parcel":"([0-9a-f]{32})"/.exec(payload)?.[1];
    if (id !== undefined) known.add(id);
  };

  let calmFor = Infinity;
  const timer = setInterval(() => {
    connections.look();
    const isFlood = refused > MANY_REFUSED || connections.count().open > services.connections * 0.75 || isPressed();
    refused = 0;
    if (isFlood && calmFor >= CALM_SECONDS) log({ event: 'flood' });
    calmFor = isFlood ? 0 : calmFor + 1;
    if (calmFor === CALM_SECONDS) log({ event: 'flood-over' });
  }, 1_000);
  timer.unref();
  app.addHook('preClose', async () => {
    clearInterval(timer);
    hold.stop();
    await Promise.resolve();
  });
  return { connections: () => connections.count().open };
}

/** The parcel in an address, or null where there is none or what stands there is no number of one. */
function parcelIn(request: FastifyRequest): string | null {
  const { url = '' } = request.routeOptions;
  const { parcel } = request.params as { readonly parcel?: string };
  return url.startsWith(`${PARCELS_ROUTE}/`) && parcel !== undefined && /^[0-9a-f]{32}$/.test(parcel) ? parcel : null;
}
