import { expect, it } from 'vitest';
import { readForumTimes } from '../../../src/sources/web/forums/read-forum-times.ts';

it.each([
  ['2021-01-05T15:12:00+0200', '2021-01-05T13:12:00.000Z'],
  ['1294240320', '2011-01-05T15:12:00.000Z'],
  ['Jan 5, 2011 at 3:12 PM', '2011-01-05T15:12:00.000Z'],
  ['January 5th, 2011, 12:05 am', '2011-01-05T00:05:00.000Z'],
  ['by ann » Wed Jan 05, 2011 12:30 pm', '2011-01-05T12:30:00.000Z'],
  ['5 March 2011, 15:12', '2011-03-05T15:12:00.000Z'],
  ['5. Mar 2011', '2011-03-05T00:00:00.000Z'],
  ['2011-03-05, 03:12 PM', '2011-03-05T15:12:00.000Z'],
  ['05.03.2011, 15:12', '2011-03-05T15:12:00.000Z'],
  ['Feb 30, 2011', undefined],
  ['Today, 03:12 PM', undefined],
  ['Yesterday', undefined],
  ['01-05-2008, 03:12 PM', undefined],
  ['Lorem 5, 2011', undefined],
  [undefined, undefined],
])('%s: %s', (text, time) => expect(readForumTimes([text])).toEqual([time]));

it('learns from one date of the page which number of the others is the day, and guesses nothing', () => {
  expect(readForumTimes(['01-05-2008', '01-25-2008'])).toEqual(['2008-01-05T00:00:00.000Z', '2008-01-25T00:00:00.000Z']);
  expect(readForumTimes(['01/05/2008', '25/01/2008'])).toEqual(['2008-05-01T00:00:00.000Z', '2008-01-25T00:00:00.000Z']);
  expect(readForumTimes(['01-05-2008', '01-25-2008', '25-01-2008'])).toEqual([undefined, undefined, undefined]);
});
