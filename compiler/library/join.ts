/** join: the words of an argument vector, read one after the other where the pointers lie. */

import type { Checker } from '../check/checker.ts';
import { spaceOf } from '../check/spaces.ts';
import { argumentLiteral, argumentType } from '../diagnostics/messages.gen.ts';
import { address, scalar } from '../lower/expressions.ts';
import type { Lowering } from '../lower/lowering.ts';
import { emitRecord } from '../lower/output.ts';
import { type Place, within } from '../lower/place.ts';
import { readMemory } from '../lower/read-memory.ts';
import type { Expression } from '../syntax/ast.ts';
import { array, NONE, string } from '../types/make.ts';
import { typeName } from '../types/name.ts';
import type { LibraryEntry } from './entry.ts';

/** bpftrace's limits. */
const MOST_WORDS = 16;
const WORD_SIZE = 1024;
const WORDS = array(string(WORD_SIZE), MOST_WORDS);

function checkVector(checker: Checker, vector: Expression): void {
  const type = checker.valueType(vector);
  if (type === undefined) return;
  if (type.kind !== 'integer' && type.kind !== 'pointer') {
    checker.report(
      argumentType(vector.span, { name: 'join', wanted: 'integer or pointer', found: typeName(type) }),
    );
    return;
  }
  const user = spaceOf(type, checker.unit) === 'user';
  checker.need({ kind: user ? 'user-memory' : 'kernel-memory', what: 'join()', span: vector.span });
}

/** Words up to the vector's NULL; user space stops at the first empty one. */
function readWords(low: Lowering, vector: Expression, place: Place): void {
  const { b } = low;
  const type = low.type(vector);
  const user = spaceOf(type, low.unit) === 'user';
  const from = scalar(low, vector);
  const pointer = low.allocate(8);
  const after = b.block();
  for (let index = 0; index < MOST_WORDS; index++) {
    const word = within(place, index * WORD_SIZE);
    b.store(word.base, word.offset, 1, 0n);
    b.store(pointer.base, pointer.offset, 8, 0n);
    const at = b.binary('add', from, BigInt(index * 8));
    readMemory(low, { to: address(low, pointer), size: 8n, from: at, user });
    const next = b.block();
    const found = b.load(pointer.base, pointer.offset, 8);
    b.branch({ op: 'eq', left: found, right: 0n }, after, next);
    b.enter(next);
    readMemory(low, { to: address(low, word), size: BigInt(WORD_SIZE), from: found, user, text: true });
  }
  b.jump(after);
  b.enter(after);
}

export const JOIN_ENTRIES: readonly LibraryEntry[] = [
  {
    name: 'join',
    kind: 'function',
    signature: 'join(argv[, separator])',
    doc: `Prints the words of an argument vector and a new line: at most ${MOST_WORDS} words of ${WORD_SIZE} bytes.`,
    arguments: { min: 1, max: 2 },
    asynchronous: true,
    check: ({ args: [vector, separator] }, checker) => {
      checkVector(checker, vector!);
      if (separator === undefined) return NONE;
      checker.valueType(separator);
      if (checker.constant(separator)?.kind !== 'string') {
        checker.report(argumentLiteral(separator.span, { name: 'join', wanted: 'a literal separator' }));
      }
      return NONE;
    },
    effect: ({ args: [vector, separator], span }, low) => {
      const constant = separator && low.constant(separator);
      const between = constant?.kind === 'string' ? new TextDecoder().decode(constant.bytes) : ' ';
      const part = { type: WORDS, fill: (place: Place) => readWords(low, vector!, place) };
      emitRecord(low, [part], ([words]) => ({ kind: 'join', span, separator: between, words: words! }));
    },
  },
];
