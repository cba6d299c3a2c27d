import { expect, test } from 'vitest';
import { residentBytes } from '../../../vm/resident/bytes.ts';
import { residentModule } from '../../../vm/resident/module.ts';
import { directModule } from '../../../vm/wasm/direct/module.ts';

test('the interpreter that ships is the one its sources make (node scripts/resident.ts)', () => {
  expect(residentBytes().toHex()).toBe(residentModule(directModule()).bytes.toHex());
});
