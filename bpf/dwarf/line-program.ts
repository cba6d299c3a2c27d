/**
 * A line program (DWARF 5, section 6.2): which address each line of the source begins at, as the rows of a table that the
 * program makes one after the other.
 */
import { cursorAt, cursorUpTo } from './sections.ts';
import { initialLength } from './unit.ts';
import type { UnitReader } from './unit-reader.ts';

export interface LineRow {
  readonly address: bigint;
  /** Index into the file table. */
  readonly file: number;
  readonly line: number;
  /** 0 when unknown. */
  readonly column: number;
}

/** What is changed from row to row. */
interface Registers {
  address: bigint;
  file: number;
  line: number;
  column: number;
  isStatement: boolean;
}

const STANDARD = {
  copy: 1,
  advancePc: 2,
  advanceLine: 3,
  setFile: 4,
  setColumn: 5,
  negateStatement: 6,
  constAddPc: 8,
  fixedAdvancePc: 9,
} as const;
const EXTENDED = { endSequence: 1, setAddress: 2 } as const;

/** Rows where a statement begins, in the order of the program. @throws FormatError */
export function* readLineRows(unit: UnitReader, offset: number): Generator<LineRow> {
  const start = cursorUpTo(unit.sections, '.debug_line', offset, 12, 'a line program');
  const { length, offset: offsetSize } = initialLength(start);
  const cursor = cursorAt(unit.sections, '.debug_line', offset + start.position, length, 'a line program');
  const version = cursor.u16('the version of a line program');
  if (version < 2 || version > 5) cursor.fail(`version ${version} of a line program is not known`, 0);
  if (version === 5) cursor.skip(2, 'sizes');
  const headerLength = cursor.offset(offsetSize, 'the length of the header');
  const code = cursor.position + headerLength;
  const step = BigInt(cursor.u8('the shortest instruction'));
  if (version >= 4) cursor.skip(1, 'operations of an instruction');
  const byDefault = cursor.u8('whether rows are statements') !== 0;
  const lineBase = (cursor.u8('the least change of lines') << 24) >> 24;
  const lineRange = cursor.u8('the range of lines') || cursor.fail('the range of lines is 0');
  const opcodeBase = cursor.u8('the number of operations');
  const lengths = [0];
  for (let index = 1; index < opcodeBase; index++) lengths.push(cursor.u8('the length of an operation'));
  cursor.seek(code, 'a line program');
  const initial = (): Registers => ({ address: 0n, file: 1, line: 1, column: 0, isStatement: byDefault });
  let now = initial();
  const advance = (operation: number): void => {
    now.address += BigInt(Math.floor(operation / lineRange)) * step;
  };
  while (cursor.remaining > 0) {
    const operation = cursor.u8('an operation');
    if (operation >= opcodeBase) {
      advance(operation - opcodeBase);
      now.line += lineBase + ((operation - opcodeBase) % lineRange);
      if (now.isStatement) yield { ...now };
      continue;
    }
    switch (operation) {
      case 0: {
        const size = cursor.uleb('the length of an operation');
        const end = cursor.position + size;
        const extended = size === 0 ? 0 : cursor.u8('an operation');
        if (extended === EXTENDED.endSequence) now = initial();
        if (extended === EXTENDED.setAddress) now.address = cursor.unsigned(size - 1, 'an address');
        cursor.seek(end, 'an operation');
        break;
      }
      case STANDARD.copy:
        if (now.isStatement) yield { ...now };
        break;
      case STANDARD.advancePc:
        now.address += BigInt(cursor.uleb('an advance')) * step;
        break;
      case STANDARD.advanceLine:
        now.line += Number(cursor.slebBig('lines'));
        break;
      case STANDARD.setFile:
        now.file = cursor.uleb('a file');
        break;
      case STANDARD.setColumn:
        now.column = cursor.uleb('a column');
        break;
      case STANDARD.negateStatement:
        now.isStatement = !now.isStatement;
        break;
      case STANDARD.constAddPc:
        advance(255 - opcodeBase);
        break;
      case STANDARD.fixedAdvancePc:
        now.address += BigInt(cursor.u16('an advance'));
        break;
      default:
        for (let count = lengths[operation]!; count > 0; count--) cursor.skipLeb('an operand');
    }
  }
}
