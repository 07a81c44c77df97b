/** The program: one command from the command line, its words or JSON, its exit code. */
import { toBase64Url } from '../shared/bytes/base64.ts';
import { isProblem } from '../shared/problem/problem.ts';
import { parseCommand, wantsJson } from './arguments.ts';
import type { Command, ServerArguments } from './arguments.ts';
import { keepAnswer } from './checkpoint-answer.ts';
import { answerInWords, checkpointInWords } from './checkpoint-words.ts';
import { checkpoint } from './checkpoint.ts';
import { atServer } from './connect.ts';
import type { ServerOptions } from './connect.ts';
import { deleteParcels } from './delete.ts';
import type { Effects } from './effects.ts';
import { EXIT, Halt } from './halt.ts';
import type { ExitCode } from './halt.ts';
import { courierLine, createKeyFile, readKeyFile } from './key-file.ts';
import { hasFinding, pull } from './pull.ts';
import { hasPushFinding, push } from './push.ts';
import { deleteInWords, pullInWords, pushInWords } from './report-words.ts';
import { statusInWords } from './status.ts';
import { HELP, jsonInWords } from './text.ts';

/** Runs one command to its end and gives the exit code. Throws only on a mistake in the program itself. */
export async function runCourier(args: readonly string[], effects: Effects): Promise<ExitCode> {
  const json = wantsJson(args);
  try {
    return await runCommand(parseCommand(args, effects.env), json, effects);
  } catch (error) {
    const halt = effects.signal.aborted ? interrupted() : error instanceof Halt ? error : haltOf(error);
    if (json) effects.terminal.out(jsonInWords({ error: halt.code, message: halt.message, hint: halt.hint }));
    else effects.terminal.err(`courier: ${halt.message}\n${halt.hint === null ? '' : `${halt.hint}\n`}`);
    return halt.exit;
  }
}

async function runCommand(command: Command, json: boolean, effects: Effects): Promise<ExitCode> {
  const out = (line: string) => {
    effects.terminal.out(line);
  };
  const tell = (report: object, words: readonly string[], finding: boolean): ExitCode => {
    for (const line of json ? [jsonInWords(report)] : words) out(line);
    return finding ? EXIT.finding : EXIT.good;
  };
  const at = async (where: ServerArguments): Promise<ServerOptions> => ({
    server: where.server,
    key: await readKeyFile(where.keyFile),
    lanes: where.lanes,
    patienceMs: where.patienceMs,
    quiet: json,
  });
  switch (command.name) {
    case 'help':
      out(HELP);
      return EXIT.good;
    case 'enrol': {
      const fresh = await createKeyFile(command.file, effects.random);
      const key = fresh ?? (await readKeyFile(command.file));
      const line = courierLine(key, command.label);
      out(json ? jsonInWords({ created: fresh !== null, publicKey: toBase64Url(key.publicKey), line }) : line);
      return EXIT.good;
    }
    case 'pull': {
      const report = await pull({ ...(await at(command)), bundle: command.bundle }, effects);
      return tell(report, pullInWords(report), hasFinding(report));
    }
    case 'push': {
      const report = await push({ ...(await at(command)), bundle: command.bundle }, effects);
      return tell(report, pushInWords(report), hasPushFinding(report));
    }
    case 'checkpoint': {
      const report = await checkpoint({ ...(await at(command)), bundle: command.bundle, root: command.root }, effects);
      return tell(report, checkpointInWords(report, command.bundle), report.finding !== null);
    }
    case 'answer': {
      const report = await keepAnswer(command, effects);
      return tell(report, answerInWords(report, command.bundle), report.finding !== null);
    }
    case 'status': {
      const status = await atServer(await at(command), effects, ({ api }) => api.status());
      return tell(status, statusInWords(status), false);
    }
    case 'delete': {
      const { parcels, yes } = command;
      const report = await deleteParcels({ ...(await at(command)), parcels, yes }, effects);
      return tell(
        report,
        deleteInWords(report),
        report.parcels.some(({ deleted }) => !deleted),
      );
    }
  }
}

function interrupted(): Halt {
  return new Halt('interrupted', 'Stopped; what is done so far is kept.', 'Run the same command again to go on.');
}

/** A Problem outside of any parcel: the server said something that cannot be right. A mistake of ours is thrown on. */
function haltOf(error: unknown): Halt {
  if (!isProblem(error)) throw error;
  return new Halt('server-strange', `The server’s answer cannot be right: ${error.message}`);
}
