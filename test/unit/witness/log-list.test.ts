import { describe, expect, it } from 'vitest';
import { formatVerifierKey, verifierKeyOf } from '../../../src/ledger/checkpoint.ts';
import { parseLogList } from '../../../src/witness/log-list.ts';

const [a, rotated, sum] = await Promise.all([
  verifierKeyOf('log.example/a', new Uint8Array(32).fill(1)),
  verifierKeyOf('log.example/a', new Uint8Array(32).fill(2)),
  verifierKeyOf('sum.example', new Uint8Array(32).fill(3)),
]);

describe('parseLogList', () => {
  it('reads keys by origin, with comments and empty lines between', () => {
    const list = parseLogList(`# ours\n${formatVerifierKey(a)}\r\n\n  ${formatVerifierKey(sum)} go.sum database tree\n${formatVerifierKey(rotated)}\n`);
    expect([...list]).toEqual([
      ['log.example/a', [a, rotated]],
      ['go.sum database tree', [sum]],
    ]);
  });
  it('names the line that is wrong', () => {
    expect(() => parseLogList(`${formatVerifierKey(a)}\nlog.example/b`)).toThrow(
      expect.objectContaining({ code: 'bad_log_list', message: expect.stringMatching(/^log 2 of the list: /) }),
    );
  });
  it('is empty for an empty text', () => {
    expect(parseLogList('\n# none yet\n').size).toBe(0);
  });
});
