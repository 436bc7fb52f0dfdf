import { describe, expect, it } from 'vitest';
import { annotate, effectsOf } from './tools.ts';

describe('effects are outcomes, not words', () => {
  it.each([
    ['Semax really improved my focus and memory.', ['focus improves', 'memory improves']],
    ['Since I started Semax my anxiety is gone.', ['anxiety improves']],
    ['Semax gave me terrible headaches and made me irritable.', ['headache worsens', 'irritability worsens']],
    ['I took Semax for a month and had no side effects.', ['side-effects no_effect']],
    ['Semax did nothing for me.', ['overall no_effect']],
  ])('%s', async (text, effects) => {
    expect(effectsOf(await annotate(text))).toEqual(effects);
  });
  it.each(['Has anyone tried Semax for focus?', 'Hoping Semax may help my memory.', 'I ordered Semax yesterday.'])('no claim in: %s', async (text) => {
    expect(effectsOf(await annotate(text))).toEqual([]);
  });
  it('judges relief as good', async () => {
    const { sentiment } = await annotate('I have been taking Semax for two weeks and the pain is gone. I feel great, no side effects at all.');
    expect(sentiment).toBe('positive');
  });
});

describe('kind and tier are two axes', () => {
  it('a report of own use', async () => {
    expect(await annotate('I have been using Semax for two weeks. My focus is much better and the anxiety is gone.')).toMatchObject({
      document_type: 'first_person_report',
      evidence_tier: 'anecdotal',
      first_person_use: true,
      study_design: 'none',
    });
  });
  it('a question', async () => {
    expect(await annotate('Has anyone tried Semax for ADHD? Where did you buy it?')).toMatchObject({
      document_type: 'question',
      evidence_tier: 'none',
      first_person_use: false,
      claims: [],
    });
  });
  it('a registry entry without results', async () => {
    expect(await annotate('A trial of Semax after stroke.', { platform: 'clinicaltrials', record: { nct: 'NCT00000001', status: 'COMPLETED' } })).toMatchObject(
      {
        document_type: 'registry_record',
        evidence_tier: 'none',
        study_design: 'registry',
        claims: [],
      },
    );
  });
  it('a shop', async () => {
    const shop = await annotate('Semax nasal spray. Use code SAVE15 for 15% off, free shipping.', {
      platform: 'web',
      url: 'https://example.com/shop/products/semax',
    });
    expect(shop).toMatchObject({ document_type: 'promotion', commercial_interest: true, first_person_use: false });
    expect(shop.flags).toContain('commercial');
  });
});

describe('literature by its own metadata', () => {
  const text = 'Semax was given for ten days. Recovery was faster than with placebo.';
  it.each([
    [{ pmid: '1', mesh: ['Animals', 'Rats'], publication_types: ['Journal Article'] }, 'primary_study', 'preclinical', 'animal'],
    [{ pmid: '1', mesh: ['Humans', 'Male'], publication_types: ['Randomized Controlled Trial'] }, 'primary_study', 'human', 'rct'],
    [{ pmid: '1', mesh: ['Humans'], publication_types: ['Systematic Review'] }, 'review_article', 'human', 'systematic_review'],
    [{ pmid: '1', mesh: ['In Vitro Techniques'], publication_types: ['Journal Article'] }, 'primary_study', 'preclinical', 'in_vitro'],
  ])('%j', async (record, document_type, evidence_tier, study_design) => {
    expect(await annotate(text, { platform: 'pubmed', title: 'Semax', record })).toMatchObject({
      document_type,
      evidence_tier,
      study_design,
      first_person_use: false,
    });
  });
  it('without MeSH the text decides, never "human" by default', async () => {
    const rats = await annotate('Semax reduced anxiety in Wistar rats. Rats received it for a week.', {
      platform: 'pubmed',
      title: 'Semax in rats',
      record: { pmid: '2' },
    });
    expect(rats.evidence_tier).toBe('preclinical');
  });
});

