import { describe, expect, it } from 'vitest';
import { describeNumber } from '../../../src/api/pages/number-words.ts';
import { NUMBER_NAMES } from '../../../src/counts/list.ts';
import { nameEffect, nameReason } from '../../../src/counts/numbers.ts';

describe('numbers in words', () => {
  it.each(NUMBER_NAMES)('%s has a label and a definition', (name) => {
    const { label, definition } = describeNumber(name);
    expect(label).not.toBe(name);
    expect(definition).toMatch(/^[A-Z].*\.$/);
  });

  it('describes what comes with the data', () => {
    expect(describeNumber(nameReason('source_deleted')).label).toBe('Source deleted');
    const effect = describeNumber(nameEffect({ compound: 'a/b', effect: 'brain-fog', direction: 'no_effect', tier: 'human' }));
    expect(effect).toEqual({ label: 'Brain fog: no effect', definition: expect.stringMatching(/about a\/b .* tier human/) });
  });

  it.each(['nonsense', '__proto__', 'constructor', 'effects/a'])('lets %s stand for itself', (name) => {
    expect(describeNumber(name)).toEqual({ label: name, definition: '' });
  });
});
