/** Lints about what probes hook and how often that fires. */
import {
  hotOutput as hotOutputMessage,
  hotStack as hotStackMessage,
  stableTracepoint as stableTracepointMessage,
} from '../diagnostics/messages.gen.ts';
import type { Block } from '../syntax/ast.ts';
import { isHot, stableEvent } from './stable-events.ts';
import { isUnconditional, type LintSubject, type Site } from './subject.ts';

/** `stable-tracepoint`: only where the kernel checked against has the tracepoint. */
export function stableTracepoint({ model, report }: LintSubject): void {
  for (const { points } of model.units) {
    for (const { point, syntax } of points) {
      if (point.kind !== 'kprobe' && point.kind !== 'kretprobe') continue;
      // A pattern wants what has no tracepoints too.
      if (/[*[]/.test(syntax.raw) || (point.kind === 'kprobe' && point.offset !== undefined)) continue;
      const event = stableEvent(point.function, point.kind === 'kprobe' ? 'entry' : 'return');
      const [system = '', name = ''] = event?.split(':') ?? [];
      if (event === undefined || model.kernel.tracepoints?.find(system, name) === undefined) continue;
      report(
        stableTracepointMessage(syntax.span, {
          probe: `${point.kind}:${point.function}`,
          tracepoint: `tracepoint:${event}`,
        }),
      );
    }
  }
}

const OUTPUT: ReadonlySet<string> = new Set(['printf', 'print', 'join', 'cat', 'time', 'system', 'errorf']);

/** `hot-output`: unconditional output of a hot probe that does not end the script. */
export function hotOutput({ sites, report }: LintSubject): void {
  for (const site of sites) {
    const { node, unit } = site;
    if (node.kind !== 'call' || !OUTPUT.has(node.callee.name)) continue;
    const hot = hotName(site);
    if (hot === undefined || endsScript(unit.probe.body)) continue;
    report(hotOutputMessage(node.span, { name: node.callee.name, probe: hot }));
  }
}

/** Where tasks leave the CPU: what is waited for is a stack there, and nothing cheaper tells it. */
const OFF_CPU = /\b(sched_switch|finish_task_switch|schedule|__schedule)\b/;

/** `hot-stack` */
export function hotStack({ sites, report }: LintSubject): void {
  for (const site of sites) {
    const { node } = site;
    const name = node.kind === 'identifier' ? node.name : node.kind === 'call' ? node.callee.name : '';
    const hot = /^[ku]stack$/.test(name) ? hotName(site) : undefined;
    if (hot !== undefined && !OFF_CPU.test(hot)) report(hotStackMessage(node.span, { probe: hot }));
  }
}

/** The probe's name when the place is run at every one of very many events. */
function hotName(site: Site): string | undefined {
  const point = site.unit.points.find((one) => isHot(one.point));
  return point !== undefined && isUnconditional(site) ? point.name : undefined;
}

function endsScript({ statements, result }: Block): boolean {
  const last = statements.map((statement) =>
    statement.kind === 'expression-statement' ? statement.expression : undefined,
  );
  return [...last, result].some((node) => node?.kind === 'call' && node.callee.name === 'exit');
}
