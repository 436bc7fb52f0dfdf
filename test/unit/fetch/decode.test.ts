import iconv from 'iconv-lite';
import { expect, it } from 'vitest';
import { decodeBody, mediaTypeOf } from '../../../src/fetch/decode.ts';

const TEXT = '<p>naïve – “Zürich”</p>';

it.each([
  ['byte order mark over header', Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(TEXT)]), 'text/html; charset=windows-1251', TEXT, 'utf-8'],
  ['UTF-16 with mark', iconv.encode(TEXT, 'utf-16le', { addBOM: true }), 'text/html', TEXT, 'utf-16le'],
  [
    'header over meta',
    iconv.encode(`<meta charset="utf-8">${TEXT}`, 'windows-1252'),
    'text/html; charset="Windows-1252"',
    `<meta charset="utf-8">${TEXT}`,
    'windows-1252',
  ],
  ['meta', iconv.encode('<meta charset="windows-1251"><p>сон</p>', 'windows-1251'), 'text/html', '<meta charset="windows-1251"><p>сон</p>', 'windows-1251'],
  [
    'http-equiv',
    iconv.encode('<meta http-equiv="Content-Type" content="text/html; charset=shift_jis"><p>睡眠</p>', 'shift_jis'),
    undefined,
    '<meta http-equiv="Content-Type" content="text/html; charset=shift_jis"><p>睡眠</p>',
    'shift_jis',
  ],
  [
    'XML declaration',
    iconv.encode('<?xml version="1.0" encoding="ISO-8859-2"?><a>łóżko</a>', 'iso-8859-2'),
    'text/xml',
    '<?xml version="1.0" encoding="ISO-8859-2"?><a>łóżko</a>',
    'iso-8859-2',
  ],
  ['nothing said, valid UTF-8', Buffer.from(TEXT), 'text/html', TEXT, 'utf-8'],
  ['nothing said, not UTF-8', iconv.encode(TEXT, 'windows-1252'), 'text/html', TEXT, 'windows-1252'],
  ['unknown charset', Buffer.from(TEXT), 'text/html; charset=klingon', TEXT, 'utf-8'],
  ['JSON is UTF-8', Buffer.from('{"a":"é"}'), 'application/feed+json; charset=latin1', '{"a":"é"}', 'utf-8'],
])('%s', (_name, body, contentType, text, encoding) => {
  expect(decodeBody(body, contentType)).toEqual({ text, encoding });
});

it('never fails on malformed bytes', () => {
  expect(decodeBody(Buffer.from([0xff, 0x61, 0x80]), 'text/html; charset=utf-8').text).toBe('\uFFFDa\uFFFD');
  expect(decodeBody(Buffer.alloc(0), undefined).text).toBe('');
});

it('mediaTypeOf', () => expect([mediaTypeOf('Text/HTML; charset=x'), mediaTypeOf(undefined)]).toEqual(['text/html', '']));
