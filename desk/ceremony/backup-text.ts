/** All that a key folder holds as one short text, for paper. Identities are their 32 bytes: recipients follow from those. */
import { identityFromSecret, recipientOf, secretOf } from '../../shared/age/identity.ts';
import { fromBase64Url, toBase64Url } from '../../shared/bytes/base64.ts';
import { fromHex, toHex } from '../../shared/bytes/hex.ts';
import { utf8Decode, utf8Encode } from '../../shared/bytes/utf8.ts';
import { Problem } from '../../shared/problem/problem.ts';
import { parseDay } from '../../shared/statements/fields.ts';
import { granted } from '../keys/key-content.ts';
import type { KeyContent, SeedOrPublic } from '../keys/key-content.ts';
import { parseOrganisation, organisationText } from '../keys/key-texts.ts';
import type { DatedIdentity, IssuedCard } from '../keys/key-texts.ts';

const HEAD = 'postern-backup 1\n';
const KEY = String.raw`(seed|public) ([A-Za-z0-9_-]{43})\n`;
const TEXT = new RegExp(
  String.raw`^(postern-keys 1\n(?:[^\n]+\n){3})root ${KEY}reply ${KEY}(?:desk ([A-Za-z0-9_-]{43}) ([A-Za-z0-9_-]+)\n)?((?:identity [^\n]+\n)+)((?:card [^\n]+\n)*)$`,
);

/** Failure `keys-no-grant`. */
export function backupText(content: KeyContent): string {
  const { organisation, root, reply, team, identities, cards } = granted(content);
  const key = (half: SeedOrPublic) =>
    'seed' in half ? `seed ${toBase64Url(half.seed)}` : `public ${toBase64Url(half.publicKey)}`;
  return [
    `${HEAD}${organisationText(organisation)}`,
    `root ${key(root)}\nreply ${key(reply)}\n`,
    team === null ? '' : `desk ${toBase64Url(team.desk)} ${toBase64Url(utf8Encode(team.deskNote))}\n`,
    ...identities.map((i) => `identity ${i.from} ${i.until} ${toBase64Url(secretOf(i.identity).secret)}\n`),
    ...cards.map((c) => `card ${c.issued} ${toBase64Url(c.receiptKey)} ${toBase64Url(fromHex(c.sha256, 32))}\n`),
  ].join('');
}

/** Problems `encoding-invalid`, `note-invalid` on any other text. */
export async function parseBackup(text: string): Promise<KeyContent> {
  const match = text.startsWith(HEAD) ? TEXT.exec(text.slice(HEAD.length)) : null;
  if (!match) throw new Problem('encoding-invalid');
  const [, organisationLines, rootForm, root, replyForm, reply, desk, note, identityLines, cardLines] = match;
  const organisation = parseOrganisation(organisationLines!);
  const half = (form: string, key: string): SeedOrPublic =>
    form === 'seed' ? { seed: fromBase64Url(key, 32) } : { publicKey: fromBase64Url(key, 32) };
  const identities: DatedIdentity[] = [];
  for (const [from, until, secret] of rows(identityLines!, 3)) {
    const identity = identityFromSecret(organisation.kind, fromBase64Url(secret!, 32));
    identities.push({
      from: parseDay(from!),
      until: parseDay(until!),
      recipient: await recipientOf(identity),
      identity,
    });
  }
  const cards = rows(cardLines!, 3).map(([issued, receiptKey, sha256], i): IssuedCard => ({
    serial: i + 1,
    issued: parseDay(issued!),
    receiptKey: fromBase64Url(receiptKey!, 32),
    sha256: toHex(fromBase64Url(sha256!, 32)),
  }));
  return {
    organisation,
    root: half(rootForm!, root!),
    reply: half(replyForm!, reply!),
    team: desk === undefined ? null : { desk: fromBase64Url(desk, 32), deskNote: utf8Decode(fromBase64Url(note!)) },
    identities,
    cards,
  };
}

function rows(lines: string, fields: number): string[][] {
  return lines
    .split('\n')
    .slice(0, -1)
    .map((line) => {
      const row = line.split(' ').slice(1);
      if (row.length !== fields) throw new Problem('encoding-invalid');
      return row;
    });
}
