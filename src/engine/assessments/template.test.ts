import { expect, test } from 'vitest';
import { fill, fillJson, namesIn } from './template.ts';

test('names are filled in once: a value that looks like a name stays a value', () => {
  expect(fill('/a/{{item}}?x={{ run }}', { item: '{{run}}', run: 'r' })).toBe('/a/{{run}}?x=r');
});

test('in a path a value cannot leave its place', () => {
  expect(fill('/items/{{item}}', { item: '../../admin?x=1#y' }, encodeURIComponent)).toBe(
    '/items/..%2F..%2Fadmin%3Fx%3D1%23y',
  );
});

test('JSON is filled in text by text: a value cannot add a field', () => {
  expect(fillJson({ a: ['{{text}}', 1, null, true], b: { c: 'x{{text}}' } }, { text: '","admin":"yes' })).toEqual({
    a: ['","admin":"yes', 1, null, true],
    b: { c: 'x","admin":"yes' },
  });
});

test('what nobody can fill in is not sent', () => {
  expect(namesIn('{{a}} {{secret.key}} {{ b }} {c} {{D}}')).toEqual(['a', 'secret.key', 'b']);
  expect(() => fill('{{a}}', {})).toThrow('nothing to fill in for a');
});
