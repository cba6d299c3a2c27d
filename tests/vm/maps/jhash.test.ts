/** The published results of lookup3 (Bob Jenkins' `hashlittle` driver), and what whole words and bytes have in common. */
import { expect, test } from 'vitest';
import { createMachine } from '../../../vm/index.ts';
import { jhash } from '../../../vm/maps/jhash.ts';

const machine = createMachine({ memoryLimit: 1 << 20 });
const place = machine.memory.allocate(256, 'bytes');

test('a text has the hash its author gives', () => {
  const text = new TextEncoder().encode('Four score and seven years ago');
  machine.memory.write(place, text);
  expect(jhash(machine.memory, place, text.length, 0) >>> 0).toBe(0x17770551);
  expect(jhash(machine.memory, place, text.length, 1) >>> 0).toBe(0xcd628161);
  expect(jhash(machine.memory, place, 0, 0) >>> 0).toBe(0xdeadbeef);
});

test('bytes behind the end do not matter', () => {
  for (let length = 1; length < 40; length++) {
    machine.memory.u8.fill(7, place, place + length);
    machine.memory.u8.fill(0, place + length, place + 64);
    const clean = jhash(machine.memory, place, length, 5);
    machine.memory.u8.fill(255, place + length, place + 64);
    expect(jhash(machine.memory, place, length, 5)).toBe(clean);
  }
});
