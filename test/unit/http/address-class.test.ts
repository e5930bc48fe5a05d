import { describe, expect, it } from 'vitest';
import { mayLeadTo, toAddressClass, toHostClass, type AddressClass } from '../../../src/http/address-class.ts';

const check = (address: string, expected: AddressClass): void =>
  it(`${address} is ${expected}`, () => expect(toAddressClass(address)).toBe(expected));

describe('the class of an address', () => {
  check('127.0.0.1', 'loopback');
  check('127.255.255.254', 'loopback');
  check('::1', 'loopback');
  check('[::1]', 'loopback');
  check('::ffff:127.0.0.1', 'loopback');
  check('[::ffff:7f00:1]', 'loopback');
  check('10.0.0.1', 'private');
  check('172.16.0.1', 'private');
  check('172.32.0.1', 'public');
  check('192.168.255.255', 'private');
  check('100.64.0.1', 'private');
  check('fd12:3456::1', 'private');
  check('::ffff:10.0.0.1', 'private');
  check('::ffff:a00:1', 'private');
  check('64:ff9b::10.0.0.1', 'private');
  check('64:ff9b:1::a00:1', 'private');
  check('2002:a00:1::', 'private');
  check('169.254.169.254', 'forbidden');
  check('::ffff:169.254.169.254', 'forbidden');
  check('64:ff9b::a9fe:a9fe', 'forbidden');
  check('fe80::1%eth0', 'forbidden');
  check('fd00:ec2::254', 'forbidden');
  check('100.100.100.200', 'forbidden');
  check('168.63.129.16', 'forbidden');
  check('0.0.0.0', 'forbidden');
  check('::', 'forbidden');
  check('224.0.0.1', 'forbidden');
  check('255.255.255.255', 'forbidden');
  check('ff02::1', 'forbidden');
  check('not an address', 'forbidden');
  check('', 'forbidden');
  check('93.184.216.34', 'public');
  check('2606:2800:220:1::1', 'public');
  check('::ffff:93.184.216.34', 'public');
});

describe('the class of a name', () => {
  const url = (text: string): AddressClass | undefined => toHostClass(new URL(text).hostname);
  it.each([
    ['http://localhost:2375', 'loopback'],
    ['http://a.LOCALHOST.', 'loopback'],
    ['http://0x7f.1', 'loopback'],
    ['http://2130706433', 'loopback'],
    ['http://0177.0.0.1', 'loopback'],
    ['http://[::ffff:10.0.0.1]', 'private'],
    ['http://printer.local', 'private'],
    ['http://metadata.google.internal', 'forbidden'],
    ['http://169.254.169.254/latest', 'forbidden'],
    ['http://１６９.254.169.254/', 'forbidden'],
    ['http://0..', 'forbidden'],
    ['http://127.0.0.1..', 'forbidden'],
    ['http://a..example', 'forbidden'],
    ['https://8.8.8.8', 'public'],
    ['https://localhost.example.com', undefined],
    ['https://api.example.com', undefined],
  ])('%s is %s', (text, expected) => expect(url(text)).toBe(expected));
});

describe('who may lead to whom', () => {
  const all: AddressClass[] = ['loopback', 'private', 'public', 'forbidden'];
  it('never nearer to this machine, and never to what is forbidden', () => {
    expect(Object.fromEntries(all.map((from) => [from, all.filter((to) => mayLeadTo(from, to))]))).toEqual({
      loopback: ['loopback', 'private', 'public'],
      private: ['private', 'public'],
      public: ['public'],
      forbidden: [],
    });
  });
});
