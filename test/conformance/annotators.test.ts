/** Runs over every annotator of src/annotators/list.ts: the port's promises hold for each. The LLM one is given a model on loopback. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AnnotatorSetup, ANNOTATORS } from '../../src/annotators/list.ts';
import type { CompoundScope } from '../../src/annotators/annotator.ts';
import { annotationSchema } from '../../src/model/annotation.ts';
import type { AnnotateInput } from '../../src/model/post.ts';
import { good } from '../standin/llm.ts';
import { openLlmSetup, type OpenedLlmSetup } from '../standin/llm-setup.ts';

const scope: CompoundScope = { compounds: [{ id: 'semax', name: 'SEMAX (nasal)', aliases: ['Semax'] }], lookalikes: [] };
const inputs: AnnotateInput[] = [
  { id: '1', platform: 'reddit', text: 'I take Semax and my focus improved a lot. Modafinil gave me headaches.' },
  { id: '2', platform: 'reddit', text: '' },
  { id: '3', platform: 'x', text: 'Semax did nothing for me' },
  { id: '4', platform: 'web', text: 'Nothing about it here.' },
  { id: '5', platform: 'pubmed', text: 'Semax reduced anxiety in rats.', record: { pmid: '1', mesh: ['Animals'] } },
  { id: '6', platform: 'reddit', text: 'x'.repeat(150_000) },
];

let llm: OpenedLlmSetup;
const setup = (): AnnotatorSetup => ({ llm: llm.setup });
beforeAll(async () => {
  llm = await openLlmSetup(good);
});
afterAll(() => llm.close());

describe.each(ANNOTATORS)('$kind annotator', ({ load }) => {
  it('names itself by its digest, the same on every load', async () => {
    const [first, second] = [await load(setup()), await load(setup())];
    expect(first.digest).toMatch(/^[0-9a-f]{64}$/);
    expect(first.id).toBe(`${first.kind}-${first.digest.slice(0, 8)}`);
    expect(second.digest).toBe(first.digest);
  });
  it('answers every input once, in order, in the schema, the same twice', async () => {
    const annotator = await load(setup());
    const answers = await annotator.annotate(inputs, scope);
    expect(answers.map(({ id }) => id)).toEqual(inputs.map(({ id }) => id));
    for (const answer of answers) {
      annotationSchema.parse(answer);
      expect(answer.annotator).toBe(annotator.id);
    }
    expect(JSON.stringify(await annotator.annotate(inputs, scope))).toBe(JSON.stringify(answers));
  });
  it('speaks of the scope’s compounds only, in the scope’s spelling, with quotes of the text', async () => {
    const annotator = await load(setup());
    const answers = await annotator.annotate(inputs, scope);
    for (const [index, answer] of answers.entries()) {
      for (const claim of answer.claims) {
        expect(claim.compound).toBe('SEMAX (nasal)');
        expect(inputs[index]?.text.slice(claim.start, claim.end)).toBe(claim.quote);
      }
    }
  });
  it('gives what it cannot read a flag', async () => {
    const answers = await (await load(setup())).annotate(inputs, scope);
    expect(answers[1]?.flags).toContain('unreadable');
    expect(answers[5]?.flags).toContain('unreadable');
  });
  it('takes no input for no answer', async () => {
    expect(await (await load(setup())).annotate([], scope)).toEqual([]);
  });
});
