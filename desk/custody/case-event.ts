/**
 * One event of a case log and the line it makes (docs/protocol.md, "Case log"): canonical JSON, a signature by the desk's key, and, where the
 * values are for staff alone, those values apart, so that the line can be handed out without them and its signature still holds.
 */
import { createHash } from 'node:crypto';
import { fromBase64, toBase64 } from '../../shared/bytes/base64.ts';
import { utf8Decode, utf8Encode } from '../../shared/bytes/utf8.ts';
import { verifyEd25519 } from '../../shared/crypto/ed25519.ts';
import type { SigningKey } from '../../shared/crypto/ed25519.ts';
import { printableJson } from '../terminal/printable.ts';
import { isAction, isConfidential } from './actions.ts';
import type { ActionName } from './actions.ts';

/** A value beside an event. */
export type EventValue = string | number | boolean | readonly string[];

/** A file that an event is about; `sha256` is null where it was not computed. */
export interface EventItem {
  readonly path: string;
  readonly sha256: string | null;
}

export interface CaseEvent {
  /** From 0. */
  readonly sequence: number;
  readonly parcel: string;
  /** UTC, to the second: of staff's own act, never of a source's. */
  readonly time: string;
  /** Where the time comes from, and a sentence when it is doubtful. */
  readonly clock: { readonly source: string; readonly doubt: string | null };
  /** A role, never a name. */
  readonly actor: string;
  readonly device: string;
  readonly action: ActionName;
  readonly items: readonly EventItem[];
  /** SHA-256 of what the act changed, before and after it. */
  readonly before: string | null;
  readonly after: string | null;
  readonly reason: string | null;
  readonly values: Readonly<Record<string, EventValue>>;
  /** The root key's statement about the key that signs from here on; in the first event, and where the key changes. */
  readonly desk: string | null;
  /** SHA-256 of the line before; of the first, that of {@link firstPrevious}. */
  readonly previous: string;
}

/** A line that is whole and canonical; whether its signature holds is for {@link isSigned}. */
export interface EventLine {
  readonly event: CaseEvent;
  /** What is handed out: without values that are for staff alone. Ends in LF. */
  readonly open: string;
  /** As it stands in the log. */
  readonly full: string;
  readonly sha256: string;
}

/** The longest line, in UTF-16 units; the items of an event are bounded by it. */
export const MAX_LINE = 1_048_576;
const CONTEXT = 'postern/event/v1\n';
const LINE = /^(\{.*\}) ([A-Za-z0-9+/]{86}==)(?: ([A-Za-z0-9+/]+={0,2}))?\n$/;
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;

/** What the first event names as the one before. */
export function firstPrevious(parcel: string): string {
  return sha256Hex(`postern/case-log/v1\n${parcel}\n`);
}

/** Signs an event and gives its line. `random` blinds values that are for staff alone. */
export async function writeEvent(
  event: CaseEvent,
  key: SigningKey,
  random: (length: number) => Uint8Array,
): Promise<EventLine> {
  const apart = isConfidential(event.action)
    ? toBase64(utf8Encode(jsonOf({ salt: toBase64(random(32)), values: event.values })))
    : null;
  const json = eventJson(event, apart);
  const signature = toBase64(await key.sign(utf8Encode(CONTEXT + json)));
  return lineOf(event, `${json} ${signature}\n`, apart);
}

/** Reads a line with its LF, or null for anything that {@link writeEvent} does not write. */
export function readEvent(line: string): EventLine | null {
  const match = line.length <= MAX_LINE ? LINE.exec(line) : null;
  if (match === null) return null;
  const [, json, signature, apart = null] = match;
  try {
    const event = eventOf(JSON.parse(json!), apart);
    if (event === null || eventJson(event, apart) !== json) return null;
    return lineOf(event, `${json} ${signature}\n`, apart);
  } catch {
    return null;
  }
}

/** True when `key` signed the line. */
export function isSigned({ open }: EventLine, key: Uint8Array): Promise<boolean> {
  const cut = open.lastIndexOf(' ');
  return verifyEd25519(key, utf8Encode(CONTEXT + open.slice(0, cut)), fromBase64(open.slice(cut + 1, -1)));
}

/** Fields in their fixed order; every character that could steer a terminal as an escape. */
function eventJson(event: CaseEvent, apart: string | null): string {
  const { sequence, parcel, time, clock, actor, device, action, items, before, after, reason, desk, previous } = event;
  return jsonOf({
    sequence,
    parcel,
    time,
    clock: { source: clock.source, doubt: clock.doubt },
    actor,
    device,
    action,
    items: items.map(({ path, sha256 }) => ({ path, sha256 })),
    before,
    after,
    reason,
    ...(apart === null ? { values: event.values } : { confidential: sha256Hex(apart) }),
    desk,
    previous,
  });
}

function eventOf(value: unknown, apart: string | null): CaseEvent | null {
  if (!isRecord(value)) return null;
  const { action, clock, items, sequence, time } = value;
  const values = apart === null ? (value['values'] ?? {}) : apartValues(apart);
  const texts = ['parcel', 'actor', 'device', 'previous'].every((name) => typeof value[name] === 'string');
  const optional = ['before', 'after', 'reason', 'desk'].every((name) => isTextOrNull(value[name]));
  const good =
    texts &&
    optional &&
    typeof sequence === 'number' &&
    Number.isSafeInteger(sequence) &&
    typeof time === 'string' &&
    TIME.test(time) &&
    typeof action === 'string' &&
    isAction(action) &&
    isConfidential(action) === (apart !== null || 'confidential' in value) &&
    isRecord(clock) &&
    typeof clock['source'] === 'string' &&
    isTextOrNull(clock['doubt']) &&
    Array.isArray(items) &&
    items.every((item) => isRecord(item) && typeof item['path'] === 'string' && isTextOrNull(item['sha256'])) &&
    isRecord(values) &&
    Object.values(values).every((entry) => isEventValue(entry));
  if (!good) return null;
  const { confidential: _, ...rest } = value;
  return { ...rest, values } as unknown as CaseEvent;
}

function apartValues(apart: string): unknown {
  const parsed: unknown = JSON.parse(utf8Decode(fromBase64(apart)));
  return isRecord(parsed) ? parsed['values'] : null;
}

function lineOf(event: CaseEvent, open: string, apart: string | null): EventLine {
  return {
    event,
    open,
    full: apart === null ? open : `${open.slice(0, -1)} ${apart}\n`,
    sha256: sha256Hex(open),
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isTextOrNull(value: unknown): boolean {
  return value === null || typeof value === 'string';
}

function isEventValue(value: unknown): value is EventValue {
  if (Array.isArray(value)) return value.every((entry) => typeof entry === 'string');
  return typeof value === 'string' || typeof value === 'boolean' || Number.isSafeInteger(value);
}

function jsonOf(value: unknown): string {
  return printableJson(JSON.stringify(value));
}

function sha256Hex(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}
