/**
 * `bpfkit check --batch`: one JSON request a line, one JSON answer a line, in order and as soon as each is known. A line
 * that is no request gets an answer too, and the next is read.
 */
import { createReadStream } from 'node:fs';
import { diagnosticsToJson } from '../../compiler/diagnostics/json.ts';
import { badRequest } from '../../compiler/diagnostics/messages.gen.ts';
import { reason, resolvePath } from '../files.ts';
import { CliError, type CliIo, EXIT } from '../io.ts';
import type { Checker } from './check.ts';

interface Request {
  readonly id: unknown;
  readonly source: string;
  readonly params: readonly string[];
  readonly unsafe: boolean;
}

type Parsed = { readonly request: Request } | { readonly id: unknown; readonly problem: string };

/** Longer lines are no scripts; they are skipped without being kept. */
const LONGEST_LINE = 64 * 2 ** 20;

export async function checkBatch(file: string | undefined, check: Checker, io: CliIo): Promise<number> {
  let ok = true;
  let number = 0;
  for await (const line of lines(file, io)) {
    number++;
    if (line !== undefined && line.trim() === '') continue;
    const answer = answerTo(line, number, check);
    ok &&= answer.ok;
    io.stdout(`${JSON.stringify(answer)}\n`);
  }
  return ok ? EXIT.ok : EXIT.refused;
}

interface Answer {
  readonly id: unknown;
  readonly ok: boolean;
  readonly diagnostics: readonly object[];
}

function answerTo(line: string | undefined, number: number, check: Checker): Answer {
  const parsed = line === undefined ? { id: null, problem: 'the line is too long' } : parseRequest(line);
  if (!('request' in parsed)) {
    const diagnostic = badRequest(undefined, { line: number, problem: parsed.problem });
    return { id: parsed.id, ok: false, diagnostics: diagnosticsToJson([diagnostic], []) };
  }
  const { id, source, params, unsafe } = parsed.request;
  const name = typeof id === 'string' ? id : 'stdin';
  const { ok, diagnostics, sources } = check({ name, text: source }, params, { unsafe });
  return { id, ok, diagnostics: diagnosticsToJson(diagnostics, sources) };
}

function parseRequest(line: string): Parsed {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    return { id: null, problem: `it is not JSON: ${(error as Error).message}` };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { id: null, problem: 'it is no object' };
  const { id = null, source, args = [] } = value as { id?: unknown; source?: unknown; args?: unknown };
  if (typeof source !== 'string') return { id, problem: "'source' is no string" };
  if (!Array.isArray(args) || !args.every((one): one is string => typeof one === 'string'))
    return { id, problem: "'args' is no array of strings" };
  return { request: { id, source, ...splitArguments(args) } };
}

/** Up to a `--`, `--unsafe` is the flag; everything else is what the script gets. */
function splitArguments(args: readonly string[]): Pick<Request, 'params' | 'unsafe'> {
  const end = args.indexOf('--');
  const before = end < 0 ? args : args.slice(0, end);
  const after = end < 0 ? [] : args.slice(end + 1);
  return {
    params: [...before.filter((one) => one !== '--unsafe'), ...after],
    unsafe: before.includes('--unsafe'),
  };
}

/** The lines of a file or of standard input as they come; undefined for one that is too long. */
async function* lines(file: string | undefined, io: CliIo): AsyncIterable<string | undefined> {
  let waiting = '';
  let tooLong = false;
  for await (const chunk of chunks(file, io)) {
    const parts = chunk.split('\n');
    for (const [index, part] of parts.entries()) {
      tooLong ||= waiting.length + part.length > LONGEST_LINE;
      waiting = tooLong ? '' : waiting + part;
      if (index === parts.length - 1) continue;
      yield tooLong ? undefined : waiting;
      [waiting, tooLong] = ['', false];
    }
  }
  if (tooLong) yield undefined;
  else if (waiting !== '') yield waiting;
}

async function* chunks(file: string | undefined, io: CliIo): AsyncIterable<string> {
  if (file === undefined || file === '-') {
    if (io.stdinChunks !== undefined) yield* io.stdinChunks();
    else yield typeof io.stdin === 'function' ? await io.stdin() : (io.stdin ?? '');
    return;
  }
  try {
    yield* createReadStream(resolvePath(file, io), 'utf8') as AsyncIterable<string>;
  } catch (error) {
    throw new CliError(`Failed to open file '${file}': ${reason(error)}`, undefined, { cause: error });
  }
}
