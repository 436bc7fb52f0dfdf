import { describe, expect, it } from 'vitest';
import { annotateLine, loadAnnotator } from '../../../src/annotators/list.ts';

const annotator = await loadAnnotator();

describe('annotateLine', () => {
  it.each([
    [null, null, 'not_an_object'],
    [[1], null, 'not_an_object'],
    ['text', null, 'not_an_object'],
    [{ text: 'x', platform: 'reddit' }, null, 'missing_id'],
    [{ id: 7, text: 'x', platform: 'reddit' }, null, 'missing_id'],
    [{ id: 'a', platform: 'reddit' }, 'a', 'missing_text'],
    [{ id: 'a', text: 5, platform: 'reddit' }, 'a', 'missing_text'],
    [{ id: 'a', text: 'x', platform: 'myspace' }, 'a', 'bad_line'],
    [{ id: 'a', text: 'x', platform: 'reddit', compounds: 'Semax' }, 'a', 'bad_line'],
    [{ id: 'a', text: 'x'.repeat(1_048_577), platform: 'reddit' }, 'a', 'text_too_large'],
  ])('refuses %#', async (value, id, code) => {
    expect(await annotateLine(value, annotator)).toMatchObject({ id, error: { code, message: expect.any(String) } });
  });
  it('gives the same bytes for the same line, in the contract’s key order', async () => {
    const line = { id: 'a', platform: 'reddit', text: 'Semax improved my focus.', title: 'Semax' };
    const first = JSON.stringify(await annotateLine(line, annotator));
    expect(JSON.stringify(await annotateLine({ ...line }, annotator))).toBe(first);
    expect(Object.keys(JSON.parse(first) as object)).toEqual(
      'id language document_type evidence_tier sentiment study_design first_person_use commercial_interest confidence flags summary claims annotator'.split(
        ' ',
      ),
    );
  });
});