describe('whose effect it is', () => {
  it('uses the spelling the caller gives', async () => {
    const annotation = await annotate('BPC-157 healed my elbow, the pain is gone.', { compounds: ['bpc 157'] });
    expect(new Set(annotation.claims.map((claim) => claim.compound))).toEqual(new Set(['bpc 157']));
  });
  it('takes "it" for the compound given, though the text does not name it', async () => {
    const annotation = await annotate('It really improved my focus.', { compounds: ['Semax'] });
    expect(annotation.document_type).not.toBe('off_topic');
    expect(annotation.claims.find((claim) => claim.effect === 'focus')?.compound).toBe('Semax');
  });
  it('keeps another compound’s effect under its own name', async () => {
    const annotation = await annotate('Semax was fine. Modafinil gave me terrible headaches.', { compounds: ['Semax'] });
    expect(annotation.claims.find((claim) => claim.effect === 'headache')?.compound).toBe('Modafinil');
  });
  it('a lookalike alone is off topic, and so is a text about nothing known', async () => {
    for (const text of ['N-Acetyl Semax Amidate really improved my focus.', 'The weather in Paris is nice.']) {
      expect(await annotate(text)).toMatchObject({ document_type: 'off_topic', evidence_tier: 'none', claims: [] });
    }
  });
});

describe('a text that only asks', () => {
  it.each([
    'I get shaky before talks. Semax gets recommended for focus and Selank for nerves, but half the posts mix them up. Has anyone tried both?',
    'My anxiety is terrible before exams. Does Semax help with that?',
    'I have bad insomnia and headaches. What do people think about Semax?',
  ])('is no report of the author’s: %s', async (text) => {
    const annotation = await annotate(text, { compounds: ['Semax'] });
    expect(annotation.document_type).toBe('question');
    expect(annotation.first_person_use).toBe(false);
    expect(annotation.claims.filter((claim) => claim.flags.length === 0)).toEqual([]);
  });
  it('but a report that ends in a question stays one', async () => {
    const annotation = await annotate('I took Semax for two weeks and it gave me terrible headaches. Anyone else?', { compounds: ['Semax'] });
    expect(annotation).toMatchObject({ document_type: 'first_person_report', first_person_use: true });
  });
});

describe('off topic although the caller names a compound', () => {
  it.each([
    ['The city council approved the new bus line after a long evening session on Tuesday.', 'off_topic'],
    ['N-Acetyl Semax Amidate really improved my focus.', 'off_topic'],
    ['It really improved my focus.', 'first_person_report'],
    ['Where did you order yours, and how long did shipping from there to Europe usually need?', 'question'],
    ['Same here.', 'other'],
  ])('%s -> %s', async (text, type) => {
    const { document_type } = await annotate(text, { compounds: ['Semax'] });
    if (type === 'off_topic') expect(document_type).toBe('off_topic');
    else expect(document_type).not.toBe('off_topic');
  });
});

describe('main claim and summary', () => {
  it('one main claim with every tier but none, quoted letter by letter', async () => {
    const text = 'Hello all. I took Semax for a week and my memory improved a lot. Thanks!';
    const annotation = await annotate(text);
    const main = annotation.claims.filter((claim) => claim.kind === 'main');
    expect(main).toHaveLength(1);
    expect(main[0]).toMatchObject({ effect: 'none', direction: 'none', tier: annotation.evidence_tier });
    expect(text.slice(main[0]?.start, main[0]?.end)).toBe(main[0]?.quote);
    expect(main[0]?.quote).toContain('memory');
  });
  it('says what was reported, without doses', async () => {
    const { summary } = await annotate('I took 600 mcg of Semax twice daily. It gave me terrible headaches.');
    expect(summary).toBe('A person reports that with Semax headache got worse or appeared.');
    const unsure = await annotate('I took 600 mcg Semax twice daily and my focus improved a lot.');
    expect(unsure.summary).not.toMatch(/600|daily/);
  });
});

describe('contrasts', () => {
  it('one clause good, one bad', async () => {
    const effects = effectsOf(await annotate('My sleep is awful on Modafinil but my focus is great.'));
    expect(effects).toContain('focus improves');
    expect(effects).toContain('sleep worsens');
  });
  it('something that went away got better', async () => {
    for (const text of ['The pain is gone since I started BPC-157.', 'After a month on BPC-157 no more headaches.']) {
      expect(effectsOf(await annotate(text)).filter((effect) => effect.endsWith('worsens'))).toEqual([]);
    }
    expect((await annotate('The pain is gone since I started BPC-157.')).sentiment).toBe('positive');
  });
  it('other people’s use is not the author’s', async () => {
    expect(await annotate('My wife took Selank and her sleep got much better.')).toMatchObject({
      document_type: 'second_hand_report',
      first_person_use: false,
      evidence_tier: 'anecdotal',
    });
  });
});
