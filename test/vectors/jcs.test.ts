import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { jcsText } from '../../src/ledger/canonical.ts';
import { describe, expect, it } from 'vitest';
import { sharedPath } from './shared.ts';

const dir = sharedPath('vectors/jcs');

describe.skipIf(!dir)('RFC 8785 test data of the specification (skipped where ../shared is absent)', () => {
  const names = dir ? readdirSync(path.join(dir, 'input')) : [];

  it('has its six files', () => {
    expect(names).toHaveLength(6);
  });

  it.each(names)('%s', (name) => {
    const input = JSON.parse(readFileSync(path.join(dir as string, 'input', name), 'utf8'));
    const output = readFileSync(path.join(dir as string, 'output', name), 'utf8');
    const hex = readFileSync(path.join(dir as string, 'outhex', name.replace('.json', '.txt')), 'utf8');
    const text = jcsText(input);
    expect(text).toBe(output.trimEnd());
    expect(Buffer.from(text).toString('hex')).toBe(hex.replaceAll(/\s/g, ''));
  });
});
