import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countsOf, emptyFold, foldHeader, listClaims, listCounted, listSources, stateOf, type Fold } from '../../src/counts/fold.ts';
import { NUMBER_NAMES } from '../../src/counts/list.ts';
import { nameEffect, nameReason } from '../../src/counts/numbers.ts';
import { sumSources } from '../../src/counts/render.ts';
import { checkReview, checkUndo } from '../../src/review/check.ts';
import type { Header } from '../../src/ledger/header.ts';
import { chainArbitrary, lastDecisionOn } from './counts-arbitrary.ts';
import { countNaively } from './counts-naive.ts';
import { inNaiveShape, readNumber } from './counts-shape.ts';
import { must } from '../unit/counts/must.ts';

function foldAll(headers: readonly Header[]): Fold {
  const fold = emptyFold();
  for (const header of headers) foldHeader(fold, header);
  return fold;
}
const count = (headers: readonly Header[]) => countsOf(foldAll(headers));
const sum = (values: Iterable<number>) => [...values].reduce((total, value) => total + value, 0);
const GRADES = ['none', 'preclinical only', 'limited human', 'human'];
const runs = { numRuns: 400 };

describe('counts', () => {
  it('agree with a naive count of the whole chain', () => {
    fc.assert(
      fc.property(chainArbitrary, (headers) => {
        const counts = count(headers);
        expect(inNaiveShape(counts)).toEqual(countNaively(headers));
        const { total, apart: _apart, ...tiers } = counts.claims;
        expect(total).toBe(sum(Object.values(tiers)));
      }),
      runs,
    );
  });

  it('are the same however often one asks on the way', () => {
    fc.assert(
      fc.property(chainArbitrary, fc.integer({ min: 1, max: 7 }), (headers, every) => {
        const fold = emptyFold();
        for (const header of headers) {
          foldHeader(fold, header);
          if (header.seq % every === 0) countsOf(fold);
        }
        expect(countsOf(fold)).toEqual(count(headers));
      }),
      runs,
    );
  });

  it('add up: kinds, tiers, posts, reasons and all sources', () => {
    fc.assert(
      fc.property(chainArbitrary, (headers) => {
        const { sources, claims, posts, threads, experiences, set_aside, ...counts } = count(headers);
        expect(sources.scientific + sources.commercial + sources.reddit + sources.x + sources.other_anecdote + sources.web).toBe(sources.total);
        expect(claims.human + claims.preclinical + claims.anecdotal + claims.mechanistic + claims.speculative).toBe(claims.total);
        expect(posts).toBe(sources.total + sources.pending);
        expect(Math.max(threads, experiences)).toBeLessThanOrEqual(posts);
        expect(sum(Object.values(set_aside.reasons))).toBe(set_aside.withheld + set_aside.erased);
        expect(sumSources({ ...counts, sources, claims, posts, threads, experiences, set_aside })).toBe(headers.filter(({ type }) => type === 'source').length);
      }),
      runs,
    );
  });

  it('can list what every number counts', () => {
    fc.assert(
      fc.property(chainArbitrary, (headers) => {
        const fold = foldAll(headers);
        const counts = countsOf(fold);
        for (const name of NUMBER_NAMES) {
          const listed = listCounted(fold, name);
          expect([name, new Set(listed).size, listed.length]).toEqual([name, readNumber(counts, name), readNumber(counts, name)]);
        }
        for (const row of counts.effects) expect(listCounted(fold, nameEffect(row))).toHaveLength(row.count);
        for (const [reason, many] of Object.entries(counts.set_aside.reasons)) expect(listCounted(fold, nameReason(reason))).toHaveLength(many);
        expect(listSources(fold, { state: ['accepted', 'amended'] })).toHaveLength(counts.sources.total);
        expect(listClaims(fold, { state: 'pending' })).toEqual(listCounted(fold, 'low_confidence.claims'));
        const tiered = listClaims(fold, { kind: 'main', tier: 'human', apart: false, state: ['accepted', 'amended'] });
        expect(tiered).toEqual(listCounted(fold, 'claims.human'));
      }),
      { numRuns: 150 },
    );
  });

  it('never grade higher for any number of sources that are not scientific', () => {
    fc.assert(
      fc.property(chainArbitrary, fc.integer({ min: 1, max: 30 }), fc.constantFrom('reddit', 'x', 'web', 'youtube', 'paste'), (headers, many, platform) => {
        const before = count(headers);
        const template = {
          v: 1,
          topic: 'semax',
          day: '2026-01-02',
          commitment: '0'.repeat(64),
          annotator: 'embedded-a',
          confidence_ppm: 1,
          tier: 'human',
        } as const;
        const more: Header[] = [];
        for (let i = 0; i < many; i += 1) {
          const seq = headers.length + 2 * i;
          const labels = {
            document_type: 'primary_study',
            sentiment: 'positive',
            study_design: 'rct',
            language: 'en',
            first_person: 1,
            commercial: 0,
          } as const;
          more.push({ ...template, ...labels, flags: [], type: 'source', seq, number: 1000 + i, platform, thread: seq, experience: seq });
          more.push({
            ...template,
            flags: [],
            type: 'claim',
            seq: seq + 1,
            source: seq,
            kind: 'main',
            compound: 'semax',
            effect: 'none',
            direction: 'none',
          });
        }
        const after = count([...headers, ...more]);
        expect(after.grade).toEqual(before.grade);
        expect(GRADES.indexOf(after.grade.value)).toBeGreaterThanOrEqual(0);
        expect(after.claims.human).toBe(before.claims.human + many);
      }),
      { numRuns: 150 },
    );
  });

  it('are restored by an undo, whatever the review was', () => {
    fc.assert(
      fc.property(chainArbitrary, fc.nat(), fc.constantFrom('accept', 'reject', 'amend'), (headers, at, decision) => {
        const targets = headers.filter(({ seq }) => stateOf(foldAll(headers), seq) !== undefined);
        const ref = targets[at % Math.max(1, targets.length)]?.seq;
        fc.pre(ref !== undefined);
        const base = { v: 1, topic: 'semax', day: '2026-01-02', reviewer: 'r-2' } as const;
        const draft = {
          ref: must(ref),
          role: 'primary',
          decision,
          expects: must(stateOf(foldAll(headers), must(ref))).lastDecision,
          ...(decision === 'amend' ? { tier: 'human' as const } : {}),
        } as const;
        const review: Header = { ...base, ...draft, seq: headers.length, type: 'review', commitment: '0'.repeat(64) };
        const undo: Header = { ...base, type: 'undo', seq: headers.length + 1, ref: review.seq };
        checkUndo(foldAll([...headers, review]), { ref: review.seq });
        expect(count([...headers, review, undo])).toEqual(count(headers));
      }),
      runs,
    );
  });

  it('do not depend on the order of a set of flags', () => {
    fc.assert(
      fc.property(chainArbitrary, (headers) => {
        const reversed = headers.map((header) => ('flags' in header ? { ...header, flags: header.flags.toReversed() } : header));
        expect(count(reversed)).toEqual(count(headers));
      }),
      runs,
    );
  });

  it('move only by reviews that the check at the door lets through', () => {
    fc.assert(
      fc.property(chainArbitrary, (headers) => {
        const fold = emptyFold();
        for (const header of headers) {
          const passes = header.type === 'review' && isPassed(() => checkReview(fold, header));
          foldHeader(fold, header);
          if (passes) expect(fold.ignored.at(-1)?.seq).not.toBe(header.seq);
          if (header.type === 'review' && passes && header.role === 'primary')
            expect(lastDecisionOn(headers.slice(0, header.seq + 1), header.ref)).toBe(header.seq);
        }
      }),
      runs,
    );
  });
});

function isPassed(check: () => void): boolean {
  try {
    check();
    return true;
  } catch {
    return false;
  }
}
