import { expect, test } from 'vitest';
import { canonical, isIn, isNeverMeant, isPublic } from './addresses.ts';

test.each([
  '1.1.1.1',
  '8.8.8.8',
  '9.255.255.255',
  '11.0.0.0',
  '100.63.255.255',
  '100.128.0.0',
  '126.255.255.255',
  '128.0.0.1',
  '169.253.255.255',
  '172.15.255.255',
  '172.32.0.0',
  '192.167.255.255',
  '192.169.0.0',
  '198.17.255.255',
  '198.20.0.0',
  '223.255.255.255',
  '2606:4700:4700::1111',
  '2a00:1450:4001::200e',
  '240e::1',
  '::ffff:8.8.8.8',
  '64:ff9b::8.8.8.8',
])('%s is public', (address) => {
  expect(isPublic(address)).toBe(true);
});

test.each([
  ['this network', '0.0.0.0', '0.0.0.1', '0.255.255.255'],
  ['private', '10.0.0.0', '10.255.255.255', '172.16.0.1', '172.31.255.255', '192.168.0.1', '192.168.255.255'],
  ['carrier-grade NAT, and a cloud’s metadata in it', '100.64.0.1', '100.127.255.255', '100.100.100.200'],
  ['loopback', '127.0.0.1', '127.0.0.53', '127.255.255.255'],
  ['link-local, and clouds’ metadata', '169.254.169.254', '169.254.170.2', '169.254.0.0', '169.254.255.255'],
  ['a virtual machine’s host', '168.63.129.16'],
  ['for protocols', '192.0.0.1', '192.0.0.170', '192.0.0.192'],
  ['for examples and measurements', '192.0.2.1', '198.51.100.1', '203.0.113.1', '198.18.0.1', '198.19.255.255'],
  ['6to4 relays, AS112, AMT', '192.88.99.1', '192.175.48.1', '192.31.196.1', '192.52.193.1'],
  ['multicast', '224.0.0.1', '239.255.255.255'],
  ['reserved', '240.0.0.1', '255.255.255.254'],
  ['broadcast', '255.255.255.255'],
  ['IPv6 unspecified and loopback', '::', '::1', '0:0:0:0:0:0:0:1', '0000:0000::0001'],
  ['IPv6 link-local', 'fe80::1', 'febf:ffff::1', 'fe80::a9fe:a9fe'],
  ['a zone', 'fe80::1%eth0', '2606:4700:4700::1111%eth0'],
  ['unique local, and a cloud’s metadata in it', 'fc00::1', 'fdff:ffff::1', 'fd00:ec2::254'],
  ['site-local', 'fec0::1', 'feff::1'],
  ['IPv6 multicast', 'ff02::1', 'ff0e::1'],
  ['documentation', '2001:db8::1', '3fff::1'],
  ['mapped', '::ffff:127.0.0.1', '::ffff:7f00:1', '::ffff:10.0.0.1', '::ffff:169.254.169.254', '::ffff:0:0'],
  ['translated', '::ffff:0:127.0.0.1', '::ffff:0:8.8.8.8'],
  ['compatible', '::127.0.0.1', '::7f00:1', '::808:808'],
  ['NAT64', '64:ff9b::127.0.0.1', '64:ff9b::a00:1', '64:ff9b::169.254.169.254', '64:ff9b:1::1', '64:ff9b:1::808:808'],
  ['6to4', '2002:7f00:1::', '2002:a00:1::1', '2002:a9fe:a9fe::1', '2002:808:808::1'],
  ['Teredo', '2001::1', '2001:0:4136:e378:8000:63bf:3fff:fdd2'],
  ['discard, benchmarking, ORCHID, segment routing', '100::1', '2001:2::1', '2001:10::1', '2001:20::1', '5f00::1'],
  ['not given out', '4000::1', '8000::1', 'e000::1', '::2', '1::1'],
  [
    'no address',
    '',
    'localhost',
    '1.2.3',
    '1.2.3.4.5',
    '256.1.1.1',
    '0x7f.0.0.1',
    '2130706433',
    '010.0.0.1',
    '8.8.8.8 ',
  ],
])('%s: not public', (_, ...addresses) => {
  expect(addresses.filter(isPublic)).toEqual([]);
});

test.each([
  ['::FFFF:8.8.8.8', '8.8.8.8'],
  ['2606:4700:4700:0:0:0:0:1111', '2606:4700:4700::1111'],
  ['0x7f.1', null],
  ['017.0.0.1', null],
  ['example.com', null],
])('%s is written %s', (text, written) => {
  expect(canonical(text)).toBe(written);
});

test('networks are matched by family', () => {
  expect(isIn('10.20.3.4', ['10.20.0.0/16'])).toBe(true);
  expect(isIn('::ffff:10.20.3.4', ['10.20.0.0/16'])).toBe(true);
  expect(isIn('10.21.0.0', ['10.20.0.0/16', 'fd00::/8'])).toBe(false);
  expect(isIn('fd12::1', ['10.20.0.0/16', 'fd00::/8'])).toBe(true);
  expect(isIn('not an address', ['0.0.0.0/0'])).toBe(false);
  expect(() => isIn('10.0.0.1', ['10.0.0.0/33'])).toThrow();
});

test('what allowing a host by name never opens', () => {
  expect(['169.254.169.254', 'fe80::1', '224.0.0.1', 'ff02::1', '255.255.255.255'].every(isNeverMeant)).toBe(true);
  expect(['10.0.0.1', '127.0.0.1', 'fd00::1', '8.8.8.8'].some(isNeverMeant)).toBe(false);
});
