import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { findPhrases } from '../../../src/annotators/embedded/phrases.ts';
import { tokenize } from '../../../src/annotators/embedded/tokens.ts';
import { CUE_NAMES, parseLexicon, readLexiconTexts } from '../../../src/annotators/embedded/lexicon.ts';

const texts = await readLexiconTexts();
const lexicon = parseLexicon(texts);

describe('lexicons', () => {
  it('hold unique ids and a cue list for every name', () => {
    const effects = (parse(texts.effects) as { effects: { id: string }[] }).effects.map(({ id }) => id);
    expect(new Set(effects).size).toBe(effects.length);
    expect(effects).not.toContain('overall');
    const compounds = lexicon.compounds.map(({ id }) => id);
    expect(new Set(compounds).size).toBe(compounds.length);
    expect(Object.keys(lexicon.cues).sort()).toEqual([...CUE_NAMES].sort());
  });
  it('give each wording to one effect: of two, the second would never be found', () => {
    const owners = new Map<string, Set<string>>();
    for (const { id, names, more, less } of lexicon.effects.values())
      for (const wording of [...names, ...more, ...less]) owners.set(wording, (owners.get(wording) ?? new Set()).add(id));
    expect([...owners].filter(([, ids]) => ids.size > 1).map(([wording, ids]) => `${wording}: ${[...ids].join(', ')}`)).toEqual([]);
  });
  it.each([
    ['kidney damage', 'kidney-function'],
    ['brain injury', 'brain-injury'],
    ['metallic taste', 'taste-and-smell'],
    ['respiratory depression', 'breathing'],
    ['restless legs', 'restless-legs'],
    ['the fog is gone', 'brain-fog'],
    ['range of motion', 'mobility'],
  ])('%j is %s', (words, id) => {
    expect(findPhrases(lexicon.effectIndex, tokenize(words)).map(({ value }) => value.effect.id)).toEqual([id]);
  });
  it.each(['fibroids', 'lipoma', 'paralysis'])('%j is no other illness', (words) => {
    expect(findPhrases(lexicon.effectIndex, tokenize(words))).toEqual([]);
  });
  it('lookalikes point at compounds', () => {
    const ids = new Set(lexicon.compounds.map(({ id }) => id));
    expect(lexicon.lookalikes.filter(({ of }) => !ids.has(of))).toEqual([]);
  });
  it('repeats in expressions are bounded: no unlimited group inside another repeat', () => {
    const sources = [...Object.values(lexicon.cues).map((cue) => cue.source), ...lexicon.overall.map(({ pattern }) => pattern.source)];
    expect(sources.filter((source) => /\)[*+]/.test(source.replaceAll(/\(\?:[\w '|.?\\]{1,120} \)\*/g, '')))).toEqual([]);
  });
  it('hold every compound the topics are about', () => {
    const folder = new URL('../../../topics/', import.meta.url);
    const names = readdirSync(folder)
      .filter((file) => file.endsWith('.yaml'))
      .flatMap((file) => (parse(readFileSync(new URL(file, folder), 'utf8')) as { compounds?: { name: string }[] }).compounds ?? [])
      .map(({ name }) => name.toLowerCase());
    const known = new Set(lexicon.compounds.flatMap((compound) => [compound.name, ...compound.aliases]).map((name) => name.toLowerCase()));
    expect(names.filter((name) => !known.has(name))).toEqual([]);
  });
});
