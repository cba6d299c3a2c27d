import { describe, expect, test } from 'vitest';
import { HELPERS } from '../../../bpf/helpers/index.ts';
import { KFUNCS } from '../../../bpf/kfuncs/index.ts';
import { createMachine } from '../../../vm/index.ts';
import { runAssembly } from '../assembly.ts';

describe('helpers that need a real kernel', () => {
  test('go on with -EOPNOTSUPP or NULL, and say so once', () => {
    const twice = 'call bpf_rc_repeat\ncall bpf_rc_repeat\nexit';
    expect(runAssembly(twice)).toMatchObject({
      result: -95n,
      warnings: ['bpf_rc_repeat: there is no infrared receiver here'],
    });
    expect(runAssembly('call bpf_get_listener_sock\nexit')).toMatchObject({
      result: 0n,
      warnings: ['bpf_get_listener_sock: there is no network stack here'],
    });
  });

  test('every helper of the table has an answer', () => {
    const { helpers } = createMachine({ memoryLimit: 1 << 20 });
    for (const { id, name } of HELPERS) expect(helpers[id], name).toBeDefined();
  });
});

describe('kernel functions', () => {
  test('of Linux that need a real kernel fail as by the type of their result', () => {
    const call = (name: string): string => `.kfunc ${name}\ncall ${name}\nexit`;
    expect(runAssembly(call('bpf_crypto_encrypt'))).toMatchObject({
      result: -95n,
      warnings: ['bpf_crypto_encrypt: it needs a real kernel'],
    });
    expect(runAssembly(call('bpf_crypto_ctx_create')).result).toBe(0n);
  });

  test('that Linux does not have keep an object from being loaded', () => {
    expect(() => runAssembly('.kfunc no_such\ncall no_such\nexit')).toThrow(
      "main: instruction 0: no kernel function 'no_such'",
    );
  });

  test('all of the table can be called', () => {
    const machine = createMachine({ memoryLimit: 1 << 20 });
    for (const { name } of KFUNCS) expect(machine.kfuncNumber(name), name).toBeDefined();
  });

  test('those installed win', () => {
    const source = '.kfunc bpf_crypto_encrypt\ncall bpf_crypto_encrypt\nexit';
    const { result } = runAssembly(source, undefined, (machine) => {
      machine.installKfuncs(new Map([['bpf_crypto_encrypt', (r) => r.fill(7, 0, 2)]]));
    });
    expect(result).toBe((7n << 32n) | 7n);
  });
});
