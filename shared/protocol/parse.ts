/** Parsing at the edge: a value either has the schema's shape or is a Problem that says nothing of the input. */
import * as v from 'valibot';
import { Problem } from '../problem/problem.ts';
import type { ProblemCode } from '../problem/codes.ts';

/** The value in the schema's shape. Throws Problem `code` (default `bad-request`). */
export function parse<Schema extends v.GenericSchema>(
  schema: Schema,
  value: unknown,
  code: ProblemCode = 'bad-request',
): v.InferOutput<Schema> {
  const result = v.safeParse(schema, value, { abortEarly: true });
  if (!result.success) throw new Problem(code);
  return result.output;
}

/** The JSON text's value in the schema's shape. Throws Problem `code` (default `bad-request`). */
export function parseJson<Schema extends v.GenericSchema>(
  schema: Schema,
  text: string,
  code: ProblemCode = 'bad-request',
): v.InferOutput<Schema> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Problem(code);
  }
  return parse(schema, value, code);
}
