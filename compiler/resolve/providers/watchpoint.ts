/** `watchpoint`: a debug register that fires when memory at an address is written, read or executed. */

import {
  attachForm,
  badPlace,
  watchAlignment,
  watchExecution,
  watchLength,
  watchMode,
} from '../../diagnostics/messages.gen.ts';
import type { AttachPointPart } from '../../syntax/ast.ts';
import { type AttachContext, type PointRequest, partText, type ResolvedPoint } from '../point.ts';
import { addressOf } from './place.ts';
import type { Provider } from './provider.ts';

export const WATCHPOINT: Provider = {
  name: 'watchpoint',
  aliases: ['w'],
  forms: ['watchpoint:address:length:mode'],
  doc: 'Fires when memory is written (w), read or written (rw) or executed (x).',
  data: ['usermode'],
  resolve,
  list: () => [{ name: 'watchpoint:' }],
};

const LENGTHS: readonly string[] = ['1', '2', '4', '8'];

function resolve(request: PointRequest, { sink }: AttachContext): readonly ResolvedPoint[] {
  const { syntax, parts } = request;
  const [place, length, mode] = parts;
  if (place === undefined || length === undefined || mode === undefined || parts.length !== 3) {
    sink.report(attachForm(syntax.span, { provider: 'watchpoint', form: WATCHPOINT.forms[0]! }));
    return [];
  }
  const address = addressOf(place.text);
  const bytes = Number(length.text);
  const access = modeOf(mode);
  if (address === undefined || address === 0n) {
    sink.report(badPlace(place.span, { value: place.text }));
  } else if (!LENGTHS.includes(length.text)) {
    sink.report(watchLength(length.span, { value: length.text }));
  } else if (access === undefined) {
    sink.report(watchMode(mode.span, { value: mode.text }));
  } else if (access === 'x' && bytes !== 1) {
    sink.report(watchExecution(length.span, { length: bytes }));
  } else if (address % BigInt(bytes) !== 0n) {
    sink.report(watchAlignment(place.span, { address: place.text, length: bytes }));
  } else {
    const name = `watchpoint:${[0, 1, 2].map((index) => partText(request, index)).join(':')}`;
    return [{ point: { kind: 'watchpoint', address, length: bytes, mode: access }, name, syntax }];
  }
  return [];
}

/** What x86-64's debug registers can do; letters in any order, each once. */
function modeOf({ text }: AttachPointPart): 'w' | 'rw' | 'x' | undefined {
  const letters = [...text].sort().join('');
  return letters === 'w' || letters === 'rw' || letters === 'x' ? letters : undefined;
}
