/** Probes of the tracer's own: `begin`, `end`, `self`, `test`, `bench`. */
import { attachForm, unknownSignal } from '../../diagnostics/messages.gen.ts';
import { type AttachContext, type PointRequest, partText, type ResolvedPoint } from '../point.ts';
import type { Provider } from './provider.ts';

/** The signal that runs `self:signal` probes. */
const SELF_SIGNAL = 'SIGUSR1';

export const BEGIN: Provider = {
  name: 'begin',
  aliases: [],
  forms: ['begin'],
  doc: 'Runs once, before anything is attached.',
  data: [],
  resolve: (request, context) => special('begin', request, context),
};

export const END: Provider = {
  name: 'end',
  aliases: [],
  forms: ['end'],
  doc: 'Runs once, after everything is detached.',
  data: [],
  resolve: (request, context) => special('end', request, context),
};

export const SELF: Provider = {
  name: 'self',
  aliases: [],
  forms: [`self:signal:${SELF_SIGNAL}`],
  doc: 'Runs when bpfkit itself gets the signal. Its presence keeps a script running.',
  data: [],
  resolve: (request, { sink }) => {
    const { syntax, parts } = request;
    const [event, signal] = [partText(request, 0), partText(request, 1)];
    if (parts.length !== 2) {
      sink.report(attachForm(syntax.span, { provider: 'self', form: SELF.forms[0]! }));
      return [];
    }
    if (event !== 'signal' || signal !== SELF_SIGNAL) {
      sink.report(unknownSignal(syntax.span, { value: `${event}:${signal}` }));
      return [];
    }
    return [{ point: { kind: 'self', signal }, name: `self:signal:${signal}`, syntax }];
  },
  list: () => [{ name: `self:signal:${SELF_SIGNAL}` }],
};

export const TEST: Provider = {
  name: 'test',
  aliases: [],
  forms: ['test:name'],
  doc: 'A test of the script, run with --test: it fails when it returns something other than 0.',
  data: [],
  resolve: (request, context) => named('test', request, context),
};

export const BENCH: Provider = {
  name: 'bench',
  aliases: [],
  forms: ['bench:name'],
  doc: 'A benchmark, run with --bench as often as it takes to measure it.',
  data: [],
  resolve: (request, context) => named('bench', request, context),
};

function special(
  kind: 'begin' | 'end',
  request: PointRequest,
  { sink }: AttachContext,
): readonly ResolvedPoint[] {
  const { syntax, parts } = request;
  if (parts.length > 1 || (parts.length === 1 && partText(request, 0) !== '*')) {
    sink.report(attachForm(syntax.span, { provider: kind, form: kind }));
    return [];
  }
  // `probe` prints it as it was written: begin or BEGIN.
  const written = syntax.parts[0]?.text ?? kind;
  return [{ point: { kind }, name: written.toLowerCase() === kind ? written : kind, syntax }];
}

function named(
  kind: 'test' | 'bench',
  request: PointRequest,
  { sink }: AttachContext,
): readonly ResolvedPoint[] {
  const { syntax, parts } = request;
  const name = partText(request, 0);
  if (parts.length !== 1 || name === '') {
    sink.report(attachForm(syntax.span, { provider: kind, form: `${kind}:name` }));
    return [];
  }
  return [{ point: { kind, name }, name: `${kind}:${name}`, syntax }];
}
