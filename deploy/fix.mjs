/** `npm run fix`: formats everything and repairs what lint can. */
import { runShown } from './tool.mjs';

const codes = [
  runShown('prettier', ['--write', '--log-level', 'warn', '.']),
  runShown('oxlint', ['--type-aware', '--fix']),
];
process.exitCode = codes.every((code) => code === 0) ? 0 : 1;
