import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkUrl, isPublicAddress } from '../../../src/fetch/address-guard.ts';
import { createHttpClient } from '../../../src/fetch/client.ts';

const NOT_PUBLIC = [
  '127.0.0.1',
  '10.0.0.1',
  '172.16.5.4',
  '192.168.1.1',
  '169.254.169.254',
  '100.64.0.1',
  '0.0.0.0',
  '198.18.0.1',
  '192.0.2.1',
  '224.0.0.1',
  '255.255.255.255',
  '::1',
  '::',
  '::ffff:127.0.0.1',
  '::ffff:10.0.0.1',
  '::127.0.0.1',
  '64:ff9b::7f00:1',
  '2002:7f00:1::',
  '2001:0::1',
  '2001:db8::1',
  'fc00::1',
  'fe80::1',
  'ff02::1',
  'fec0::1',
  'no address',
];

describe('isPublicAddress', () => {
  it.each(NOT_PUBLIC)('%s is not public', (address) => expect(isPublicAddress(address)).toBe(false));
  it.each(['8.8.8.8', '93.184.215.14', '2001:4860:4860::8888', '::ffff:8.8.8.8'])('%s is public', (address) => expect(isPublicAddress(address)).toBe(true));
});

describe('checkUrl', () => {
  const none = new Set<string>();
  it.each([
    ['ftp://example.org/', 'bad_url'],
    ['file:///etc/passwd', 'bad_url'],
    ['no address', 'bad_url'],
    ['https://user:secret@example.org/', 'bad_url'],
    ['https://example.org:8443/', 'address_blocked'],
    ['http://127.0.0.1/', 'address_blocked'],
    ['http://2130706433/', 'address_blocked'],
    ['http://0x7f.1/', 'address_blocked'],
    ['http://[::ffff:127.0.0.1]/', 'address_blocked'],
    ['http://localhost/', 'address_blocked'],
    ['http://x.localhost./', 'address_blocked'],
  ])('%s is refused with %s', (address, code) => {
    expect(() => checkUrl(address, none)).toThrow(expect.objectContaining({ code }));
  });

  it('never repeats a password in its message', () => {
    expect(() => checkUrl('https://user:secret@example.org/', none)).toThrow(expect.objectContaining({ message: expect.not.stringContaining('secret') }));
  });

  it('takes public hosts, explicit default ports and what the allow-list names', () => {
    expect(checkUrl('https://example.org:443/a', none).href).toBe('https://example.org/a');
    expect(checkUrl('http://127.0.0.1:9999/', new Set(['127.0.0.1:9999'])).port).toBe('9999');
  });
});

describe('the guarded connection', () => {
  let server: http.Server;
  let port: number;
  let hits = 0;
  beforeAll(async () => {
    server = http.createServer((_request, response) => {
      hits += 1;
      response.end('inside');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    port = (server.address() as AddressInfo).port;
  });
  afterAll(() => server.close());

  it.each([[['127.0.0.1']], [['93.184.215.14', '10.0.0.1']], [['::1']], [[]]])('refuses a name that resolves to %j', async (answers) => {
    const client = createHttpClient({ userAgent: 'test/1', resolveHost: async () => answers });
    await expect(client.fetch({ url: 'http://innocent.example/' })).rejects.toMatchObject({ code: 'address_blocked' });
    await client.close();
    expect(hits).toBe(0);
  });

  it('looks a name up once per connection, so a second answer is never used', async () => {
    let lookups = 0;
    const client = createHttpClient({
      userAgent: 'test/1',
      allow: [`rebinding.example:${port}`],
      resolveHost: async () => {
        lookups += 1;
        return lookups === 1 ? ['127.0.0.1'] : ['127.0.0.2'];
      },
    });
    const response = await client.fetch({ url: `http://rebinding.example:${port}/` });
    expect([response.body.toString(), lookups]).toEqual(['inside', 1]);
    await client.close();
  });

  it('tries the next checked address when one does not answer', async () => {
    const client = createHttpClient({ userAgent: 'test/1', allow: [`two.example:${port}`], resolveHost: async () => ['127.0.0.9', '127.0.0.1'] });
    expect((await client.fetch({ url: `http://two.example:${port}/` })).status).toBe(200);
    await client.close();
  });
});
