/** Records for user space: the action word, then the fields, sent through the output buffer. */
import type { Span } from '../../bpf/span.ts';
import type { AccessSize, Operand } from '../ir/ir.ts';
import type { Action, RecordField } from '../script-info.ts';
import { alignOf, INT64, roundUp } from '../types/make.ts';
import type { Type } from '../types/type.ts';
import { withGlobal } from './globals.ts';
import type { Lowering } from './lowering.ts';
import { LOST_MAP, OUTPUT_MAP } from './module.ts';
import { type Place, within } from './place.ts';

/** Small records are built on the stack: cheaper than looking scratch memory up. */
const STACK_RECORD = 128;
const BPF_F_CURRENT_CPU = 0xffff_ffffn;

export interface RecordPart {
  readonly type: Type;
  readonly fill: (place: Place) => void;
}

/** Sends a record; `describe` makes its action from where the parts were put. */
export function emitRecord(
  low: Lowering,
  parts: readonly RecordPart[],
  describe: (fields: readonly RecordField[]) => Action,
): void {
  low.temporaries(() => {
    let size = 8;
    const fields = parts.map(({ type }) => {
      const offset = roundUp(size, alignOf(type));
      size = offset + type.size;
      return { offset, type };
    });
    size = roundUp(size, 8);
    const place = low.allocate(size, 8, STACK_RECORD);
    low.b.store(place.base, place.offset, 8, low.module.action(describe(fields)));
    let written = 8;
    for (const [index, { offset, type }] of fields.entries()) {
      zeroGap(low, place, written, offset);
      parts[index]!.fill({ ...within(place, offset), loose: true });
      written = offset + type.size;
    }
    zeroGap(low, place, written, size);
    send(low, place, size);
  });
}

/** Only the stack has to be written whole: the kernel's verifier tracks its bytes. */
function zeroGap(low: Lowering, place: Place, from: number, to: number): void {
  if (!place.stack) return;
  for (let at = from; at < to; ) {
    const size = ([8, 4, 2, 1] as const).find((step) => at % step === 0 && at + step <= to) ?? 1;
    low.b.store(place.base, place.offset + at, size as AccessSize, 0n);
    at += size;
  }
}

function send(low: Lowering, place: Place, size: number): void {
  const { b } = low;
  const data = place.offset === 0 ? place.base : b.binary('add', place.base, BigInt(place.offset));
  const map = b.mapAddress(OUTPUT_MAP);
  const failed = low.module.features.ringbuf
    ? b.callHelper('ringbuf_output', [map, data, BigInt(size), 0n])
    : b.callHelper('perf_event_output', [low.context(), map, BPF_F_CURRENT_CPU, data, BigInt(size)]);
  low.rarely({ op: 'slt', left: failed, right: 0n }, () => {
    withGlobal(low, LOST_MAP, (lost) => b.atomic('add', lost, 0, 8, 1n));
  });
}

/** A record of nothing but its action. */
export function emitAction(low: Lowering, action: Action): void {
  emitRecord(low, [], () => action);
}

export function emitRuntimeError(low: Lowering, span: Span, message: string): void {
  emitAction(low, { kind: 'runtime-error', span, message });
}

export function emitHelperError(
  low: Lowering,
  span: Span,
  helper: string,
  retcode: Operand,
  message?: string,
): void {
  const part: RecordPart = { type: INT64, fill: (place) => low.storeScalar(place, INT64, retcode) };
  emitRecord(low, [part], ([field]) => ({
    kind: 'helper-error',
    span,
    helper,
    retcode: field!,
    ...(message !== undefined && { message }),
  }));
}
