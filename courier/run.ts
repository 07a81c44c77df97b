/** The program: one command from the command line, its words or JSON, its exit code. */
import { toBase64Url } from '../shared/bytes/base64.ts';
import { PROBLEMS } from '../shared/problem/codes.ts';
import { isProblem } from '../shared/problem/problem.ts';
import { parseCommand, wantsJson } from './arguments.ts';
import type { Command } from './arguments.ts';
import type { Effects } from './effects.ts';
import { EXIT, Halt } from './halt.ts';
import type { ExitCode } from './halt.ts';
import { courierLine, createKeyFile, readKeyFile } from './key-file.ts';
import type { ParcelReport } from './pull-parcel.ts';
import { hasFinding, pull } from './pull.ts';
import type { PullReport } from './pull.ts';
import { HELP, bytesInWords, countInWords } from './text.ts';

/** Runs one command to its end and gives the exit code. Throws only on a mistake in the program itself. */
export async function runCourier(args: readonly string[], effects: Effects): Promise<ExitCode> {
  const json = wantsJson(args);
  try {
    return await runCommand(parseCommand(args, effects.env), json, effects);
  } catch (error) {
    const halt = effects.signal.aborted ? interrupted() : error instanceof Halt ? error : haltOf(error);
    if (json) effects.terminal.out(JSON.stringify({ error: halt.code, message: halt.message, hint: halt.hint }));
    else effects.terminal.err(`courier: ${halt.message}\n${halt.hint === null ? '' : `${halt.hint}\n`}`);
    return halt.exit;
  }
}

async function runCommand(command: Command, json: boolean, effects: Effects): Promise<ExitCode> {
  const out = (line: string) => {
    effects.terminal.out(line);
  };
  switch (command.name) {
    case 'help':
      out(HELP);
      return EXIT.good;
    case 'enrol': {
      const fresh = await createKeyFile(command.file, effects.random);
      const key = fresh ?? (await readKeyFile(command.file));
      const line = courierLine(key, command.label);
      out(json ? JSON.stringify({ created: fresh !== null, publicKey: toBase64Url(key.publicKey), line }) : line);
      return EXIT.good;
    }
    case 'pull': {
      const key = await readKeyFile(command.keyFile);
      const report = await pull({ ...command, key, quiet: json }, effects);
      for (const line of json ? [JSON.stringify(report)] : inWords(report)) out(line);
      return hasFinding(report) ? EXIT.finding : EXIT.good;
    }
  }
}

function inWords(report: PullReport): string[] {
  const news = report.parcels.filter(({ fetched, finding }) => fetched > 0 || finding !== null);
  const arriving = report.parcels.filter(({ state }) => state === 'unfinished').length;
  return [
    ...news.map(parcelInWords),
    ...(report.card ? [] : ['The server has no key card yet.']),
    `${countInWords(report.parcels.length, 'parcel')} in the bundle` +
      (arriving === 0 ? '' : `, ${arriving} of them still being sent`) +
      (report.bytes === 0 ? '; nothing new.' : `; ${bytesInWords(report.bytes)} fetched.`),
  ];
}

function parcelInWords({ parcel, day, state, parts, here, finding }: ParcelReport): string {
  const words = finding === null ? state : `${state}: ${PROBLEMS[finding].title}`;
  return `${parcel}  ${day}  ${here} of ${countInWords(parts, 'part')}  ${words}`;
}

function interrupted(): Halt {
  return new Halt('interrupted', 'Stopped; what has been fetched is kept.', 'Run the same command again to go on.');
}

/** A Problem outside of any parcel: the server said something that cannot be right. A mistake of ours is thrown on. */
function haltOf(error: unknown): Halt {
  if (!isProblem(error)) throw error;
  return new Halt('server-strange', `The server’s answer cannot be right: ${error.message}`);
}
